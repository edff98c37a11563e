"""How runs are shown: their states, their figures, and how long they took."""

from typing import Any

from flask_babel import gettext

from app.core.errors import N_
from app.core.jobs import Job
from app.core.jobs.models import JobRun, RunState
from app.ui.formats import listed, number, pair

STATES = {
    RunState.QUEUED: (N_("Waiting"), "info"),
    RunState.RUNNING: (N_("Running"), "info"),
    RunState.DONE: (N_("Done"), "good"),
    RunState.FAILED: (N_("Failed"), "bad"),
}
NOTHING = N_("Nothing to do")
# Operations, objects and fields of records, as app.audit makes messages of their names.
RECORDED = (
    N_("Run"),
    N_("Failed"),
    N_("Forget runs"),
    N_("Job run"),
    N_("Job"),
    N_("Runs"),
    N_("Code"),
)


def result_in_words(job: Job | None, run: JobRun) -> str:
    """What came of a run, in one line."""
    if run.error:
        sentence = run.error["sentence"]
        return gettext(sentence) % run.error["figures"]
    if run.state is not RunState.DONE:
        return ""
    names = job.figures if job else {}
    figures = {key: value for key, value in (run.result or {}).items() if value not in (0, [])}
    told = [pair(_name(names, key), _figure(value)) for key, value in figures.items()]
    return listed(told) or gettext(NOTHING)


def _name(names: Any, key: str) -> str:
    return gettext(names[key]) if key in names else key.replace("_", " ").capitalize()


def _figure(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, list):
        return listed(value) if len(value) < 4 else f"{value[0]} … {value[-1]} ({number(len(value))})"
    return str(value)


def percent(run: JobRun) -> int | None:
    """How much of a run is done, of a hundred; None when nobody knows."""
    return min(100, 100 * (run.done or 0) // run.total) if run.total else None


def lasted(run: JobRun) -> str:
    """How long a run took."""
    if run.started_at is None or run.ended_at is None:
        return ""
    seconds = max(0, int((run.ended_at - run.started_at).total_seconds()))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
