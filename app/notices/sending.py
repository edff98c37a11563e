"""The job that sends what is due."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta

from app.core import clock
from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import Every, Job, Run
from app.notices import outbox
from app.notices.channels import Adapter, adapters
from app.notices.gateways import Gateway, NotSent, Rejected
from app.notices.models import DeliveryState, Problem
from app.notices.outbox import Claim
from app.notices.quiet import is_quiet
from app.notices.writing import write


def send_due(run: Run) -> Mapping[str, int]:
    """Send what is due on every channel, until nothing is, the channel is away, or the quiet hours begin."""
    became = Counter({state.value: 0 for state in TOLD})
    became[DeliveryState.UNKNOWN.value] += in_transaction(outbox.give_up_silent)
    for adapter in adapters():
        _send_by(adapter, became, run)
    return became


def _send_by(adapter: Adapter, became: Counter[str], run: Run) -> None:
    with closing(adapter.open()) as gateway:
        while not is_quiet(clock.now()) and (claimed := outbox.claim(adapter)):
            problem = _attempt(gateway, claimed)
            became[in_transaction(lambda done=(claimed, problem): _settle(*done)).value] += 1  # type: ignore[misc]
            run.progress(became.total())
            if problem is not None and problem.is_away:
                return


def _attempt(gateway: Gateway, claimed: Claim) -> NotSent | None:
    """Send it, outside of any transaction. None: it was sent for certain."""
    try:
        text = write(claimed.kind, claimed.values, claimed.language)
        if text is None:
            return Rejected(Problem.NO_TEXT)
        gateway.send(claimed.address, text.subject, text.body, key=f"notice-{claimed.id}")
    except NotSent as problem:
        return problem
    return None


def _settle(claimed: Claim, problem: NotSent | None) -> DeliveryState:
    if problem is None:
        return outbox.settle(claimed, DeliveryState.SENT)
    return outbox.settle(claimed, problem.state, problem.problem, problem.reply)


TOLD = {
    DeliveryState.SENT: N_("Sent"),
    DeliveryState.WAITING: N_("Put off"),
    DeliveryState.FAILED: N_("Failed"),
    DeliveryState.UNKNOWN: N_("Unknown"),
}
SEND_DUE = Job(
    "notices.send",
    N_("Send notices to customers"),
    send_due,
    due=Every(timedelta(minutes=1)),
    figures={state.value: called for state, called in TOLD.items()},
)
