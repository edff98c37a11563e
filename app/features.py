"""The rooms of the house: those that are always open, and those that a deployment switches on."""

from collections.abc import Sequence

from app.approvals.feature import approvals
from app.audit.feature import audit
from app.backup.feature import backup
from app.broadband.feature import broadband
from app.core.feature import Feature
from app.counter.feature import counter
from app.customers.feature import customers
from app.demo.feature import demo
from app.exports.feature import exports
from app.fields.feature import fields
from app.jobs.feature import jobs
from app.ledger.feature import ledger
from app.notices.feature import notices
from app.receipts.feature import receipts
from app.reports.feature import reports
from app.retention.feature import retention
from app.roles.feature import roles
from app.sealing.feature import sealing
from app.shifts.feature import shifts
from app.shop.feature import shop
from app.staff.feature import staff
from app.tables.feature import tables
from app.ui.api.feature import api
from app.watch.feature import watch
from config import BadSetting

# Order is menu order.
ROOMS: tuple[Feature, ...] = (
    reports,
    counter,
    shifts,
    receipts,
    customers,
    notices,
    watch,
    exports,
    ledger,
    shop,
    staff,
    roles,
    approvals,
    fields,
    audit,
    retention,
    sealing,
    jobs,
    api,
    demo,
    backup,
    tables,
)
SWITCHABLE: tuple[Feature, ...] = (broadband,)


def enabled(names: Sequence[str] | None) -> tuple[Feature, ...]:
    """The rooms to open. names: of switchable rooms; None: all that exist.

    Raises BadSetting with a sentence for a name that nobody knows or a room that needs another one.
    """
    known = {feature.name: feature for feature in SWITCHABLE}
    wanted = tuple(known) if names is None else tuple(names)
    if unknown := set(wanted) - known.keys():
        raise BadSetting(f"ENABLED_FEATURES names no such room: {', '.join(sorted(unknown))}.")
    for name in wanted:
        if missing := known[name].requires - set(wanted):
            raise BadSetting(f"ENABLED_FEATURES: the room {name} needs {', '.join(sorted(missing))}.")
    return ROOMS + tuple(feature for feature in SWITCHABLE if feature.name in wanted)
