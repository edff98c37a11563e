"""A chain in a schema of its own: it starts, posts and proves itself, and `public` stays empty.

`TEST_SCHEMA=chain make test` runs the whole suite so.
"""

from sqlalchemy import create_engine, inspect

from app import create_app
from app.extensions import db
from app.ledger.proofs import verify
from app.serve.preparing import prepare
from app.staff.models import Staff
from config import TestConfig
from tests.backup.conftest import post
from tests.conftest import in_schema, make_database


def test_two_chains_live_in_one_database_and_know_nothing_of_each_other(server, tmp_path):
    plain = make_database("postgresql", server, tmp_path, schema="")
    for name, customers in (("chain_one", 1), ("chain_two", 2)):
        app = create_app(TestConfig(in_schema(plain, name), BACKUP_DIR=str(tmp_path)))
        with app.app_context():
            prepare(app)
            post(app, customers)
            proofs = {proof.name: proof for proof in verify()}
            assert all(proof.holds for proof in proofs.values())
            assert proofs["postings"].checked == 2 * customers
            assert db.session.query(Staff).count() == 1
            db.session.remove()
            db.engine.dispose()
    engine = create_engine(plain)
    assert inspect(engine).get_table_names(schema="public") == []
    engine.dispose()
