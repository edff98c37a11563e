"""The record of an export: who took which rows away, in which form."""

from typing import Any

from app.audit.operations import record
from app.core.actor import Actor
from app.core.sealed import HIDDEN
from app.tables.exporting import Format
from app.tables.report import Asked, Report


def record_export(report: Report, asked: Asked, format: Format) -> None:
    """Write down that a report is being exported, and what was looked for; what tells of a person stands apart."""
    sealed = {each.name for each in report.filters if each.is_sealed}
    told = {name: (None, HIDDEN if name in sealed else value) for name, value in asked.arguments.items()}
    secret = {name for each in report.filters if each.is_personal for name in each.inputs(asked.actor)}
    record(
        "tables.export",
        "report",
        None,
        actor=asked.actor,
        changes={"report": (None, report.name), "format": (None, str(format))}
        | {name: pair for name, pair in told.items() if name not in secret},
        personal={name: pair for name, pair in told.items() if name in secret},
    )


def record_taken(filters: Any, format: Format, actor: Actor) -> None:
    """Write down that operation records are being taken away, and which."""
    told = {kind.column_name: (None, ", ".join(values)) for kind, values in filters.get_filters_values()}
    record("audit.export", "operation-record", None, actor=actor, changes={"format": (None, str(format)), **told})
