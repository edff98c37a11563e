"""ETag and If-Match: who changes a thing says which version of it he saw."""

import re

from flask import request

from app.core.errors import Stale
from app.ui.api.problems import VersionMissing

_TAG = re.compile(r'"([1-9][0-9]{0,17})"', re.ASCII)


def etag(version: int) -> dict[str, str]:
    """The header field that carries the version of an answered thing."""
    return {"ETag": f'"{version}"'}


def expected_version() -> int | None:
    """The version that the caller saw; None when he takes any (`*`). The verb compares it with the locked row.

    Raises VersionMissing without If-Match, Stale for a tag that we never gave.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionMissing
    if given == "*":
        return None
    tag = _TAG.fullmatch(given)
    if tag is None:
        raise Stale
    return int(tag.group(1))
