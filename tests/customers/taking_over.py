"""A list on its way through the pages: uploaded, sent on, and done by a worker."""

import io

from sqlalchemy import func, select

from app.customers.models import Customer, CustomerImport
from app.extensions import db
from app.jobs.doing import work_off
from tests.staff.people import form_token, post

START = "/customers/import"
WORKER = "tests:1:here"


def upload(browser, content: bytes, name: str = "list.csv"):
    data = {"csrf_token": form_token(browser, START), "store": "1", "file": (io.BytesIO(content), name)}
    return browser.post(START, data=data, content_type="multipart/form-data")


def uploaded(browser, content: bytes) -> str:
    """Uploads a list that can be read; answers the address of its page."""
    answer = upload(browser, content)
    assert answer.status_code == 302, answer.text
    return answer.location


def settled(browser, address: str):
    """The page of the list once a worker has done what waits."""
    work_off(browser.application, WORKER)
    assert browser.get(f"{address}/progress").json["state"] not in ("staging", "applying")
    return browser.get(address)


def send(browser, address: str, verb: str, **fields: str):
    return post(browser, f"{address}/{verb}", page=address, **fields)


def columns(*fields: str) -> dict[str, str]:
    return {"columns": str(len(fields))} | {f"column-{place}": name for place, name in enumerate(fields)}


def document(address: str) -> CustomerImport:
    db.session.rollback()
    return db.session.get(CustomerImport, int(address.rsplit("/", 1)[1]))


def customers() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0
