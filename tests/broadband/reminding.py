"""Services that stop on a day, for tests of reminders; calls about them; the lists as programs and people see them."""

from contextlib import contextmanager
from typing import Any

from sqlalchemy import update

from app.broadband.models import CallOutcome, Package, Service
from app.broadband.reminders import operations
from app.broadband.reminders.report import reminders_report
from app.broadband.reminders.settings import SUSPEND_AFTER
from app.core.db import in_transaction
from app.extensions import db
from app.shop.operations import change_settings
from app.tables import Asked
from app.tables import rows as tables
from app.tables.asking import asked_of
from tests.broadband.ground import after, running


def stopping(owner: Any, phone: str, left: int, **wanted: Any) -> int:
    """A service that runs, of a new customer, with so many days left: its number."""
    _customer, number = running(owner, phone, **wanted)
    stop(number, left)
    return number


def stop(service_id: int, left: int) -> None:
    """Let it be paid so many days from today, whatever was paid."""
    end = after(left)
    in_transaction(
        lambda: db.session.execute(update(Service).where(Service.id == service_id).values(stop_date=end)) and None
    )


def remind_before(package_id: int, number: int | None) -> None:
    """Give a package days of reminder of its own."""
    said = update(Package).where(Package.id == package_id).values(remind_days_before=number)
    in_transaction(lambda: db.session.execute(said) and None)


def called(service_id: int, owner: Any, outcome: CallOutcome = CallOutcome.REACHED, **said: Any) -> int:
    return in_transaction(lambda: operations.record_call(service_id, outcome, actor=owner, **said).id)


def muted(service_id: int, owner: Any, days: int = 30) -> None:
    in_transaction(lambda: operations.mute(service_id, after(days), actor=owner) and None)


def set_to(owner: Any, **settings: Any) -> None:
    in_transaction(lambda: change_settings(settings, actor=owner))


@contextmanager
def rule(owner: Any, days: int):
    """The rule of forced suspension, switched on for a while."""
    set_to(owner, **{SUSPEND_AFTER: days})
    yield
    set_to(owner, **{SUSPEND_AFTER: None})


def listed(owner: Any, report: Any = reminders_report, **arguments: str) -> list[Any]:
    """The rows of a list for those arguments, as its page asks for them."""
    db.session.rollback()
    with_context = {name: str(value) for name, value in arguments.items()}
    asked, form = asked_of(report, with_context, owner)
    assert asked is not None, form.errors
    found = tables.page(report, asked, limit=500).rows
    db.session.rollback()
    return list(found)


def numbers(owner: Any, *among: int, **arguments: str) -> list[int]:
    """Which of these services are in the work list, in its order."""
    return [row.id for row in listed(owner, **arguments) if row.id in among]


def ask(report: Any, owner: Any, **arguments: str) -> Asked:
    asked, form = asked_of(report, arguments, owner)
    assert asked is not None, form.errors
    return asked
