"""The job that empties old notices: what they say is kept no longer than the account details that they tell of."""

from collections.abc import Mapping
from datetime import timedelta

from app.core import clock
from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, Job, Run
from app.notices.operations import forget_texts
from app.shop.keeping import KEEP_POSTINGS, cut_off

AT_ONCE = 500


def forget(run: Run) -> Mapping[str, int]:
    """Nothing when account details are kept for ever."""
    first_kept, count = cut_off(KEEP_POSTINGS), 0
    if first_kept is None:
        return {"forgotten": 0}
    before = clock.start_of(first_kept)
    while found := in_transaction(lambda: forget_texts(before, most=AT_ONCE, actor=run.actor)):
        count += found
        run.progress(count)
    return {"forgotten": count}


FORGET = Job(
    "notices.forget",
    N_("Empty old notices"),
    forget,
    due=EachDay(timedelta(hours=4, minutes=20)),
    figures={"forgotten": N_("Emptied")},
)
