"""Work that the house does by itself: what a room declares, and when it is due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused


class Schedule(Protocol):
    """When a job is due again."""

    def after(self, instant: datetime) -> datetime:
        """The first moment later than this instant (both aware) at which the job is due."""


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, so long apart."""

    interval: timedelta

    def after(self, instant: datetime) -> datetime:
        return instant + self.interval


@dataclass(frozen=True, slots=True)
class EachDay:
    """Once each business day, so long after it began."""

    later: timedelta

    def after(self, instant: datetime) -> datetime:
        day = clock.shop_clock().business_date(instant)
        due = clock.start_of(day) + self.later
        return due if due > instant else clock.start_of(day + timedelta(days=1)) + self.later


@dataclass(frozen=True, slots=True)
class EachMonth:
    """Once each month, so long after its first business day began."""

    later: timedelta

    def after(self, instant: datetime) -> datetime:
        first = clock.shop_clock().business_date(instant).replace(day=1)
        due = clock.start_of(first) + self.later
        following = (first + timedelta(days=31)).replace(day=1)
        return due if due > instant else clock.start_of(following) + self.later


def _silent(_done: int, _total: int | None = None) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. actor: in whose name. arguments: as they were enqueued, plain JSON.

    progress: to be called with how much is done, and of how much if that is known.
    """

    actor: Actor
    arguments: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[..., None] = _silent


class WorkFailed(Refused):
    """Why a run came to nothing. A subclass has the sentence, which the page of jobs shows with its figures."""

    is_frozen = False


@dataclass(frozen=True, slots=True)
class Job:
    """Something that can be done in the background. name: stored, "room.verb"; never rename it.

    work: does it, in transactions of its own, and answers with a few plain figures; it may be run again after it
    was killed anywhere. due: when it is done unasked; None: only when it is enqueued. figures: what the figures of
    its answer are called on the page. alarms: whether every page tells the owner that its last run failed.
    """

    name: str
    label: str
    work: Callable[[Run], Mapping[str, Any]]
    due: Schedule | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    alarms: bool = False
