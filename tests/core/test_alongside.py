"""What comes along with the question of who asks is good until the request writes something."""

from sqlalchemy import update

from app.core import alongside
from app.core.db import in_transaction
from app.extensions import db
from app.shop.models import Store
from app.shop.queries import STORES, all_stores

CAME = "1\x1fmain\x1f1\x1fCame along"


def main_store() -> str:
    return all_stores()[0].name


def rename(name: str) -> str:
    """Returns what is seen of it in the same transaction."""
    db.session.execute(update(Store).where(Store.id == 1).values(name=name))
    return main_store()


def test_it_is_used_until_something_is_written_and_never_while(app):
    with app.test_request_context():
        former = main_store()
        db.session.rollback()
        alongside.keep({STORES: CAME})
        assert main_store() == "Came along"
        assert in_transaction(lambda: rename("Renamed")) == "Renamed"
        assert main_store() == "Renamed"
        in_transaction(lambda: rename(former))


def test_a_name_cannot_end_its_store(app):
    former = main_store()
    db.session.rollback()
    odd = "Night\x1e2\x1fevil\x1f1\x1f\x1fshop"
    try:
        assert in_transaction(lambda: rename(odd)) == odd.replace("\x1e", " ")
        assert [store.id for store in all_stores()].count(2) <= 1
        assert all(store.code != "evil" for store in all_stores())
    finally:
        in_transaction(lambda: rename(former))
