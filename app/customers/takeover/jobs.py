"""The long steps of a take-over as jobs, and what is removed at night.

A run that was killed anywhere is begun again: a check from the first row on, and the applying is one transaction.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import N_, NotFound
from app.core.jobs import EachDay, Job, Run, enqueue
from app.customers.models import CustomerImport, ImportState
from app.customers.takeover import flow, kept, operations, queries
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.layout import Layout
from app.extensions import db


def ask_check(import_id: int, layout: Layout, *, actor: Actor) -> None:
    """Have the rows checked soon. Raises NotReady."""

    def begin() -> None:
        operations.start_staging(import_id, layout.as_json(), actor=actor)
        enqueue(queries.check_job(layout.kind.name), {"import_id": import_id}, actor=actor)

    in_transaction(begin)


def ask_apply(kind: ListKind, import_id: int, *, actor: Actor) -> None:
    """Have the list applied soon. Raises RowsRefused or NotReady."""

    def begin() -> None:
        operations.start_applying(import_id, actor=actor)
        enqueue(queries.apply_job(kind.name), {"import_id": import_id}, actor=actor)

    in_transaction(begin)


def _check(kind: ListKind, run: Run) -> Mapping[str, Any]:
    found = _found(run)
    if found is None or found.state is not ImportState.STAGING:
        return {}  # an earlier run has ended it, or it was given up meanwhile
    total, layout, path = found.rows_total, Layout.kept(found.layout, kind), kept.path_of(found.upload or "gone")
    in_transaction(lambda: operations.restart_staging(found.id, actor=run.actor))
    flow.check_rows(
        found.id, path, layout, actor=run.actor, tell=lambda done: run.progress(done, total), is_tried_again=True
    )
    return _figures(run)


def _apply(kind: ListKind, run: Run) -> Mapping[str, Any]:
    found = _found(run)
    if found is not None and found.state is ImportState.APPLIED:
        flow.forget_rows(found.id, actor=run.actor)  # an earlier run was killed before it had tidied up
    elif found is not None and found.state is ImportState.APPLYING:
        total = found.rows_staged
        flow.apply_rows(
            kind, found.id, total, actor=run.actor, tell=lambda done: run.progress(done, total), is_tried_again=True
        )
    return _figures(run)


def _found(run: Run) -> CustomerImport | None:
    """The import as it is now, apart from any transaction; None when it was discarded."""
    try:
        found = queries.find(run.arguments["import_id"], actor=run.actor)
    except NotFound:
        return None
    db.session.refresh(found)
    db.session.expunge(found)
    db.session.rollback()
    return found


def _figures(run: Run) -> dict[str, int]:
    found = _found(run)
    if found is None:
        return {}
    return {"rows": found.rows_staged, "refused": found.rows_refused, "applied": found.rows_applied}


def _forget(run: Run) -> Mapping[str, int]:
    """Remove the lists that nobody went on with, and uploads that belong to none."""
    count = flow.forget_abandoned(actor=run.actor)
    return {"removed": count + kept.drop_old(queries.ABANDONED, but=queries.uploads())}


def jobs_of(kind: ListKind, applied: str) -> tuple[Job, ...]:
    """The jobs that lists of a kind need. applied: what is made of rows, for the figures."""
    figures = {"rows": N_("Rows"), "refused": N_("Refused rows"), "applied": applied}
    check, apply = kind.job_labels
    return (
        Job(queries.check_job(kind.name), check, partial(_check, kind), figures=figures),
        Job(queries.apply_job(kind.name), apply, partial(_apply, kind), figures=figures),
    )


FORGET = Job(
    "customers.forget-imports",
    N_("Remove customer lists that were given up"),
    _forget,
    due=EachDay(timedelta(hours=4, minutes=20)),
    figures={"removed": N_("Removed")},
)
