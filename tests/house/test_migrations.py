"""The migrations: they make what the models say, go up and down, and are one line of history."""

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.extensions import db
from config import TestConfig
from tests.conftest import make_database
from tests.house.source import ROOT


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request, tmp_path):
    """An application on a database that nothing was ever done to."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    app = create_app(TestConfig(make_database(request.param, server, tmp_path)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_make_what_the_models_say(bare):
    upgrade()
    check()


def test_migrations_go_up_and_down_and_up_again(bare):
    upgrade()
    made = tables()
    downgrade(revision="base")
    assert tables() == set()
    if bare.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        left = db.session.execute(
            text("SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
        )
        assert left.scalars().all() == []
        db.session.rollback()
    upgrade()
    assert tables() == made


def test_history_is_one_line():
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert len(scripts.get_heads()) == 1
    assert all(not script.is_branch_point and not script.is_merge_point for script in scripts.walk_revisions())


def test_migration_files_are_named_by_their_day():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        year, month, day, *words = path.stem.split("_")
        assert (len(year), len(month), len(day)) == (4, 2, 2), path.name
        assert words, path.name
