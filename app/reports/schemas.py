"""The shapes of the totals, and of what may be asked of them, on the page as by programs."""

from marshmallow import fields

from app.ledger.totals import By
from app.shop.models import Method
from app.ui.api import Answer, Query
from app.ui.api.fields import Choice, Claim, DayText, InstantText, Part, SignedMoneyText, StoreCode, Text, Whole

LONGEST_NAME = 64


class PeriodQuery(Query):
    """Both days are whole unless an hour is named. from_hour: the first hour of the first day that counts; to_hour:
    the last one of the last day, whole."""

    from_ = DayText(data_key="from", attribute="first")
    to = DayText(attribute="last")
    from_hour = Whole(most=23)
    to_hour = Whole(most=23)
    store = StoreCode()
    operator = Text(longest=LONGEST_NAME)
    method = Choice(Method)
    group_by = Choice(By)
    ordered = (("first", "last"),)


class GrossAnswer(Answer):
    count = Whole(required=True)
    gross = SignedMoneyText(required=True)
    reversed = SignedMoneyText(required=True)
    net = SignedMoneyText(required=True)


class RechargesAnswer(GrossAnswer):
    bonus = SignedMoneyText(required=True)


class AmountAnswer(Answer):
    count = Whole(required=True)
    amount = SignedMoneyText(required=True)


class BalancesAnswer(Answer):
    principal = SignedMoneyText(required=True)
    bonus = SignedMoneyText(required=True)
    held = SignedMoneyText(required=True)


class FiguresAnswer(Answer):
    recharge = Part(RechargesAnswer, required=True)
    consumption = Part(GrossAnswer, required=True)
    sale = Part(GrossAnswer, required=True)
    refund = Part(AmountAnswer, required=True)
    adjustment = Part(AmountAnswer, required=True)


class TotalsAnswer(FiguresAnswer):
    as_of = InstantText(required=True)
    balances = Part(BalancesAnswer, required=True)


class GroupAnswer(FiguresAnswer):
    """key: a day, the code of a store, a user name (null: not done by staff), a method, a kind, a category, an hour.
    count, gross, reversed, net: when told apart by kind."""

    key = fields.Raw(required=True, allow_none=True)
    count = Whole()
    gross = SignedMoneyText()
    reversed = SignedMoneyText()
    net = SignedMoneyText()


class PeriodAnswer(FiguresAnswer):
    first_day = DayText(data_key="from", required=True)
    last_day = DayText(data_key="to", required=True)
    clamped = Claim(required=True)
    groups = fields.List(Part(GroupAnswer), required=True)
