"""What the screen shows: one customer, his money, his last movements, and the forms that are open to the clerk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import Row

from app.core import clock, commands
from app.core.actor import Actor
from app.core.permissions import Action
from app.counter.forms import (
    AdjustForm,
    ConsumeForm,
    CreditForm,
    RechargeForm,
    RefundForm,
    StatusForm,
    may_move,
    profile_form,
)
from app.customers import profile, queries
from app.customers.models import Customer
from app.customers.subject import CUSTOMER
from app.fields.inputs import data_of
from app.fields.queries import hidden_of, values_of
from app.fields.shown import Said, said
from app.ledger import queries as ledger
from app.shop.queries import settings
from app.ui.formats import anything, choice, day

ZERO = Decimal(0)
LAST_MOVEMENTS = 10
MILLIONS = Decimal(10_000_000)
RISES = {"recharge": 1, "opening": 1, "adjustment": 1, "consumption": -1, "refund": -1}

# Form, and what one must be allowed to post to see it.
MONEY_FORMS: dict[str, tuple[type[FlaskForm], str]] = {
    "recharge": (RechargeForm, "recharges"),
    "consume": (ConsumeForm, "consumptions"),
    "refund": (RefundForm, "refunds"),
    "adjust": (AdjustForm, "adjustments"),
}


@dataclass
class Screen:
    """The screen of one customer. busy: the name of the form that was sent and came back, if one was.

    is_refused: a rule said no to its amount. is_stale: the customer was changed since it was filled. custom: what
    stands in the owner's own fields, by name.
    """

    customer: Customer
    movements: Sequence[Row[Any]]
    forms: dict[str, FlaskForm]
    busy: str = ""
    problem: str = ""
    question: str = ""
    is_stale: bool = False
    is_refused: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> list[Said]:
        """What stands in the owner's own fields, in words."""
        return said(CUSTOMER, self.custom)

    @property
    def hidden(self) -> frozenset[str]:
        """The stock fields that the owner has hidden."""
        return hidden_of(CUSTOMER)

    @property
    def bonus(self) -> Decimal:
        return self.customer.bonus_wallet.balance if self.customer.bonus_wallet else ZERO

    @property
    def held(self) -> Decimal:
        return sum((wallet.held for wallet in self.customer.wallets), ZERO)

    @property
    def free(self) -> Decimal:
        """What the principal can give without going into credit."""
        return max(self.customer.principal.balance - self.customer.principal.held, ZERO)

    @property
    def bonus_free(self) -> Decimal:
        wallet = self.customer.bonus_wallet
        return max(wallet.balance - wallet.held, ZERO) if wallet else ZERO

    @property
    def gift_from(self) -> Decimal | None:
        return self.rules["bonus_from"]

    @property
    def gift(self) -> Decimal | None:
        """What a recharge from `gift_from` brings on top, by the rule of today."""
        return self.rules["bonus_gift"] if self.gift_from else None

    @property
    def is_long(self) -> bool:
        """Whether a figure is so large that it needs the whole line."""
        return max(abs(self.available), abs(self.customer.principal.balance)) >= MILLIONS

    @property
    def available(self) -> Decimal:
        return sum((w.balance - w.held - w.floor for w in self.customer.wallets), ZERO)

    @property
    def status(self) -> str:
        return "deleted" if self.customer.deleted_at else queries.STATUS_NAMES[self.customer.status]

    @property
    def is_open(self) -> bool:
        return self.status == "active"


def screen_of(customer: Customer, actor: Actor, sent: FlaskForm | None = None, busy: str = "") -> Screen:
    """The screen with fresh forms, but for the one that was sent: that one stays as it was typed."""
    forms = {name: kind(formdata=None) for name, (kind, what) in MONEY_FORMS.items() if actor.may(Action.POST, what)}
    custom = values_of(CUSTOMER, [customer.id])[customer.id]
    if actor.may(Action.EDIT, "customers"):
        data = profile.shown(customer) | {"store": customer.store.code}
        forms["profile"] = profile_form(formdata=None, data=data, custom=custom, moves=may_move(actor))
    if actor.may(Action.EDIT, "wallets"):
        forms["status"] = StatusForm(formdata=None)
        forms["credit"] = CreditForm(formdata=None, data={"credit_limit": customer.credit_limit})
    if sent is not None:
        forms[busy] = sent
    for name, form in forms.items():
        _prepare(name, form, customer)
    movements = ledger.last_of(customer.id, LAST_MOVEMENTS)
    return Screen(customer, movements, forms, busy, rules=settings(("bonus_from", "bonus_gift")), custom=custom)


def _prepare(name: str, form: Any, customer: Customer) -> None:
    """Names of fields must differ on one page, and what was not typed gets its first value."""
    for each in form:
        each.id = f"{name}-{each.name}"
    form.version.data, form.version.raw_data = customer.version, None
    if name in MONEY_FORMS and not form.key.data:
        form.key.data = commands.new_key()
    if hasattr(form, "method") and not form.method.data:
        form.method.data = next(iter(form.method.choices), ("",))[0]
    if hasattr(form, "category"):
        form.category.choices = [(code, choice(code)) for code in ledger.categories()]


def show_present(form: FlaskForm, customer: Customer, custom: Mapping[str, Any]) -> None:
    """Put beside what was typed how the customer is now, where it differs. custom: as in Screen."""
    shown = {**profile.shown(customer), **data_of(dict(custom), CUSTOMER)}
    for each in form:
        present = shown.get(each.name, each.data)
        if each.name != "version" and present != each.data:
            each.present = str(anything(present))


def signed(row: Row[Any]) -> Decimal | None:
    """By how much a movement changed what the customer has; None when it touched no wallet."""
    if row.balance_after is None:
        return None
    if row.kind.value == "reversal":
        return -RISES.get(row.reverses_kind.value, 0) * row.amount
    return RISES.get(row.kind.value, 0) * row.amount


def when(row: Row[Any]) -> str:
    """When a movement was posted: the time when it was today, else the day."""
    local = clock.shop_clock().local(row.posted_at)
    return f"{local:%H:%M}" if row.business_date == clock.today() else day(local.date())
