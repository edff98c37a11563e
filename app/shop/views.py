"""The shop's pages: what is paid with, what holds until somebody changes it, and how to work here."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Stale
from app.core.permissions import Action
from app.core.setting_kinds import Declared, SettingKind
from app.shop import operations, queries
from app.shop.forms import HelpForm, MethodsForm, label_methods, settings_form
from app.shop.help import LOCALES, blocks
from app.shop.models import Method, Store
from app.shop.settings import all_declared, by_heading
from app.ui.fields import show_errors
from app.ui.guard import current_actor, guarded
from app.ui.interface import HouseInterface
from app.ui.views import HouseView, RecordsView

Answer = Response | str


class StoresView(RecordsView):
    """/stores/list/: the places where money is taken. None is ever removed: its history needs it."""

    datamodel = HouseInterface(Store)
    route_base = "/stores"
    class_permission_name = "stores"
    exclude_route_methods = {"delete"}
    list_title, show_title, add_title, edit_title = _("Stores"), _("Store"), _("New store"), _("Change store")
    list_columns = search_columns = show_columns = ("code", "name", "is_open")
    order_columns = ("code", "name")
    base_order = ("id", "asc")
    add_columns, edit_columns = ("code", "name"), ("name", "is_open")
    label_columns = {"code": _("Code"), "name": _("Store name"), "is_open": _("Open for business")}
    description_columns = {"code": _("Small letters, digits and dashes. It stands in exports and cannot be changed.")}

    def create(self, data: dict[str, Any]) -> int:
        actor = current_actor()
        return in_transaction(lambda: operations.create_store(data["code"] or "", data["name"] or "", actor=actor))

    def change(self, item_id: int, data: dict[str, Any]) -> None:
        actor, name, is_open = current_actor(), data["name"] or "", bool(data["is_open"])
        in_transaction(lambda: operations.change_store(item_id, name=name, is_open=is_open, actor=actor))


class MethodsView(HouseView):
    """/payment-methods: which ways to pay are taken at the counter."""

    route_base = "/payment-methods"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "settings")
    def show(self) -> Answer:
        switches = {line.code.name.lower(): line.is_on for line in queries.methods()}
        return self._page(MethodsForm(formdata=None, data=switches))

    @expose("", methods=["POST"])
    @guarded(Action.EDIT, "settings")
    def change(self) -> Answer:
        form, actor = MethodsForm(), current_actor()
        if not form.validate():
            return make_response(self._page(form), 400)
        wanted = {method: bool(form[method.name.lower()].data) for method in Method}
        in_transaction(lambda: operations.review_methods(wanted, actor=actor))
        flash(gettext("Saved."), "success")
        return redirect(url_for("MethodsView.show"))

    def _page(self, form: Any) -> str:
        return self.render_template(
            "shop/form.html",
            title=gettext("Payment methods"),
            form=label_methods(form),
            intro=gettext("What is switched off is refused at the counter and by the API. History stays as it is."),
            can_save=current_actor().may(Action.EDIT, "settings"),
        )


class SettingsView(HouseView):
    """/settings: the form is made of what is declared in settings.py."""

    route_base = "/settings"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "settings")
    def show(self) -> Answer:
        return self._page(settings_form(formdata=None, data=queries.settings()))

    @expose("", methods=["POST"])
    @guarded(Action.EDIT, "settings")
    def change(self) -> Answer:
        form, actor = settings_form(), current_actor()
        if not form.validate():
            return make_response(self._page(form), 400)
        values = {name: form[name].data for name, declared in all_declared().items() if _is_sent(declared)}
        try:
            in_transaction(lambda: operations.change_settings(values, actor=actor))
        except Invalid as invalid:
            return make_response(self._page(show_errors(form, invalid)), 400)
        flash(gettext("Saved."), "success")
        return redirect(url_for("SettingsView.show"))

    def _page(self, form: Any) -> str:
        can_save = current_actor().may(Action.EDIT, "settings")
        groups = [(gettext(heading), [form[each.name] for each in inside]) for heading, inside in by_heading()]
        return self.render_template(
            "shop/settings.html", title=gettext("Settings"), form=form, groups=groups, can_save=can_save
        )


class HelpView(HouseView):
    """/help: instructions and precautions; everybody who is signed in reads them, the owner writes them."""

    route_base = "/help"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "help")
    def show(self) -> Answer:
        shown = queries.help_page(_own_locale())
        may_edit = current_actor().may(Action.EDIT, "help")
        title = gettext("Instructions and precautions")
        return self.render_template("shop/help.html", title=title, blocks=blocks(shown.body), may_edit=may_edit)

    @expose("/edit")
    @guarded(Action.EDIT, "help")
    def edit(self) -> Answer:
        page = queries.help_page(_named_locale())
        return self._form(HelpForm(formdata=None, data={"version": page.version, "body": page.body}), page.locale)

    @expose("/edit", methods=["POST"])
    @guarded(Action.EDIT, "help")
    def write(self) -> Answer:
        form, locale, actor = HelpForm(), _named_locale(), current_actor()
        if not form.validate():
            return make_response(self._form(form, locale), 400)
        body, version = form.body.data or "", form.version.data or 0
        try:
            in_transaction(lambda: operations.write_help(locale, body, version, actor=actor))
        except Invalid as invalid:
            return make_response(self._form(show_errors(form, invalid), locale), 400)
        except Stale:
            return make_response(self._form(form, locale, present=queries.help_page(locale)), 412)
        flash(gettext("Saved."), "success")
        return redirect(url_for("HelpView.edit", locale=locale))

    def _form(self, form: HelpForm, locale: str, present: queries.HelpPage | None = None) -> str:
        """present: the text as somebody else has written it meanwhile."""
        if present:
            form.version.data, form.version.raw_data = present.version, None
        return self.render_template(
            "shop/help_form.html",
            title=gettext("Write the instructions"),
            form=form,
            locale=locale,
            locales=LOCALES,
            present=present,
        )


def _is_sent(declared: Declared) -> bool:
    """How many days or months something lasts is not changed by a form that does not speak of it."""
    return declared.kind not in (SettingKind.MONTHS, SettingKind.WHOLE) or declared.name in request.form


def _own_locale() -> str:
    locale = str(get_locale())
    return locale if locale in LOCALES else LOCALES[0]


def _named_locale() -> str:
    locale = request.args.get("locale") or _own_locale()
    if locale not in LOCALES:
        raise NotFound
    return locale
