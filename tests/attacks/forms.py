"""Every form that can be sent to a page, and what somebody with bad intentions puts into addresses and forms."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.attacks.stage import Stage
from tests.house.test_routes import is_file

EVIL = "https://evil.example"
# Each stands for a kind: huge, negative, not finite, NUL, half a character, wrong type, very long, markup, paths, SQL.
BAD = [
    "0", "-1", "1", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "1e309", "nan", "Infinity",
    "0x10", "１２", "1.005", "-0.001", "1,000,000,000,000,000", "\0", "a\0b", "\ud800", "%", "_", "\\", "'", '"',
    "';--",    "true", "null", "[]", "{}", "None", "undefined", "x" * 5000, "中" * 3000, "<script>", "../../etc/passwd",
    "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-11-22T00:00", "24:00", "", " ", "\u202e", "\u2028",
    "a@b", "+8613900000000", "eyJhIjoxfQ.x", "=1+1", "{{7*7}}", "%00", "%ff", "\x7f", "🙂", "١", "1" * 19, "principal",
]  # fmt: skip
# Names that no form shows: of the framework, of programs, of columns.
NAMES = [
    "page", "psize", "cursor", "after", "before", "limit", "order", "direction", "sort", "q", "next", "from", "to",
    "id", "customer", "done", "days", "store", "filters", "format", "locale", "_flt_0_name", "_flt_99_x", "_flt_x_",
    "_flt_0_password", "_oc_StoresView", "_od_StoresView", "page_StoresView", "psize_StoresView",
    "_flt_0_username", "_oc_AdministratorsView", "page_OperationRecordsView", "psize_OperationRecordsView",
    "_flt_0_object_id", "_flt_0_recorded_at", "group_by", "by", "hour_from", "month", "paper", "kind", "name[]",
]  # fmt: skip
_NAMED = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')


def pages(app: Flask, method: str) -> list[Rule]:
    """The routes of pages, not of programs."""
    return sorted(
        (
            rule
            for rule in app.url_map.iter_rules()
            if method in (rule.methods or ()) and not is_file(rule.endpoint) and not str(rule).startswith("/api/v1")
        ),
        key=str,
    )


def address(stage: Stage, rule: Rule, ids: dict[str, list[Any]] | None = None) -> str:
    """An address of that route: of rows that are there, or of those."""
    kept = stage.ids | (ids or {})
    values = {name: kept.get(name, ["none"])[0] for name in rule.arguments}
    return stage.app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False, append_unknown=False)


def names_on(text: str) -> Iterator[str]:
    """What the forms of a page have inputs for."""
    yield from (name for name in dict.fromkeys(_NAMED.findall(text)) if name != "csrf_token")
