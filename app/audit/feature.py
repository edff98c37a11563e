"""The plug of the operation records."""

from app.audit.api import audit_api
from app.audit.exports import record_export
from app.audit.operations import erase_customer_records
from app.audit.views import OperationRecordsView
from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.tables.exporting import set_recorder

_VIEW = Grant(Action.VIEW, "operation-records")
CATEGORY = N_("Administration")

set_recorder(record_export)

audit = Feature(
    name="audit",
    package=__package__ or "app.audit",
    pages=(
        Page(
            OperationRecordsView,
            "operation-records",
            label=N_("Operation records"),
            category=CATEGORY,
            icon="fa-clock-rotate-left",
            shows=_VIEW,
        ),
    ),
    apis=(audit_api,),
    grants={SUPER_ADMIN: frozenset({_VIEW, Grant(Action.EXPORT, "operation-records")})},
    erasers=(erase_customer_records,),
)
