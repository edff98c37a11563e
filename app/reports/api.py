"""The totals, for programs."""

from typing import Any

from app.core.db import reading_reports
from app.core.permissions import Action, Grant
from app.ledger import totals
from app.ledger.totals import By
from app.reports import queries
from app.reports.queries import Asked, Group
from app.reports.schemas import PeriodAnswer, PeriodQuery, TotalsAnswer
from app.ui.api import Api
from app.ui.guard import current_actor

totals_api = Api("totals")


@totals_api.get(
    "/totals",
    grant=Grant(Action.VIEW, "totals"),
    answer=TotalsAnswer,
    summary="Everything since the first day, and what is owed to customers now",
)
@reading_reports()
def get_totals() -> dict[str, Any]:
    found = totals.all_time()
    balances = {"principal": found.principal, "bonus": found.bonus, "held": found.held}
    return {"as_of": found.as_of, **found.figures.as_json(), "balances": balances}


@totals_api.get(
    "/totals/period",
    grant=Grant(Action.VIEW, "postings"),
    query=PeriodQuery,
    answer=PeriodAnswer,
    summary="What was done in some days; an ordinary administrator gets today in his stores",
)
@reading_reports()
def get_period_totals(query: dict[str, Any]) -> dict[str, Any]:
    by = query.pop("group_by")
    report = queries.report(Asked(**query), by, actor=current_actor())
    period = report.period
    return {
        "from": period.first,
        "to": period.last,
        "clamped": period.is_clamped,
        **report.figures.as_json(),
        "groups": [_group(group, by) for group in report.groups],
    }


def _group(group: Group, by: By) -> dict[str, Any]:
    told = {"key": group.key, **group.figures.as_json()}
    if by is By.KIND:  # there are kinds that have no part of their own in the figures
        line = group.figures.of(group.key)
        told |= {"count": line.count, "gross": line.gross, "reversed": line.reversed, "net": line.net}
    return told
