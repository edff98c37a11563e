"""A generated call, sent as a program of ours would send it, and held against the API's document."""

import contextvars
from collections.abc import Mapping
from typing import Any

from app.core.commands import new_key


def send(case: Any, operation: Any, *, known: Mapping[str, Any], bearer: Mapping[str, str], checks: Any) -> None:
    """known: values for the arguments of the address that exist; the others stay as they were generated."""
    for name in list(case.path_parameters or {}):
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    headers = dict(bearer)
    if any(each.name == "Idempotency-Key" for each in operation.headers):
        headers["Idempotency-Key"] = new_key()
    response = contextvars.Context().run(case.call, headers=headers)
    case.validate_response(response, checks=checks)
