"""Asking reports of broadband in tests: by what filters mean, not by how they are typed."""

from app.extensions import db
from app.tables import Asked, rows
from app.tables.filters import Span


def asked(report, actor, first, last=None, **values):
    db.session.rollback()
    return Asked(actor, {"period": Span(first, last or first), **values})


def found(report, actor, first, last=None, **values):
    return rows.page(report, asked(report, actor, first, last, **values), limit=10_000).rows
