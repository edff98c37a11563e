"""The house: create_app() opens the door of every room that is switched on."""

from typing import Any

from flask import Blueprint, Flask
from flask_appbuilder import AppBuilder

from app.cli import COMMANDS
from app.core import clock, commands  # noqa: F401 - the tables of commands
from app.core.db import engine_options
from app.core.feature import Feature
from app.extensions import csrf, db, migrate
from app.features import enabled
from app.staff.security import StaffSecurity
import app.audit.models, app.customers.models, app.ledger.models, app.shop.models
from config import Config


def create_app(config: Any = None) -> Flask:
    """Make the application of one deployment. config: an object with the settings of config.Config.

    Raises RuntimeError or ValueError with a sentence when a setting cannot be used.
    """
    app = Flask(__name__)
    app.config.from_object(config or Config())
    _check(app)
    clock.configure(app.config["SHOP_TIMEZONE"], app.config["DAY_START"], app.config["TEST_NOW"])
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    for extension in (db, csrf):
        extension.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        appbuilder = AppBuilder(security_manager_class=StaffSecurity)
        appbuilder.init_app(app, db.session)
        for feature in enabled(app.config["ENABLED_FEATURES"]):
            _open(app, appbuilder, feature)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _check(app: Flask) -> None:
    if len(app.config["SECRET_KEY"]) < 32:
        raise RuntimeError("SECRET_KEY is too short: at least 32 characters are needed.")


def _open(app: Flask, appbuilder: AppBuilder, feature: Feature) -> None:
    templates = Blueprint(feature.name, feature.package, template_folder="templates")
    app.register_blueprint(templates)
    for api in feature.apis:
        app.register_blueprint(api)
    for page in feature.pages:
        if page.category:
            appbuilder.add_view(page.view, page.name, category=page.category, icon=page.icon, label=page.label)
        else:
            appbuilder.add_view_no_menu(page.view)
    for command in feature.commands:
        app.cli.add_command(command)
