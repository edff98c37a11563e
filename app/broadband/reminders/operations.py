"""The verbs of reminders: a call is written down, reminders are muted, and heard again."""

from datetime import date, timedelta
from typing import Any

from app.audit.operations import record
from app.broadband.models import Call, CallOutcome, Service
from app.broadband.models.subscriptions import ANNOUNCED
from app.broadband.operations.filing import locked
from app.broadband.reminders import queries
from app.broadband.reminders.due import note_due
from app.broadband.reminders.refusals import NothingToRemindOf
from app.broadband.states import OPEN, require
from app.broadband.subjects import SERVICE
from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import N_, Invalid, Stale
from app.extensions import db

FARTHEST = timedelta(days=366)
LONGEST_REMARK = 500


def record_call(
    service_id: int,
    outcome: CallOutcome,
    *,
    actor: Actor,
    promised_on: date | None = None,
    remark: str | None = None,
    after: int | None = None,
) -> Call:
    """Write down what came of a call about the present stop date of a service.

    promised_on: needed for a promise, and for nothing else; from today to a year ahead. after: the last call that the
    caller saw (0: none), None takes any. Raises NotFound, Stale when somebody has called meanwhile, ServiceClosed,
    WrongState, NothingToRemindOf, Invalid.
    """
    service = locked(service_id, actor=actor)
    require(service, *ANNOUNCED)
    if after is not None and after != queries.last_call_id(service_id):
        raise Stale
    if service.stop_date is None:
        raise NothingToRemindOf
    _check_promise(outcome, promised_on)
    call = Call(
        service_id=service_id,
        customer_id=service.customer_id,
        stop_date=service.stop_date,
        outcome=outcome,
        promised_on=promised_on,
        remark=_cleaned(remark),
        called_on=days.today(),
        made_at=clock.now(),
        operator_kind=actor.kind,
        operator_id=actor.id,
        operator_name=actor.name,
    )
    db.session.add(call)
    db.session.flush()
    note_due(service)
    changes: dict[str, Any] = {"outcome": (None, outcome), "stop_date": (None, call.stop_date)}
    changes |= {"promised_on": (None, promised_on)} if promised_on else {}
    record("broadband.call", SERVICE, service_id, actor=actor, changes=changes, store_id=service.store_id)
    return call


def mute(service_id: int, until: date, *, actor: Actor, version: int | None = None) -> Service:
    """Remind nobody of a service before that day: it is left out of the work list, of notices and of the rule.

    until: from tomorrow to a year ahead. Raises NotFound, Stale, ServiceClosed, Invalid.
    """
    service, today = locked(service_id, actor=actor, version=version), days.today()
    require(service, *OPEN)
    if not today < until <= today + FARTHEST:
        raise Invalid(until=N_("Use a day from tomorrow to a year ahead."))
    return _muted(service, until, "broadband.mute", actor)


def unmute(service_id: int, *, actor: Actor, version: int | None = None) -> Service:
    """Remind of a service again. Raises NotFound, Stale, ServiceClosed."""
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    return _muted(service, None, "broadband.unmute", actor)


def _muted(service: Service, until: date | None, operation: str, actor: Actor) -> Service:
    changes = {"muted_until": (service.muted_until, until)}
    service.muted_until = until
    service.version += 1
    db.session.flush()
    record(operation, SERVICE, service.id, actor=actor, changes=changes, store_id=service.store_id)
    return service


def _check_promise(outcome: CallOutcome, promised_on: date | None) -> None:
    is_promise, today = outcome is CallOutcome.PROMISED, days.today()
    if is_promise != (promised_on is not None):
        raise Invalid(
            promised_on=N_("Say until when he will pay.") if is_promise else N_("This day belongs to a promise alone.")
        )
    if promised_on is not None and not today <= promised_on <= today + FARTHEST:
        raise Invalid(promised_on=N_("Use a day from today to a year ahead."))


def _cleaned(remark: str | None) -> str | None:
    text = (remark or "").strip()
    if len(text) > LONGEST_REMARK:
        raise Invalid(remark=N_("This is too long."))
    return text or None
