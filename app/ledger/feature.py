"""The plug of the ledger: who may move money, in which way."""

from app.core.feature import Feature
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.ledger.commands import ledger_group
from app.ledger.nightly import JOBS

_COUNTER = frozenset(
    {
        Grant(Action.VIEW, "postings"),
        Grant(Action.POST, "recharges"),
        Grant(Action.POST, "consumptions"),
        Grant(Action.POST, "refunds"),
        Grant(Action.POST, "sales"),
        Grant(Action.REVERSE, "reversals"),
    }
)
_OWNER = frozenset(
    {
        Grant(Action.POST, "adjustments"),
        Grant(Action.VIEW, "old-postings"),
        Grant(Action.REVERSE, "old-postings"),
        Grant(Action.POST, "debts"),
        Grant(Action.EDIT, "wallets"),
    }
)

ledger = Feature(
    name="ledger",
    package=__package__ or "app.ledger",
    grants={
        SUPER_ADMIN: _OWNER,
        ORDINARY_ADMIN: _COUNTER,
        "cashier": _COUNTER,
        "service-desk": _COUNTER - {Grant(Action.POST, "recharges")},
        "finance": frozenset({Grant(Action.VIEW, "postings"), Grant(Action.VIEW, "old-postings")}),
    },
    commands=(ledger_group,),
    jobs=JOBS,
)
