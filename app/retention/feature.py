"""The plug of retention."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.jobs import EachDay, Job, Run
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.retention.commands import retention_group
from app.retention.run import retain
from app.retention.views import ArchivesView

_VIEW = Grant(Action.VIEW, "archives")


def _work(run: Run) -> Mapping[str, Any]:
    """Each night: a month leaves in the first one that finds it older than the limit."""
    report = retain(actor=run.actor, progress=run.progress)
    return {"months": len(report.months), "erased": report.erased, "proof_holds": report.holds, **report.gone}


retention = Feature(
    name="retention",
    package=__package__ or "app.retention",
    pages=(
        Page(
            ArchivesView,
            "archives",
            label=N_("Archives"),
            category=N_("Administration"),
            icon="fa-box-archive",
            shows=_VIEW,
            href="/archives",
        ),
    ),
    grants={SUPER_ADMIN: frozenset({_VIEW})},
    commands=(retention_group,),
    jobs=(Job("retention.run", N_("Old months leave for archives"), _work, EachDay(timedelta(hours=3))),),
)
