"""One shop for all attacks, once for each database."""

import os
from collections.abc import Iterator

import pytest

from app.extensions import db
from tests.attacks.stage import Stage, furnish
from tests.conftest import _of_kind, open_house

IS_FULL = bool(os.environ.get("FULL_SIZE"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def staged(request, tmp_path_factory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("attacks")
    app = open_house(_of_kind(request, folder), BACKUP_DIR=str(folder), PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        made = furnish(app, folder)
        db.session.remove()
    yield made
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(staged) -> Iterator[Stage]:
    with staged.app.app_context():
        yield staged
        db.session.remove()
