"""`make run` the second time: from the command until /readyz answers."""

import statistics

from bench.ground import Ground
from bench.measure import judge, tell, title
from bench.serving import alone

TIMES = 3


def run(ground: Ground) -> None:
    title("The second start until /readyz answers")
    times = []
    for _ in range(TIMES):
        with alone(ground.sqlite) as served:
            times.append(served.seconds)
    tell("each", ", ".join(f"{each:.2f} s" for each in times))
    judge("the second start", statistics.median(times), most=3, unit=" s")
