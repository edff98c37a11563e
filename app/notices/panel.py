"""What a customer was told lately, on his page, as he reads it."""

from flask import render_template

from app.core.permissions import Action
from app.notices import queries
from app.notices.words import PILLS, called
from app.notices.writing import language_of, write
from app.ui.guard import current_actor
from app.ui.languages import TAGS

SHOWN = 5


def panel(customer_id: int) -> str:
    """A part of a page; empty for who may not see notices, and for a customer who was never told anything."""
    actor = current_actor()
    if not actor.may(Action.VIEW, "notices"):
        return ""
    told = queries.told_to(customer_id, limit=SHOWN, actor=actor)
    if not told:
        return ""
    language = language_of(told[0].notice.customer)
    return render_template(
        "notices/panel.html",
        told=[(each, write(each.notice.kind, each.notice.values, language)) for each in told],
        customer_id=customer_id,
        lang=TAGS[language],
        called=called,
        pills=PILLS,
    )
