"""The shapes of customers and postings, as programs send and get them."""

from marshmallow import fields

from app.customers.models import CustomerType, Gender, Language
from app.customers.profile import LENGTHS, SEALED
from app.customers.queries import STATUSES
from app.ledger.models import Kind, WalletStatus
from app.shop.models import Method
from app.ui.api import Answer, Body, ListQuery, Patch, Query
from app.ui.api.cursors import CursorText
from app.ui.api.fields import (
    Choice,
    Claim,
    DayText,
    IdNumber,
    InstantText,
    MoneyText,
    NonZeroMoneyText,
    Part,
    PhoneText,
    SealedText,
    SignedMoneyText,
    StoreCode,
    Text,
    Whole,
)
from app.ui.api.schemas import DEFAULT_LIMIT, LARGEST_LIMIT

NOTE = 500


class StatusName(Text):
    """`active`, `frozen` or `closed`; loads to the status of the wallets."""

    default_error_messages = Choice.default_error_messages
    openapi = {"type": "string", "enum": list(STATUSES)}

    def read(self, text: str) -> WalletStatus:
        if text not in STATUSES:
            raise self.make_error("choice", choices=", ".join(STATUSES))
        return STATUSES[text]


def _profile(*, is_new: bool) -> dict[str, fields.Field]:
    texts: dict[str, fields.Field] = {
        name: (SealedText if name in SEALED else Text)(longest=length, allow_none=True)
        for name, length in LENGTHS.items()
        if name != "name"
    }
    return {
        "phone": PhoneText(required=is_new),
        "name": Text(longest=LENGTHS["name"], required=is_new),
        "type": Choice(CustomerType, allow_none=is_new),
        "gender": Choice(Gender, allow_none=True),
        "birthday": DayText(allow_none=True),
        "language": Choice(Language, allow_none=True),
        **texts,
    }


NewCustomer = Body.from_dict({**_profile(is_new=True), "store": StoreCode(allow_none=True)}, name="NewCustomer")
CustomerPatch = Patch.from_dict({**_profile(is_new=False), "status": StatusName()}, name="CustomerPatch")


class CustomerQuery(ListQuery):
    phone = PhoneText()
    name = Text(longest=120)
    store = StoreCode()
    status = StatusName()
    balance_min = SignedMoneyText()
    balance_max = SignedMoneyText()
    created_from = DayText()
    created_to = DayText()
    ordered = (("balance_min", "balance_max"), ("created_from", "created_to"))


class DeleteQuery(Query):
    reason = Text(longest=NOTE, required=True)


class NewRecharge(Body):
    amount = MoneyText(required=True)
    method = Choice(Method, required=True)
    store = StoreCode()
    note = Text(longest=NOTE)


class NewConsumption(Body):
    amount = MoneyText(required=True)
    category = Text(longest=32)
    store = StoreCode()
    location = Text(longest=120)
    note = Text(longest=NOTE)


class NewRefund(Body):
    amount = MoneyText(required=True)
    method = Choice(Method, required=True)
    reason = Text(longest=NOTE, required=True)
    store = StoreCode()


class NewAdjustment(Body):
    amount = NonZeroMoneyText(required=True)
    reason = Text(longest=NOTE, required=True)
    store = StoreCode()


class NewReversal(Body):
    reason = Text(longest=NOTE, required=True)
    force = Claim()


class PostingQuery(ListQuery):
    customer = IdNumber()
    phone = PhoneText()
    kind = Choice(Kind)
    method = Choice(Method)
    store = StoreCode()
    operator = Text(longest=128)
    amount_min = SignedMoneyText()
    amount_max = SignedMoneyText()
    first_day = DayText(data_key="from")
    last_day = DayText(data_key="to")
    receipt = Text(longest=32)
    ordered = (("first_day", "last_day"), ("amount_min", "amount_max"))


class StatementQuery(Query):
    first_day = DayText(data_key="from")
    last_day = DayText(data_key="to")
    cursor = CursorText()
    limit = Whole(least=1, most=LARGEST_LIMIT, load_default=DEFAULT_LIMIT)
    ordered = (("first_day", "last_day"),)


class CustomerAnswer(Answer):
    id = IdNumber(required=True)
    customer_no = Text(required=True)
    phone = PhoneText(required=True, allow_none=True)
    name = Text(required=True)
    type = Choice(CustomerType, required=True)
    status = StatusName(required=True)
    store = StoreCode(required=True)
    balance = SignedMoneyText(required=True)
    bonus = SignedMoneyText(required=True)
    held = SignedMoneyText(required=True)
    available = SignedMoneyText(required=True)
    created_at = InstantText(required=True)
    gender = Choice(Gender, allow_none=True)
    birthday = DayText(allow_none=True)
    language = Choice(Language, allow_none=True)
    landline = Text(longest=LENGTHS["landline"], allow_none=True)
    contact_phone = Text(longest=LENGTHS["contact_phone"], allow_none=True)
    email = Text(longest=LENGTHS["email"], allow_none=True)
    address = Text(longest=LENGTHS["address"], allow_none=True)
    id_number = Text(longest=LENGTHS["id_number"], allow_none=True)
    note = Text(longest=LENGTHS["note"], allow_none=True)


class PostingAnswer(Answer):
    id = IdNumber(required=True)
    kind = Choice(Kind, required=True)
    amount = SignedMoneyText(required=True)
    business_date = DayText(required=True)
    posted_at = InstantText(required=True)
    customer_id = IdNumber(required=True, allow_none=True)
    phone = PhoneText(required=True, allow_none=True)
    store = StoreCode(required=True)
    operator = Text(required=True, allow_none=True)
    method = Choice(Method, required=True, allow_none=True)
    category = Text(required=True, allow_none=True)
    location = Text(required=True, allow_none=True)
    receipt_no = Text(required=True)
    balance_after = SignedMoneyText(required=True, allow_none=True)
    bonus_after = SignedMoneyText(required=True, allow_none=True)
    reverses = IdNumber(required=True, allow_none=True)
    reversed_by = IdNumber(required=True, allow_none=True)
    note = Text(longest=NOTE, required=True, allow_none=True)


class PostedAnswer(Answer):
    posting = Part(PostingAnswer, required=True)
    balance = SignedMoneyText(required=True, allow_none=True)
    bonus = SignedMoneyText(required=True, allow_none=True)
    held = SignedMoneyText(required=True, allow_none=True)
    available = SignedMoneyText(required=True, allow_none=True)


class MovementAnswer(PostingAnswer):
    change = SignedMoneyText(required=True)
    bonus_change = SignedMoneyText(required=True)


class StatementAnswer(Answer):
    first_day = DayText(data_key="from", required=True)
    last_day = DayText(data_key="to", required=True)
    opening = SignedMoneyText(required=True)
    opening_bonus = SignedMoneyText(required=True)
    movements = fields.List(Part(MovementAnswer), required=True)
    closing = SignedMoneyText(required=True)
    closing_bonus = SignedMoneyText(required=True)
    next = CursorText(required=True, allow_none=True)
