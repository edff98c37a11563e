"""Operation records for programs of the owner."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from app.audit.models import OperationRecord
from app.audit.queries import Wanted, is_erased, operation_records, store_codes, told
from app.core.permissions import Action, Grant
from app.ui.api import Answer, Api, ListQuery, page_of, page_schema
from app.ui.api.fields import Claim, DayText, IdNumber, InstantText, StoreCode, Text

audit_api = Api("audit")


class RecordQuery(ListQuery):
    """operation: how it begins, such as `customers.`; object_type and object_id name what was changed."""

    from_ = DayText(data_key="from", attribute="since")
    to = DayText(attribute="until")
    operator = Text(longest=128)
    operation = Text(longest=64)
    object_type = Text(longest=32)
    object_id = IdNumber()
    store = StoreCode()
    ordered = (("since", "until"),)


class ChangeAnswer(Answer):
    field = Text(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class RecordAnswer(Answer):
    """is_erased: personal values were part of it and have been removed since."""

    id = IdNumber(required=True)
    recorded_at = InstantText(required=True)
    business_date = DayText(required=True)
    operator = Text(required=True, allow_none=True)
    actor_kind = Text(required=True)
    actor_name = Text(required=True)
    address = Text(required=True, allow_none=True)
    store = StoreCode(required=True, allow_none=True)
    operation = Text(required=True)
    object_type = Text(required=True)
    object_id = IdNumber(required=True, allow_none=True)
    changes = fields.List(fields.Nested(ChangeAnswer), required=True)
    is_erased = Claim(required=True)


@audit_api.get(
    "/operation-records",
    grant=Grant(Action.VIEW, "operation-records"),
    query=RecordQuery,
    answer=page_schema("RecordPage", RecordAnswer),
    summary="Who did what, when, with the values before and after",
)
def list_operation_records(query: dict[str, Any]) -> dict[str, Any]:
    below, limit = query.pop("cursor"), query.pop("limit")
    rows = operation_records(Wanted(**query), below=below, limit=limit + 1)
    codes = store_codes()
    return page_of(rows, limit, lambda record: present_record(record, codes))


def present_record(record: OperationRecord, codes: Mapping[int, str]) -> dict[str, Any]:
    """One record as JSON carries it. codes: of stores by id."""
    return {
        "id": record.id,
        "recorded_at": record.recorded_at,
        "business_date": record.business_date,
        "operator": record.actor_name if record.actor_kind == "staff" else None,
        "actor_kind": record.actor_kind,
        "actor_name": record.actor_name,
        "address": record.address,
        "store": codes.get(record.store_id) if record.store_id else None,
        "operation": record.operation,
        "object_type": record.object_type,
        "object_id": record.object_id,
        "changes": [{"field": each.field, "before": each.before, "after": each.after} for each in told(record)],
        "is_erased": is_erased(record),
    }
