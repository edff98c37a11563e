"""The OpenAPI document, made of what the calls declare, so that it cannot say otherwise."""

import re
from collections.abc import Iterable
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from app.core.permissions import Grant
from app.ui.api import fields as ours
from app.ui.api.edge import ANYBODY, ROOT, Call, Key

_ID = re.compile(r"<id:([a-z_]+)>")

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
TEXTS = {
    "400": "Malformed",
    "401": "Not signed in",
    "403": "No right to this",
    "404": "No such thing, or not within reach",
    "409": "Refused by a rule; `code` says which",
    "412": "Changed meanwhile",
    "413": "Too large",
    "415": "Not JSON",
    "422": "The key was used for another request",
    "428": "If-Match is missing",
    "429": "Too many tries",
    "503": "Nothing was applied, or the outcome is unknown",
}


def document(calls: Iterable[Call], title: str, version: str) -> dict[str, Any]:
    """The OpenAPI 3 document of these calls, as plain JSON values."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _class_of(schema).__name__)
    spec = APISpec(title=title, version=version, openapi_version="3.0.3", plugins=[plugin])
    plugin.converter.add_attribute_function(_of_field)  # type: ignore[union-attr]
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", PROBLEM)
    for call in calls:
        path = ROOT + _ID.sub(r"{\1}", call.rule)
        spec.path(path=path, operations={call.method.lower(): _operation(call)})
    return spec.to_dict()


def _class_of(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _of_field(_converter: Any, field: fields.Field, **_options: Any) -> dict[str, Any]:
    if isinstance(field, ours.Choice):
        # OpenAPI 3.0: where null may stand, it is one of the choices.
        return {"type": "string", "enum": [*field.values, *([None] if field.allow_none else [])]}
    if isinstance(field, ours.Text):
        return {"maxLength": field.longest, **field.openapi}
    return dict(field.openapi) if isinstance(field, ours.Field) else {}


def _operation(call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": str(call.summary),
        "tags": [call.rule.strip("/").split("/")[0]],
        "parameters": list(_parameters(call)),
        "responses": _responses(call),
        "security": [] if call.grant is ANYBODY else [{"bearer": []}],
    }
    if isinstance(call.grant, Grant):
        operation["x-grant"] = f"{call.grant.action}:{call.grant.resource}"
    if call.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": call.body}}}
    return operation


def _parameters(call: Call) -> Iterable[Any]:
    for name in _ID.findall(call.rule):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    if call.key is not Key.NONE:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": call.key is Key.REQUIRED,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }
    if call.is_versioned:
        yield {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
    if call.query:
        yield {"in": "query", "schema": call.query}


def _responses(call: Call) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = {status: {"description": TEXTS[status], "content": problem} for status in _refusing(call)}
    content = {"content": {"application/json": {"schema": call.answer}}} if call.answer else {}
    for status in _succeeding(call):
        answers[status] = {"description": "Done", **content}
    if call.waiting:
        either = {"oneOf": [call.answer, call.waiting]}
        answers["200"] = {"description": "Answered before", "content": {"application/json": {"schema": either}}}
        kept = {"application/json": {"schema": call.waiting}}
        answers["202"] = {"description": "Waits for a second person", "content": kept}
    return dict(sorted(answers.items()))


def _succeeding(call: Call) -> Iterable[str]:
    if call.answer is None and call.method != "GET":
        return ["204"]
    if call.key is Key.NONE:
        return ["201" if call.method == "POST" else "200"]
    return ["200", "201"]


def _refusing(call: Call) -> Iterable[str]:
    yield from ("400", "429", "503")
    if call.grant is not ANYBODY or call.body:
        yield "401"
    if isinstance(call.grant, Grant):
        yield "403"
    if _ID.search(call.rule):
        yield "404"
    if call.body:
        yield from ("413", "415")
    if call.method != "GET":
        yield "409"
    if call.key is not Key.NONE:
        yield "422"
    if call.is_versioned:
        yield from ("412", "428")
