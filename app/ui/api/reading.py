"""Reading what a caller sent, before anything is done with it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

LARGEST_BODY = 256 * 1024
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255


def read_query(schema: Schema | None) -> Any:
    """The parameters, checked. Raises ValidationError also for one that is repeated or that nobody declared."""
    given = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise ValidationError({name: [gettext("Send this once.")]})
        given[name] = values[0]
    _refuse_control(given)
    if schema is None:
        if given:
            raise ValidationError({name: [gettext("There is no such field.")] for name in given})
        return {}
    return schema.load(given)


def read_filters(schema: Schema) -> Any:
    """The parameters of a page that has a form of filters: inputs that were left empty are not given."""
    given = {name: value.strip() for name, value in request.args.items() if value.strip()}
    _refuse_control(given)
    return schema.load(given)


def read_body(schema: Schema) -> Any:
    """The body, checked. Raises ValidationError, or what answers 413 or 415."""
    request.max_content_length = LARGEST_BODY
    value = _parse(request.get_data(cache=False))
    if request.mimetype and not request.is_json:
        raise UnsupportedMediaType
    if not isinstance(value, dict):
        raise ValidationError(gettext("The body must be a JSON object."), "body")
    return schema.load(value)


def read_key(*, is_required: bool) -> str | None:
    """The sender's name for the request, or None when he gave none and needs none."""
    given = request.headers.get(KEY_HEADER)
    if given is None and not is_required:
        return None
    key = (given or "").strip()
    if not key:
        raise _bad_key(gettext("Send a key of your own for every request that moves money."))
    if len(key) > LONGEST_KEY:
        raise _bad_key(gettext("At most %(longest)s characters.", longest=LONGEST_KEY))
    if not key.isascii() or not key.isprintable():
        raise _bad_key(gettext("Only printable ASCII characters."))
    return key


def _bad_key(sentence: str) -> ValidationError:
    return ValidationError([sentence], KEY_HEADER)


def _parse(data: bytes) -> Any:
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
        _refuse_control(value)
        return value
    except (ValueError, RecursionError):
        raise ValidationError(gettext("The body is not JSON."), "body") from None


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names differ; two programs may disagree about which of two equal ones counts."""
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise ValueError(name)
        result[name] = value
    return result


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _refuse_control(value: Any, field: str = "body") -> None:
    """Refuse texts that no database keeps: NUL, and halves of surrogate pairs."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_control(name)
            _refuse_control(inner, name)
    elif isinstance(value, list):
        for inner in value:
            _refuse_control(inner, field)
    elif isinstance(value, str) and any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in value):
        raise ValidationError([gettext("This contains a character that cannot be kept.")], field)
