"""What every page tells the owner: a job that must not fail has failed."""

from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.jobs.ended import failed_last
from app.core.permissions import Action
from app.ui.guard import signed_in

alarms = Blueprint("alarms", __name__)


def failed_jobs() -> list[str]:
    """The labels of the jobs to be told of. Nothing for who may not look at jobs, and one statement for who may."""
    actor = signed_in()
    if actor is None or not actor.may(Action.VIEW, "jobs"):
        return []
    jobs = current_app.extensions["jobs"]
    watched = [name for name, job in jobs.items() if job.alarms]
    try:
        return [jobs[name].label for name in failed_last(watched)]
    except SQLAlchemyError:
        return []  # the page may be the one that says that the database is away


@alarms.app_context_processor
def _alarms() -> dict[str, object]:
    return {"failed_jobs": failed_jobs}
