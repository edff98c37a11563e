"""Times, and how they are told: a line for each figure, and whether it meets its goal."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]  # seconds


@dataclass
class Rate:
    """So many in so many seconds. seconds_each: how long each took, worked: by processors, where that is known."""

    count: int
    seconds: float
    seconds_each: Sequence[float] = ()
    worked: float = 0

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds that processors worked for one."""
        return self.worked / self.count * 1000

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of them did not exceed."""
        ordered = sorted(self.seconds_each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    def __str__(self) -> str:
        told = f"{self.per_second:,.0f} a second"
        if self.worked:
            told += f", {self.cost:.2f} ms of processor time each"
        if not self.seconds_each:
            return told
        return f"{told}, p50 {self.percentile(0.5):.1f} ms, p99 {self.percentile(0.99):.1f} ms"


def joined(rates: Sequence[Rate]) -> Rate:
    """Rates of the same thing, measured one after the other, as one."""
    each = [seconds for rate in rates for seconds in rate.seconds_each]
    worked = sum(rate.worked for rate in rates)
    return Rate(sum(rate.count for rate in rates), sum(rate.seconds for rate in rates), each, worked)


def milliseconds(work: Callable[[], object], times: int = 7, clock: Clock = time.perf_counter) -> float:
    """How long it takes: the median of several runs, the first one not counted."""
    work()
    return statistics.median(_once(work, clock) for _ in range(times))


def _once(work: Callable[[], object], clock: Clock) -> float:
    began = clock()
    work()
    return (clock() - began) * 1000


def side_by_side(
    one: Callable[[], object], other: Callable[[], object], times: int = 9, clock: Clock = time.perf_counter
) -> tuple[float, float]:
    """The milliseconds of two things, run in turns so that both see the same machine: their medians."""
    one()
    other()
    pairs = [(_once(one, clock), _once(other, clock)) for _ in range(times)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def share(what: str, ours: Rate, theirs: Rate, least: float) -> None:
    """Judge how much of a rate another one is, in percent; and by what each costs, which a busy machine bends less."""
    judge(what, ours.per_second / theirs.per_second * 100, least=least, unit=" %")
    if ours.worked and theirs.worked:
        judge(f"{what}, by processor time", theirs.cost / ours.cost * 100, least=least, unit=" %")


def title(text: str) -> None:
    """Say what is measured now, and how busy the machine is."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n## {text}\n   {os.cpu_count()} cores, load {load}", flush=True)


def tell(what: str, figure: object) -> None:
    print(f"   {what}: {figure}", flush=True)


def judge(what: str, ratio: float, *, least: float | None = None, most: float | None = None, unit: str = "") -> bool:
    """Say a ratio and whether it meets its goal."""
    met = (least is None or ratio >= least) and (most is None or ratio <= most)
    goal = f"at least {least:g}{unit}" if least is not None else f"at most {most:g}{unit}"
    print(f"   {'met   ' if met else 'MISSED'} {what}: {ratio:.2f}{unit} ({goal})", flush=True)
    return met
