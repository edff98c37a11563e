"""What a payment comes to, which days it pays for, and which wait. Thinks only; nothing is changed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.broadband.models import Service, ServiceStatus
from app.broadband.periods import Period, frozen_days, next_period
from app.broadband.settings import CONTINUES, LEAST, MOST
from app.core import days, money
from app.core.errors import N_, Invalid
from app.shop.queries import setting

ZERO = Decimal(0)
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid. None means as it was agreed.

    package_months: how many months are paid; package_fee: for all of them. months_paid: of maintenance.
    """

    package_months: int | None = None
    package_fee: Decimal | None = None
    maintenance_fee: Decimal | None = None
    months_paid: int | None = None
    other_charge_item: str | None = None
    other_charge_amount: Decimal = ZERO
    discount_amount: Decimal = ZERO
    late_fee: Decimal = ZERO
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A bill with all its figures, and the days that it pays for."""

    package_fee: Decimal
    package_months: int
    maintenance_fee: Decimal
    months_paid: int
    maintenance_total: Decimal
    total: Decimal
    period: Period


class Rule(NamedTuple):
    """From which day a payment counts. continues: from the stop date, also when it lies in the past."""

    today: date
    continues: bool


def rule_now() -> Rule:
    """The present day, and what the owner has set."""
    return Rule(days.today(), setting(CONTINUES))


class Waiting(NamedTuple):
    """How many days a suspension must last to count, and how many of it count at most."""

    least: int
    most: int


def waiting_now() -> Waiting:
    """What the owner has set."""
    return Waiting(setting(LEAST), setting(MOST))


def stop_date_on(service: Service, day: date, waiting: Waiting) -> date | None:
    """The stop date if the service were switched on that day, with the days that wait for its customer."""
    if service.status is not ServiceStatus.SUSPENDED or service.suspended_on is None or service.stop_date is None:
        return service.stop_date
    waited = frozen_days(service.suspended_on, day, service.stop_date, **waiting._asdict())
    return service.stop_date + timedelta(days=waited)


def reckon(bill: Bill, service: Service, rule: Rule | None = None) -> Reckoned:
    """What it comes to, today if no rule is given. Changes nothing. Raises Invalid for figures that make no sense."""
    months = service.package_months if bill.package_months is None else bill.package_months
    _require_months(months)
    fee = _agreed_fee(service, months) if bill.package_fee is None else bill.package_fee
    monthly = service.maintenance_fee if bill.maintenance_fee is None else bill.maintenance_fee
    maintained = months if bill.months_paid is None else bill.months_paid
    _require_sense(bill, fee, monthly, maintained)
    maintenance = monthly * maintained
    total = fee + maintenance + bill.other_charge_amount + bill.late_fee - bill.discount_amount
    if total < 0:
        raise Invalid(discount_amount=N_("The discount is more than there is to pay."))
    given = (rule or rule_now())._asdict()
    found = next_period(months, stop_date=service.stop_date, anchor=service.anchor_day, **given)
    return Reckoned(fee, months, monthly, maintained, maintenance, total, found)


def payment_columns(document_id: int, service: Service, bill: Bill, reckoned: Reckoned) -> dict[str, Any]:
    """What a payment consists of, by column."""
    charges = ("other_charge_item", "other_charge_amount", "discount_amount", "late_fee")
    sums = ("package_fee", "package_months", "maintenance_fee", "months_paid", "maintenance_total", "total")
    return {
        "document_id": document_id,
        "package_id": service.package_id,
        "package_type": service.package_type,
        **{name: getattr(bill, name) for name in charges},
        **{name: getattr(reckoned, name) for name in sums},
        "package_start": reckoned.period.start,
        "package_end": reckoned.period.end,
    }


def require_fee(amount: Decimal) -> None:
    """Raises Invalid for what nobody can be asked to pay."""
    if amount < 0:
        raise Invalid(fee=N_("The amount must not be below zero."))
    if amount > money.LARGEST:
        raise Invalid(fee=N_("The amount is too large."))


def _agreed_fee(service: Service, months: int) -> Decimal:
    """The agreed price for so many months, whole terms of the package. Raises Invalid for a part of a term."""
    terms, rest = divmod(months, service.package_months)
    if rest:
        raise Invalid(package_fee=N_("Say what these months cost: they are no whole number of the package's terms."))
    return service.fee * terms


def _require_months(months: int) -> None:
    if not 1 <= months <= MOST_MONTHS:
        raise Invalid(package_months=N_("From 1 to 120 months."))


def _require_sense(bill: Bill, fee: Decimal, monthly: Decimal, maintained: int) -> None:
    amounts = {
        "package_fee": fee,
        "maintenance_fee": monthly,
        "other_charge_amount": bill.other_charge_amount,
        "discount_amount": bill.discount_amount,
        "late_fee": bill.late_fee,
    }
    wrong = {name: N_("The amount must not be below zero.") for name, amount in amounts.items() if amount < 0}
    if not 0 <= maintained <= MOST_MONTHS:
        wrong["months_paid"] = N_("From 0 to 120 months.")
    if bill.other_charge_amount and not bill.other_charge_item:
        wrong["other_charge_item"] = N_("Say what this charge is for.")
    if wrong:
        raise Invalid(**wrong)
