"""One shop for all attacks, once for each database."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from app.extensions import db
from app.staff.models import SignInFailures
from tests.attacks.stage import Stage, furnish
from tests.conftest import of_kind, open_ready

IS_FULL = bool(os.environ.get("FULL_SIZE"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def staged(request, tmp_path_factory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("attacks")
    app = open_ready(of_kind(request, folder), BACKUP_DIR=str(folder), PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        made = furnish(app, folder)
        db.session.remove()
    yield made
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(staged) -> Iterator[Stage]:
    staged.browsers.clear()  # what another test has sent may have ended the sessions
    staged.tokens.clear()
    with staged.app.app_context():
        with db.engine.begin() as connection:  # and locked the address that all tests come from
            connection.execute(delete(SignInFailures))
        yield staged
        db.session.remove()
