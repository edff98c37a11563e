"""Reading a report: pages by key, sums over all that is looked for, and every row of an export.

All of it reads what the report's source allows. Filters that no index serves are *scanning*: one request looks at
no more than keyset.MOST_LOOKED_AT rows, says how far it came, and the next one goes on there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from app.extensions import db
from app.tables.bare import bare
from app.tables.filters import Filter, Span
from app.tables.report import COUNT, Asked, Kind, Measure, Report
from app.ui import keyset
from app.ui.keyset import Order, Page

MOST_ADDED_UP = 20_000  # rows, by one request that was not told to add up everything
MOST_GROUPS = 400
BATCH = 2_000  # rows, read at once by an export


@dataclass(frozen=True)
class Sums:
    """Figures over all that is looked for. count: of rows, with `is_more` at least so many, and then no figures."""

    count: int
    figures: Mapping[str, Any]
    is_more: bool = False


def select_of(report: Report, asked: Asked, *, scanning: bool = True) -> Select[Any]:
    """All rows that are wanted. scanning: False leaves out the conditions that no index serves."""
    if report.name not in asked.sources:  # made once: to know somebody's reach may ask the database
        asked.sources[report.name] = report.source(asked)
    found, served = asked.sources[report.name], _served(report, asked)
    for each in report.all_filters():
        if each.name in asked.values and (scanning or each in served):
            condition = each.condition(asked.values[each.name])
            if condition is not None:
                found = found.where(condition)
    return found


def _served(report: Report, asked: Asked) -> list[Filter]:
    """The given filters that indexes serve together: those that leave few rows; or one, with the days beside it."""
    given = [each for each in report.all_filters() if each.name in asked.values]
    narrow = [each for each in given if each.is_narrow]
    indexed = [each for each in given if each.is_indexed and not each.is_beside]
    return [*(each for each in given if each.is_beside and each.is_indexed), *(narrow or indexed[:1])]


def is_scanning(report: Report, asked: Asked) -> bool:
    served = _served(report, asked)
    given = [each for each in report.all_filters() if each.name in asked.values and each.where is not None]
    return any(each not in served for each in given)


def page(report: Report, asked: Asked, *, after: Sequence[Any] | None = None, limit: int) -> Page:
    """The rows after that key, at most `limit` of them."""
    order = report.order_of(asked)
    going_on = asked if after is None else _going_on(report, asked, order, after)
    looked = select_of(report, going_on, scanning=False) if is_scanning(report, asked) else None
    return keyset.page(select_of(report, going_on), order, after=after, limit=limit, looked=looked)


def _going_on(report: Report, asked: Asked, order: Order, after: Sequence[Any]) -> Asked:
    """The same without the end of days that the place implies: of two bounds PostgreSQL may begin at the farther."""
    values = dict(asked.values)
    for each in report.all_filters():
        span = values.get(each.name)
        if each.is_beside and each.where is order.key[0] and span and order.is_descending and span.high is not None:
            rest = span._replace(high=None if after[0] <= span.high else span.high)
            values[each.name] = rest if rest != Span() else None
    return replace(asked, values={name: value for name, value in values.items() if value is not None})


def sums(report: Report, asked: Asked, *, everything: bool = False) -> Sums | None:
    """Count and figures; None for those who may not see them. everything: however many rows that are."""
    if not report.shows_totals_to(asked.actor):
        return None
    most = keyset.MOST_LOOKED_AT if is_scanning(report, asked) else MOST_ADDED_UP
    if not everything and is_more_than(most, report, asked):
        return Sums(most, {}, is_more=True)
    measures = report.measures_of(asked.actor)
    wanted = select_of(report, asked)
    inner = (wanted if measures else bare(wanted, report.order_of(asked).key[-1])).subquery()
    row = db.session.execute(
        select(func.count(), *(func.sum(inner.c[each.name]) for each in measures)).select_from(inner)
    ).one()
    return Sums(row[0], {each.name: _figure(each, value) for each, value in zip(measures, row[1:], strict=True)})


def _figure(measure: Measure, value: Any) -> Any:
    """A sum as it is told. PostgreSQL adds whole numbers up to one that may have decimals."""
    is_whole = measure.kind is Kind.NUMBER and value is not None and value == int(value)
    return int(value) if is_whole else value


def is_more_than(most: int, report: Report, asked: Asked) -> bool:
    """Whether more rows than that are wanted, or must be looked at to find those that are."""
    key = report.order_of(asked).key[-1]
    some = bare(select_of(report, asked, scanning=False), key).limit(most + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > most


def groups(report: Report, asked: Asked, *, everything: bool = False) -> list[dict[str, Any]] | None:
    """What the chosen group sums up to, one dict per line with `key`, the count and the measures.

    Days and moments newest first, others by their key. None for those who may not see sums, or when it would be
    too many rows. At most MOST_GROUPS lines.
    """
    group = report.group_of(asked)
    if group is None or not report.shows_totals_to(asked.actor):
        return None
    most = keyset.MOST_LOOKED_AT if is_scanning(report, asked) else MOST_ADDED_UP
    if not everything and is_more_than(most, report, asked):
        return None
    inner = select_of(report, asked).subquery()
    by = inner.c[group.by]
    measures = report.measures_of(asked.actor)
    figures = [func.sum(inner.c[each.name]).label(each.name) for each in measures]
    ask = select(by.label("key"), func.count().label(COUNT), *figures).group_by(by)
    lines = [dict(row._mapping) for row in db.session.execute(ask.order_by(by.desc()).limit(MOST_GROUPS))]
    return [line | {each.name: _figure(each, line[each.name]) for each in measures} for line in lines]


def count(report: Report, asked: Asked, connection: Connection, most: int | None = None) -> int:
    """How many rows are wanted, counted up to `most`."""
    key = report.order_of(asked).key[-1]
    wanted = bare(select_of(report, asked), key)
    some = (wanted if most is None else wanted.limit(most)).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def every_row(report: Report, asked: Asked, connection: Connection) -> Iterator[Row[Any]]:
    """All rows in their order, a batch at a time, on a cursor of the database's own."""
    return _read(select_of(report, asked).order_by(*report.order_of(asked).sorted()), connection)


def _read(found: Select[Any], connection: Connection) -> Iterator[Row[Any]]:
    with connection.execution_options(stream_results=True, yield_per=BATCH).execute(found) as result:
        yield from result
