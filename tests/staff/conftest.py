"""All tests come from one address: the failures that some of them make on purpose must not lock the others out."""

import pytest
from sqlalchemy import delete

from app.extensions import db
from app.staff.models import SignInFailures


@pytest.fixture(autouse=True)
def nobody_has_failed_yet(request):
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        with db.engine.begin() as connection:
            connection.execute(delete(SignInFailures))
