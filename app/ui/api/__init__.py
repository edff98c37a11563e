"""The edge for programs: what stands between HTTP and a room's verbs, written once.

A room declares its calls on an `Api`; the edge reads the bearer token, asks for the grant, reads parameters and
body strictly, and answers JSON or a problem. Everything stands below /api/v1.
"""

from app.ui.api.bearer import set_authenticator
from app.ui.api.cursors import next_cursor, page_of
from app.ui.api.edge import ANYBODY, SIGNED_IN, Api, Created, Key, NoContent, Reply
from app.ui.api.etags import etag, expected_version
from app.ui.api.once import once
from app.ui.api.schemas import Answer, Body, ListQuery, Patch, Query, page_schema

__all__ = [
    "ANYBODY",
    "SIGNED_IN",
    "Answer",
    "Api",
    "Body",
    "Created",
    "Key",
    "ListQuery",
    "NoContent",
    "Patch",
    "Query",
    "Reply",
    "etag",
    "expected_version",
    "next_cursor",
    "once",
    "page_of",
    "page_schema",
    "set_authenticator",
]
