"""Backups that are made and tried out without anybody asking."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app

from app.backup.making import create, folder, new_name
from app.backup.operations import BY_SOMEBODY, CREATE, note_creation
from app.backup.refusals import BackupRefused
from app.backup.replacing import drill
from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, EachMonth, Job, Run, WorkFailed

NAMED = "nightly"
DRILL = "backup.drill"


class NoBackup(WorkFailed):
    code = "backup-failed"
    sentence = N_("No backup could be made: %(reason)s")


class DrillFailed(WorkFailed):
    code = "backup-drill-failed"
    sentence = N_("The backup %(file)s could not be restored: %(reason)s")


def _create(run: Run) -> Mapping[str, Any]:
    """Make one, then remove the nightly ones that are too many; those that somebody made are his."""
    is_his = run.arguments == BY_SOMEBODY
    try:
        path = new_name("backup" if is_his else NAMED)
        made = create(path, tell=run.progress)
        removed = _remove_old(current_app.config["BACKUPS_KEPT"])
    except (BackupRefused, OSError) as failure:
        raise NoBackup(reason=str(failure)) from None
    if is_his:
        in_transaction(lambda: note_creation(path.name, made.rows, actor=run.actor))
    return {"file": path.name, "rows": made.rows, "bytes": path.stat().st_size, "removed": removed}


def _remove_old(kept: int) -> int:
    """Their names hold the moment, so the order of names is that of time."""
    too_many = sorted(folder().glob(f"{NAMED}-*.zip"))[:-kept]
    for path in too_many:
        path.unlink(missing_ok=True)
    return len(too_many)


def _drill(run: Run) -> Mapping[str, Any]:
    """Restore the newest nightly backup to a scratch place and prove it there; one is made when there is none."""
    if not (found := sorted(folder().glob(f"{NAMED}-*.zip"))):
        _create(run)
        found = sorted(folder().glob(f"{NAMED}-*.zip"))
    path = found[-1]
    try:
        built = drill(path)
    except (BackupRefused, OSError) as failure:
        raise DrillFailed(file=path.name, reason=str(failure)) from None
    return {"file": path.name, "tables": built.tables, "rows": built.rows}


_FIGURES = {
    "file": N_("File"),
    "rows": N_("Rows"),
    "bytes": N_("Bytes"),
    "tables": N_("Tables"),
    "removed": N_("Old ones removed"),
}
JOBS = (
    Job(
        CREATE,
        N_("Make a backup"),
        _create,
        due=EachDay(timedelta(hours=2)),
        figures=_FIGURES,
        alarms=True,
    ),
    Job(
        DRILL,
        N_("Try to restore a backup"),
        _drill,
        due=EachMonth(timedelta(hours=5)),
        figures=_FIGURES,
        alarms=True,
    ),
)
