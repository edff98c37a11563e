"""What carries messages out of the house, and what it says when it did not."""

from typing import ClassVar, Protocol

from app.notices.models import DeliveryState, Problem


class Gateway(Protocol):
    """An open channel. It is used by one run of the job at a time, for one message after the other."""

    def send(self, address: str, subject: str, body: str, key: str) -> None:
        """Hand one message over. Returns when the other side has it for certain; raises a kind of NotSent.

        key: the same whenever the same delivery is sent, so that who can tell repetitions apart may do so.
        """

    def close(self) -> None:
        """No more messages. Never raises."""


class NotSent(Exception):
    """It was not sent, or nobody knows. state: what becomes of the delivery. is_away: the others need not be tried."""

    state: ClassVar[DeliveryState]
    is_away: ClassVar[bool] = False

    def __init__(self, problem: Problem, reply: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.reply = problem, reply


class Away(NotSent):
    """The channel does not take any message now. This one has certainly not left."""

    state, is_away = DeliveryState.WAITING, True


class NotNow(NotSent):
    """This message was refused, and may be taken later."""

    state = DeliveryState.WAITING


class Rejected(NotSent):
    """This message was refused for good."""

    state = DeliveryState.FAILED


class Doubtful(NotSent):
    """It may have been taken or not."""

    state = DeliveryState.UNKNOWN
