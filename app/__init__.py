"""The house: create_app() opens the door of every room that is switched on."""

from typing import Any

from flask import Blueprint, Flask

from app import ui
from app.audit import models as _audit  # noqa: F401 - tables that no room imports yet
from app.broadband import models as _broadband  # noqa: F401
from app.cli import COMMANDS, HouseCommands, put_away_the_frameworks
from app.core import clock, commands, rooms, settings  # noqa: F401 - the tables of commands
from app.core.connections import engine_options
from app.core.feature import Feature
from app.core.jobs import models as _jobs  # noqa: F401
from app.customers import models as _customers  # noqa: F401
from app.extensions import REPLICA, csrf, db, migrate
from app.features import enabled
from app.ledger import models as _ledger  # noqa: F401
from app.notices import models as _notices  # noqa: F401
from app.serve import asked, prepare_command
from app.serve.health import health
from app.serve.metrics import metrics
from app.shop import models as _shop  # noqa: F401
from app.staff.security import StaffSecurity
from app.ui.builder import HouseBuilder
from config import Config


def create_app(config: Any = None) -> Flask:
    """Make the application of one deployment. config: an object with the settings of config.Config.

    Raises BadSetting with a sentence when a setting cannot be used.
    """
    put_away_the_frameworks()
    app = Flask(__name__)
    app.cli = HouseCommands(app.name)
    app.config.from_object(config or Config())
    settings.check(app.config)
    clock.configure(app.config["SHOP_TIMEZONE"], app.config["DAY_START"], app.config["TEST_NOW"])
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    if replica := app.config["REPLICA_DATABASE_URL"]:
        app.config["SQLALCHEMY_BINDS"] = {REPLICA: {"url": replica, **engine_options(replica, is_replica=True)}}
    db.init_app(app)
    migrate.init_app(app, db)
    ui.install(app)
    asked.install(app)
    with app.app_context():
        appbuilder = HouseBuilder(security_manager_class=StaffSecurity)
        appbuilder.init_app(app, db.session)
        csrf.init_app(app)  # after the framework: by then it is known who asks
        opened = enabled(app.config["ENABLED_FEATURES"])
        rooms.install(app, opened)
        app.extensions["jobs"] = {job.name: job for room in opened for job in room.jobs}
        for feature in opened:
            _open(app, appbuilder, feature)
    app.register_blueprint(health)
    app.register_blueprint(metrics)
    for command in (*COMMANDS, prepare_command):
        app.cli.add_command(command)
    return app


def _open(app: Flask, appbuilder: HouseBuilder, feature: Feature) -> None:
    app.register_blueprint(
        Blueprint(
            feature.name,
            feature.package,
            template_folder="templates",
            static_folder=f"static/{feature.name}",
            static_url_path=f"/static/{feature.name}",
        )
    )
    for api in feature.apis:
        app.register_blueprint(api)
    for page in feature.pages:
        appbuilder.open_page(page)
    for command in feature.commands:
        app.cli.add_command(command)
