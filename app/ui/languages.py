"""Which language a page speaks, and how a person changes it."""

from flask import abort, current_app, redirect, request, session
from flask_appbuilder import expose
from flask_babel import get_domain, get_locale, gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.ui.views import HouseView

TAGS = {"en": "en", "zh": "zh-Hans", "zh_Hant_TW": "zh-Hant"}


def choose() -> str:
    """The locale of this request: the one chosen before, else the browser's, else the deployment's."""
    languages = current_app.config["LANGUAGES"]
    chosen = session.get("locale") if request else None
    if chosen in languages:
        return str(chosen)
    return accepted() or current_app.config["BABEL_DEFAULT_LOCALE"]


def accepted() -> str | None:
    """The first language of Accept-Language that we speak."""
    if not request:
        return None
    for wanted, quality in request.accept_languages:
        parts = wanted.lower().replace("_", "-").split("-")
        if quality <= 0:
            continue
        if parts[0] == "zh":
            return "zh_Hant_TW" if {"hant", "tw", "hk", "mo"} & set(parts) and "hans" not in parts else "zh"
        if parts[0] == "en":
            return "en"
    return None


class FormMessages:
    """What WTForms says, out of our catalogues: its own do not know the Traditional Chinese of Taiwan."""

    @staticmethod
    def gettext(message: str) -> str:
        return str(gettext(message))

    @staticmethod
    def ngettext(singular: str, plural: str, number: int) -> str:
        return str(get_domain().get_translations().ungettext(singular, plural, number))


def translate_forms() -> None:
    """Let every form, the framework's too, speak as the pages do."""
    FlaskForm.Meta.get_translations = lambda _meta, _form: FormMessages


def html_lang() -> str:
    """The `lang` attribute of the page."""
    return TAGS.get(str(get_locale()), "en")


def back_to(address: str | None) -> str:
    """A path on this machine to go back to; `/` for anything that would lead elsewhere."""
    path = address or ""
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_ours else "/"


class LanguageView(HouseView):
    """`POST /language`: keep the chosen language and stay on the page. Open to everybody."""

    route_base = "/language"
    default_view = "change"

    @expose("", methods=["POST"])
    def change(self) -> Response:
        locale = request.form.get("locale", "")
        if locale not in current_app.config["LANGUAGES"]:
            abort(400)
        session["locale"] = locale
        return redirect(back_to(request.form.get("next")))
