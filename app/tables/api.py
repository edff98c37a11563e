"""A report for programs: its rows by cursor, and its sums. Made of the declaration; bearer only, as all of the API."""

from typing import Any

from marshmallow import fields

from app.core.db import reading_reports
from app.core.errors import N_, Invalid
from app.core.money import to_text
from app.tables import asking, cursors, rows
from app.tables.cursors import BadPlace
from app.tables.report import COUNT, Asked, Column, Kind, Measure, Report
from app.ui.api import Answer, Api, Query
from app.ui.api.fields import Claim, DayText, InstantText, PhoneText, SignedMoneyText, Text, Whole
from app.ui.api.schemas import DEFAULT_LIMIT, LARGEST_LIMIT
from app.ui.guard import current_actor

FIELDS: dict[Kind, type[fields.Field]] = {
    Kind.MONEY: SignedMoneyText,
    Kind.DAY: DayText,
    Kind.MOMENT: InstantText,
    Kind.PHONE: PhoneText,
    Kind.CLAIM: Claim,
}
LONGEST_CURSOR = 400
LONGEST_TEXT = 2000  # of a cell; notes and reasons are shorter


def report_api(report: Report) -> Api:
    """The calls of a report, for `Feature.apis`: GET /reports/<name>, and GET /reports/<name>/sums."""
    plain, name = report.name.replace("-", "_"), _camel(report.name)
    api = Api(f"report_{plain}")
    parameters = {key: each for one in report.filters for key, each in one.parameters().items()}
    listed: dict[str, Any] = {
        **parameters,
        "order": Text(longest=32),
        "cursor": Text(longest=LONGEST_CURSOR),
        "limit": Whole(least=1, most=LARGEST_LIMIT, load_default=DEFAULT_LIMIT),
    }
    summed: dict[str, Any] = {**parameters, "group": Text(longest=32)}
    item = Answer.from_dict({each.name: _field(each) for each in report.columns}, name=f"{name}Row")
    page = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": Text(required=True, allow_none=True),
        "looked_to": Text(required=True, allow_none=True),
    }

    def list_rows(query: dict[str, Any]) -> dict[str, Any]:
        return _rows(report, query)

    def sum_rows(query: dict[str, Any]) -> dict[str, Any]:
        return _sums(report, query)

    list_rows.__name__, sum_rows.__name__ = f"list_{plain}", f"sum_{plain}"  # what the document calls them
    api.get(
        f"/reports/{report.name}",
        grant=report.grant,
        query=Query.from_dict(listed, name=f"{name}Query"),
        answer=Answer.from_dict(page, name=f"{name}Page"),
        summary=f"Report {report.name}: rows",
    )(list_rows)
    api.get(
        f"/reports/{report.name}/sums",
        grant=report.grant,
        query=Query.from_dict(summed, name=f"{name}SumsQuery"),
        answer=Answer.from_dict(_sums_shape(report), name=f"{name}Sums"),
        summary=f"Report {report.name}: sums over all that is asked for",
    )(sum_rows)
    return api


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _field(column: Column | Measure) -> fields.Field:
    if column.kind is Kind.NUMBER:
        return Whole(allow_none=True, least=-(2**63))
    if column.kind in FIELDS:
        return FIELDS[column.kind](allow_none=True)
    return Text(allow_none=True, longest=LONGEST_TEXT)


def _sums_shape(report: Report) -> dict[str, Any]:
    return {
        COUNT: Whole(required=True, allow_none=True),
        "is_more": Claim(required=True),
        "sums": fields.Dict(required=True, allow_none=True),
        "groups": fields.List(fields.Dict(), required=True, allow_none=True),
    }


@reading_reports()
def _rows(report: Report, query: dict[str, Any]) -> dict[str, Any]:
    cursor, limit = query.pop("cursor"), query.pop("limit")
    asked = _asked(report, query)
    try:
        key = cursors.understood(report, asked, cursor) if cursor else None
    except BadPlace:
        raise Invalid(cursor=N_("This cursor is not from this list.")) from None
    page = rows.page(report, asked, after=key, limit=limit)
    columns = report.columns_of(asked.actor)
    return {
        "items": [{each.name: _value(each, row._mapping[each.name]) for each in columns} for row in page.rows],
        "next": cursors.written(report, asked, page.after),
        "looked_to": None if page.looked_to is None else str(page.looked_to[0]),
    }


@reading_reports()
def _sums(report: Report, query: dict[str, Any]) -> dict[str, Any]:
    asked = _asked(report, query)
    found = rows.sums(report, asked)
    if found is None:
        return {COUNT: None, "is_more": False, "sums": None, "groups": None}
    measures = report.measures_of(asked.actor)
    lines = rows.groups(report, asked) if asked.group and not found.is_more else None
    shaped = [
        {"key": _value(report.group_of(asked), line["key"]), COUNT: line[COUNT]}
        | {each.name: _value(each, line[each.name]) for each in measures}
        for line in lines or ()
    ]
    sums = {each.name: _value(each, found.figures[each.name]) for each in measures} if not found.is_more else None
    return {COUNT: found.count, "is_more": found.is_more, "sums": sums, "groups": shaped if asked.group else None}


def _asked(report: Report, query: dict[str, Any]) -> Asked:
    """What the parameters ask. Raises Invalid for an order or group that the report does not have."""
    order, group = query.pop("order", None), query.pop("group", None)
    if order and order not in {each.name for each in report.orders}:
        raise Invalid(order=N_("There is no such choice."))
    actor = current_actor()
    if group and group not in {each.name for each in report.groups_of(actor)}:
        raise Invalid(group=N_("There is no such choice."))
    return Asked(actor, asking.values_of(report, query, actor), order=order or "", group=group or "")


def _value(column: Any, value: Any) -> Any:
    if value is None:
        return to_text(0) if column.kind is Kind.MONEY and isinstance(column, Measure) else None  # type: ignore[arg-type]
    if isinstance(column, Column) and column.show is not None:  # what is sealed leaves as its mask alone
        return str(column.show(value))
    return to_text(value) if column.kind is Kind.MONEY else value
