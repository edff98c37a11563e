"""Stores, payment methods, settings and help pages."""

from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import JsonText, Model


class Method(StrEnum):
    """How a customer pays or is paid back. Sale and refund of money only; a wallet is not a method."""

    CASH = "cash"
    BANK_CARD = "bank-card"
    ALIPAY = "alipay"
    WECHAT = "wechat"
    BANK_TRANSFER = "bank-transfer"
    VOUCHER = "voucher"
    OTHER = "other"

    @property
    def words(self) -> str | None:
        """Its name where that is not the code with a capital letter."""
        return "WeChat" if self is Method.WECHAT else None


class Store(Model):
    """A place where money is taken. Its code stands in programs and exports; it is never changed."""

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    is_open: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name


class PaymentMethod(Model):
    """Whether a method is taken at the counter now."""

    __tablename__ = "payment_method"

    code: Mapped[Method] = mapped_column(primary_key=True)
    position: Mapped[int]
    is_on: Mapped[bool] = mapped_column(default=True)


class Setting(Model):
    """A value that staff have changed; one that is not here has its declared default."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[object] = mapped_column(JsonText)


class HelpText(Model):
    """The instructions and precautions of the shop, in one language."""

    __tablename__ = "help_text"

    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
