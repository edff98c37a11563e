"""Several who send at once, and who is killed at it: no message leaves twice."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from app.extensions import db
from app.notices.models import DeliveryState
from config import ROOT
from tests.notices.conftest import delivery, send, tell

# What `flask jobs run notices.send` does in a process of its own, in a house that may say what the tests say.
PROGRAM = """
from run import app
from app.core import rooms
from app.core.actor import Actor
from app.core.feature import Feature
from app.core.jobs import Run
from app.core.notices import NoticeKind
from app.notices.sending import send_due
kind = NoticeKind("test.plain", "Day", "Hello %(line)s", "%(line)s")
app.extensions[rooms.KEY] = (*app.extensions[rooms.KEY], Feature("tests", "tests", notices=(kind,)),)
with app.app_context():
    send_due(Run(Actor.system("test")))
"""


def start(app, folder) -> subprocess.Popen:
    mail = {name: app.config[name] for name in ("MAIL_URL", "MAIL_FROM", "SECRET_KEY")}
    env = os.environ | mail | {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "INSTANCE_DIR": str(folder)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def test_threads_send_each_once(app, mail, new_customer):
    numbers = [tell(new_customer()) for _ in range(20)]

    def run(_number: int) -> dict[str, int]:
        with app.app_context():
            try:
                return send()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        became = list(pool.map(run, range(4)))
    assert sum(each["sent"] for each in became) == 20
    assert len(mail.taken) == len({message["Message-ID"] for message in mail.taken}) == 20
    assert {(delivery(number).state, delivery(number).tries) for number in numbers} == {(DeliveryState.SENT, 1)}


def test_processes_send_each_once(app, mail, new_customer, tmp_path):
    numbers = [tell(new_customer()) for _ in range(30)]
    two = [start(app, tmp_path) for _ in range(2)]
    assert [process.wait(30) for process in two] == [0, 0]
    assert len(mail.taken) == len({message["Message-ID"] for message in mail.taken}) == 30
    assert {(delivery(number).state, delivery(number).tries) for number in numbers} == {(DeliveryState.SENT, 1)}


def test_who_is_killed_while_he_sends_leaves_one_behind_and_it_does_not_go_again(app, mail, new_customer, tmp_path):
    number, after = tell(new_customer("slow")), tell(new_customer())
    process = start(app, tmp_path)
    give_up_at = time.monotonic() + 20
    while not mail.taken and time.monotonic() < give_up_at:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert delivery(number).state is DeliveryState.SENDING
    assert delivery(after).state is DeliveryState.WAITING
    assert send()["sent"] == 1
    assert [message["To"].partition("-")[0] for message in mail.taken] == ["slow", "takes"]
    assert delivery(number).state is DeliveryState.SENDING
