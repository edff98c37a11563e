"""A restored database does not send again what may have left since the backup was made."""

from app.backup.making import create
from app.backup.replacing import restore
from app.core.db import in_transaction
from app.customers.operations import create_customer
from app.extensions import db
from app.notices.models import DeliveryState, NoticeDelivery
from tests.conftest import actor_of
from tests.notices import told
from tests.notices.conftest import NOTHING, send
from tests.notices.mail_server import MailServer


def test_what_waited_in_a_backup_is_unknown_when_it_is_restored(empty_house, tmp_path):
    server = MailServer()
    owner = actor_of(empty_house, "super-admin")
    told.declare(empty_house, server.url)
    values = {"phone": "+8613800000001", "name": "Lin", "email": "takes-1@people.test"}
    customer = in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)
    in_app, mailed = told.say(customer, "hello", owner)
    try:
        create(tmp_path / "waits.zip")
        assert send() == NOTHING | {"sent": 1}
        db.session.remove()
        restore(tmp_path / "waits.zip")
        assert send() == NOTHING
        states = [db.session.get_one(NoticeDelivery, number).state for number in (in_app, mailed)]
        assert states == [DeliveryState.SENT, DeliveryState.UNKNOWN]
        assert len(server.taken) == 1
    finally:
        server.close()
