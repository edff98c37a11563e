"""The document of the API: as JSON for programs, as a page for people."""

import re
from typing import Any

from flask import current_app
from flask_appbuilder import expose
from flask_babel import gettext

from app.core.errors import Refused
from app.core.permissions import Action, Grant
from app.ui.api.edge import Api, calls_of
from app.ui.api.openapi import document
from app.ui.api.problems import KINDS
from app.ui.guard import guarded
from app.ui.views import HouseView

VERSION = "1"
_FIGURE = re.compile(r"%\((\w+)\)[sd]")

docs_api = Api("docs")


def present_document() -> dict[str, Any]:
    """The OpenAPI document of the rooms that are open here."""
    return document(calls_of(current_app), f"{current_app.config['APP_NAME']} API", VERSION)


@docs_api.get("/openapi.json", grant=Grant(Action.VIEW, "help"), summary="This document")
def openapi() -> dict[str, Any]:
    return present_document()


class ApiDocsView(HouseView):
    """/api/docs: every call with its parameters and answers, readable without a program."""

    route_base = "/api/docs"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "help")
    def show(self) -> str:
        shown = present_document()
        refusals = {code: _plain(refused.sentence) for code, refused in sorted(Refused.known.items())}
        return self.render_template("api/docs.html", document=shown, kinds=KINDS, refusals=refusals)


def _plain(sentence: str) -> str:
    """The sentence of a refusal in the reader's language, with the names of its figures for the figures."""
    return _FIGURE.sub(r"<\1>", gettext(sentence))
