"""Something that may be said to customers in any house, and saying it: for the tests of other rooms."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.core import rooms
from app.core.db import in_transaction
from app.core.feature import Feature
from app.core.notices import NoticeKind
from app.customers.operations import change_customer
from app.extensions import db
from app.notices.channels import adapters
from app.notices.models import DeliveryState, Notice, NoticeDelivery, Problem
from app.notices.operations import give
from app.notices.outbox import claim, settle

SAID = NoticeKind("test.said", "Notice", "%(line)s", "%(line)s")


def declare(app: Flask, mail: str = "") -> None:
    """Let this house say it from now on. mail: of a server, when it is to be mailed as well."""
    room = Feature("said", __name__, notices=(SAID,))
    app.extensions[rooms.KEY] = (*app.extensions[rooms.KEY], room)
    app.config.update(MAIL_URL=mail, MAIL_FROM="1@2.test" if mail else "")


def say(customer_id: int, line: str, actor: Any) -> list[int]:
    """Say it once for its line. The numbers of the deliveries."""
    key = f"test.said:{customer_id}:{line}"
    assert in_transaction(lambda: give(customer_id, SAID, key=key, values={"line": line}, actor=actor))
    ask = select(NoticeDelivery.id).join(Notice).where(Notice.key == key)
    return list(db.session.scalars(ask.order_by(NoticeDelivery.id)))


def tell_by_mail(app: Flask, customer_id: int, lines: Sequence[str], actor: Any) -> None:
    """Tell a customer several things by mail too: one was refused, one broke off, the others wait."""
    declare(app, "smtp://127.0.0.1:1")
    in_transaction(lambda: change_customer(customer_id, {"email": "1@2.test"}, actor=actor) and None)
    for line in lines:
        say(customer_id, line, actor)
    _end_as(DeliveryState.FAILED, Problem.REJECTED)
    _end_as(DeliveryState.UNKNOWN, Problem.BROKEN_OFF)


def _end_as(state: DeliveryState, problem: Problem) -> None:
    """Let the next one that is due be claimed, and end so."""
    claimed = claim(adapters()[0])
    assert claimed is not None
    in_transaction(lambda: settle(claimed, state, problem))
