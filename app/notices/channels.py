"""The channels that lead out of the house: an adapter each. In the app nothing has to be sent."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from app.core.mail import mail_server, plain_address, sender
from app.customers.models import Customer
from app.notices.gateways import Gateway
from app.notices.mail import MailGateway
from app.notices.models import Channel


@dataclass(frozen=True)
class Adapter:
    """One channel. is_on: whether this deployment has it. address_of: where it finds a customer, if it does.

    open: makes its gateway; nothing is connected before the first message.
    """

    channel: Channel
    is_on: Callable[[], bool]
    address_of: Callable[[Customer], str | None]
    open: Callable[[], Gateway]


def _has_mail() -> bool:
    return bool(current_app.config["MAIL_URL"])


def _mail() -> Gateway:
    return MailGateway(mail_server(current_app.config["MAIL_URL"]), sender(current_app.config["MAIL_FROM"]))


ADAPTERS = (Adapter(Channel.EMAIL, _has_mail, lambda customer: plain_address(customer.email), _mail),)


def adapters() -> list[Adapter]:
    """The channels that this deployment has set up."""
    return [each for each in ADAPTERS if each.is_on()]


def channels_to(customer: Customer) -> list[Channel]:
    """On which channels that lead out of the house he can be reached."""
    return [each.channel for each in adapters() if each.address_of(customer)]
