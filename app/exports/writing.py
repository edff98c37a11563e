"""The two jobs: writing a long export, and removing the old ones."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from werkzeug.exceptions import BadRequest

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, Job, Run
from app.exports import files
from app.exports.operations import forget_what_was_asked
from app.exports.queries import is_as_mighty
from app.exports.refusals import NotAllowedAnyMore, NotMeantAnyMore
from app.extensions import db
from app.staff.rights import actor_now
from app.tables import later
from app.tables.exporting import Format


def write(run: Run) -> Mapping[str, Any]:
    """Ask again in the name, the reach and the language of the asker; a run after a killed one begins anew."""
    asked = run.arguments
    _require_allowed(run.actor, asked["export"])
    export, path = later.find(asked["export"]), files.path_of(asked["file"], asked["format"])
    assert export is not None  # noqa: S101 - the asker may have it
    try:
        with force_locale(asked["language"]):
            rows = files.write_whole(
                path,
                lambda draft: export.write(asked["asked"], run.actor, draft, Format(asked["format"]), run.progress),
            )
    except BadRequest:
        raise NotMeantAnyMore from None
    return {"rows": rows, "bytes": path.stat().st_size}


def _require_allowed(asker: Actor, name: str) -> None:
    """Raise NotAllowedAnyMore unless the one who asked may still do all that he might then."""
    actor = actor_now(asker.staff_id) if asker.staff_id is not None else None
    db.session.rollback()
    if actor is None or not is_as_mighty(actor, asker, name):
        raise NotAllowedAnyMore


def forget(run: Run) -> Mapping[str, int]:
    """Remove the files of a week ago, and what was looked for then."""
    count = files.forget_old()
    in_transaction(lambda: forget_what_was_asked(clock.real_now() - files.KEPT, actor=run.actor))
    return {"removed": count}


JOBS = (
    Job(later.JOB, N_("Write a long export"), write, figures={"rows": N_("Rows"), "bytes": N_("Bytes")}),
    Job(
        "exports.forget",
        N_("Remove old exports"),
        forget,
        due=EachDay(timedelta(hours=4, minutes=10)),
        figures={"removed": N_("Removed")},
    ),
)
