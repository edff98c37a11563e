"""The long exports of somebody, and whether he may still have them."""

from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.jobs.models import JobRun
from app.core.jobs.queue import actor_of
from app.core.permissions import Action
from app.exports.files import KEPT
from app.extensions import db
from app.tables.later import JOB, find

LARGEST_ID = 2**63 - 1


def own(actor: Actor) -> list[JobRun]:
    """What he asked for in the last days, newest first."""
    asked = select(JobRun).where(JobRun.name == JOB, JobRun.enqueued_at > clock.real_now() - KEPT)
    runs = db.session.scalars(asked.order_by(JobRun.id.desc()).execution_options(populate_existing=True))
    return [run for run in runs if _is_of(run, actor)]


def find_own(run_id: int, actor: Actor) -> JobRun:
    """One of them. Raises NotFound, also for one of somebody else and for one that is too old."""
    found = db.session.get(JobRun, run_id, populate_existing=True) if run_id <= LARGEST_ID else None
    if found is None or found.name != JOB or not _is_of(found, actor):
        raise NotFound
    if found.enqueued_at <= clock.real_now() - KEPT:
        raise NotFound
    return found


def _is_of(run: JobRun, actor: Actor) -> bool:
    return (run.actor["kind"], run.actor["id"]) == (actor.kind, actor.id)


def may_have(run: JobRun, actor: Actor) -> bool:
    """Whether he may still see all that he might when he asked: the columns, the stores, and the day."""
    asker = actor_of(run.actor)
    day = clock.shop_clock().business_date(run.enqueued_at)
    return is_as_mighty(actor, asker, str(run.arguments["export"])) and (
        actor.may(Action.VIEW, "old-postings") or day == clock.today()
    )


def is_as_mighty(actor: Actor, asker: Actor, name: str) -> bool:
    """Whether he has every right and every store that he had when he asked for this export."""
    export = find(name)
    sees = actor.stores is None or (asker.stores is not None and asker.stores <= actor.stores)
    return export is not None and actor.may(*export.grant) and asker.grants <= actor.grants and sees
