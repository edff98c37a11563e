"""The plug of the jobs' room."""

from collections.abc import Mapping
from datetime import timedelta

from app.core.db import in_transaction
from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.jobs import EachDay, Job, Run
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.jobs import waking  # noqa: F401 - listens for commits that leave a run behind
from app.jobs.alarms import alarms
from app.jobs.commands import jobs_group
from app.jobs.operations import forget_runs
from app.jobs.views import JobsView

_VIEW = Grant(Action.VIEW, "jobs")


def _forget(run: Run) -> Mapping[str, int]:
    count = 0
    while found := in_transaction(lambda: forget_runs(actor=run.actor)):
        count += found
    return {"forgotten": count}


jobs = Feature(
    name="jobs",
    package=__package__,
    pages=(Page(JobsView, "jobs", label=N_("Jobs"), category=N_("Administration"), icon="fa-gears", shows=_VIEW),),
    apis=(alarms,),
    grants={SUPER_ADMIN: frozenset({_VIEW, Grant(Action.POST, "jobs")})},
    commands=(jobs_group,),
    jobs=(
        Job(
            "jobs.forget-runs",
            N_("Forget old runs of jobs"),
            _forget,
            due=EachDay(timedelta(hours=4)),
            figures={"forgotten": N_("Forgotten")},
        ),
    ),
)
