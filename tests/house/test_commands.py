"""Commands on a database that nothing was ever done to."""

import pytest

from app import create_app
from config import TestConfig

COMMANDS = ["jobs list", "jobs run ledger.verify", "jobs work", "roles sync", "ledger verify", "staff unlock owner"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_was_never_prepared_is_told_of_in_a_sentence(tmp_path, command):
    app = create_app(TestConfig(f"sqlite:///{tmp_path / 'new.db'}"))
    ran = app.test_cli_runner().invoke(args=command.split())
    assert ran.exit_code == 1
    assert ran.stderr.startswith("The database is not prepared for this version.")
    assert "Traceback" not in ran.output
