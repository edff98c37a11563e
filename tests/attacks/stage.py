"""A shop in which everything has happened once, and in which every text that somebody can type is an attack."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.approvals import operations as approvals
from app.broadband.subscribers.kind import SUBSCRIBERS
from app.core.db import Model, in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers import operations as customers
from app.customers.merges.operations import merge_customers
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover import flow
from app.customers.takeover import operations as lists
from app.customers.takeover.kinds import ListKind
from app.extensions import db
from app.ledger import operations as ledger
from app.receipts.codes import token_of as receipt_token
from app.shifts import operations as shifts
from app.shop import operations as shop
from app.shop.models import Method
from app.staff import operations as staff
from app.staff.queries import token_hash
from tests.attacks.provider import furnish_broadband
from tests.conftest import actor_of
from tests.house.test_access import token_of
from tests.notices.told import declare, say
from tests.staff.people import browser_of, fetch, make

TYPED = '"><img src=x onerror=alert(1)>{{7*7191}}'
UNESCAPED = ("<img src=x", "50337")


@dataclass
class Stage:
    """The shop and who is in it. ids: of everything, by the name of the argument that names it in an address.

    foreign: the same, of what the clerk of the main store must not reach.
    """

    app: Flask
    owner: int
    clerk: int
    eastern: int
    ids: dict[str, list[Any]] = field(default_factory=dict)
    foreign: dict[str, list[Any]] = field(default_factory=dict)
    browsers: dict[int, FlaskClient] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)

    def browser(self, staff_id: int) -> FlaskClient:
        """A browser in which he has signed in, with a name of its own."""
        if staff_id not in self.browsers:
            self.browsers[staff_id] = browser_of(self.app, staff_id)
        return self.browsers[staff_id]

    def token(self, staff_id: int) -> str:
        if staff_id not in self.tokens:
            self.tokens[staff_id] = token_of(self.app.test_client(), fetch(staff_id).username)
        return self.tokens[staff_id]

    def call(self, staff_id: int, method: str, path: str, **sent: Any) -> Any:
        """What a program gets that works with his token."""
        headers = {"Authorization": f"Bearer {self.token(staff_id)}", **sent.pop("headers", {})}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)


def furnish(app: Flask, folder: Path) -> Stage:
    """Let everything happen once, by the owner and in two stores."""
    app.config["UPLOAD_DIR"] = str(folder)
    owner = make(SUPER_ADMIN, name="o1", display_name=TYPED)
    make(SUPER_ADMIN, name="o2")
    boss = replace(actor_of(app, SUPER_ADMIN), id=owner, name="o1")
    east = in_transaction(lambda: shop.create_store("east", TYPED, actor=boss))
    clerk = make(ORDINARY_ADMIN, name="c1", display_name=TYPED, store_ids=[1])
    eastern = make(ORDINARY_ADMIN, name="c2", store_ids=[east])
    stage = Stage(app, owner, clerk, eastern)
    in_transaction(lambda: _write(boss))
    people = _people(boss, east)
    mine, theirs = _trade(app, people, {1: clerk, east: eastern})
    _more(stage, boss, people, theirs, east, folder)
    stage.ids |= {"customer_id": people, "pk": [*people[:2], owner, clerk, east, *mine], "posting_id": [*mine, *theirs]}
    declare(app)
    stage.ids |= {"delivery_id": say(people[0], TYPED, boss)}
    stage.foreign |= {"delivery_id": say(people[3], TYPED, boss)}
    stage.ids |= furnish_broadband(boss, people[0], TYPED)
    stage.ids |= {"staff_id": [owner, clerk], "token": [receipt_token(mine[0])]}
    stage.foreign |= {"posting_id": theirs}
    return stage


def _write(boss: Any) -> None:
    shop.change_store(1, name=TYPED, is_open=True, actor=boss)
    shop.write_help("en", f"{TYPED}\n\n- {TYPED}", 0, actor=boss)
    shop.change_settings({"shop_name": TYPED}, actor=boss)
    given = {"key_hash": token_hash("none"), "role": ORDINARY_ADMIN, "store_ids": [1]}
    staff.make_key(TYPED, **given, actor=boss)


def _people(boss: Any, east: int) -> list[int]:
    def create(number: int, store_id: int) -> int:
        typed = {"name": TYPED, "note": TYPED, "address": TYPED}
        given = {"phone": f"1391111000{number}", **typed}
        return customers.create_customer(given, store_id=store_id, actor=boss).id

    made = [in_transaction(lambda n=n: create(n, east if n == 3 else 1)) for n in range(5)]
    in_transaction(lambda: customers.change_customer(made[0], {"name": f"{TYPED}2"}, actor=boss))
    in_transaction(lambda: customers.delete_customer(made[4], reason=TYPED, actor=boss))
    return made


def _trade(app: Flask, people: list[int], clerks: dict[int, int]) -> tuple[list[int], list[int]]:
    """Postings of each store by its clerk, in his shift. Those of the main store, and of the other."""
    made: list[list[int]] = []
    for store, clerk in clerks.items():
        who = replace(actor_of(app, ORDINARY_ADMIN), id=clerk, name="clerk", stores=frozenset({store}))
        given = {"store_id": store, "actor": who}
        in_transaction(lambda s=store, a=who: shifts.open_shift(s, Decimal(100), actor=a))
        done = [
            lambda g=given: ledger.recharge(people[0], Decimal(500), method=Method.CASH, note=TYPED, **g),
            lambda g=given: ledger.consume(people[0], Decimal(20), note=TYPED, location=TYPED, **g),
            lambda g=given: ledger.refund(people[0], Decimal(5), method=Method.CASH, reason=TYPED, **g),
            lambda g=given: ledger.sell(Decimal(7), method=Method.CASH, note=TYPED, **g),
        ]
        made.append([in_transaction(lambda verb=verb: verb().id) for verb in done])
        in_transaction(lambda n=made[-1][3], a=who: ledger.reverse(n, reason=TYPED, actor=a))
    return made[0], made[1]


def _more(stage: Stage, boss: Any, people: list[int], theirs: list[int], east: int, folder: Path) -> None:
    found = dict(db.session.execute(select(*_columns("shift", "clerk_id", "id"))).all())
    in_transaction(lambda: shifts.move_cash(
        found[stage.eastern], Decimal(3), is_in=False, is_petty=True, reason=TYPED, actor=_as(stage, boss, east)
    ))  # fmt: skip
    merge = in_transaction(lambda: merge_customers(people[2], people[1], reason=TYPED, actor=boss).id)
    in_transaction(lambda: shop.change_settings({"approval_reversals_above": "1"}, actor=boss))
    asked = in_transaction(lambda: approvals.reverse(theirs[0], reason=TYPED, actor=_as(stage, boss, east)))
    in_transaction(lambda: shop.change_settings({"approval_reversals_above": None}, actor=boss))
    listed = _list(folder, boss)
    nobodys = [1_000_001, 1_000_002]
    of_the_owner = staff_sessions(stage)
    stage.ids |= {"shift_id": list(found.values()), "merge_id": [merge], "key_id": nobodys}
    stage.ids |= {"import_id": [listed, _list(folder, boss, SUBSCRIBERS)]}
    stage.ids |= {"approval_id": [asked.approval_id], "session_id": nobodys, "run_id": nobodys}
    stage.foreign |= {"shift_id": [found[stage.eastern]], "merge_id": [merge], "import_id": [listed]}
    stage.foreign |= {"approval_id": [asked.approval_id], "key_id": nobodys, "session_id": of_the_owner}


def staff_sessions(stage: Stage) -> list[int]:
    """A session of the owner's that is open."""
    stage.browser(stage.owner)
    sessions = _columns("staff_session", "id")
    return list(db.session.scalars(select(*sessions).order_by(sessions[0].desc()).limit(1)))


def _as(stage: Stage, boss: Any, store: int) -> Any:
    grants = actor_of(stage.app, ORDINARY_ADMIN).grants
    return replace(boss, id=stage.eastern, name="c2", grants=grants, stores=frozenset({store}))


def _list(folder: Path, boss: Any, kind: ListKind = CUSTOMERS) -> int:
    path = folder / "list.csv"
    path.write_text(f'手机,姓名,余额\n13922220001,"{TYPED.replace(chr(34), chr(34) * 2)}",10\n', encoding="utf-8")
    layout, height = flow.look(path, kind)
    given = {"store_id": 1, "upload": None, "layout": layout.as_json(), "rows_total": height, "actor": boss}
    number = in_transaction(lambda: lists.begin(kind, f"{TYPED}.csv", **given))
    flow.check(number, path, layout, actor=boss)
    return number


def _columns(table: str, *names: str) -> list[Any]:
    return [Model.metadata.tables[table].c[name] for name in names]


def everything() -> dict[str, Any]:
    """Every row of every table: what reading must leave as it is. When a session was last seen is left out."""
    db.session.rollback()
    told = {}
    for table in Model.metadata.sorted_tables:
        names = [column for column in table.c if column.name not in ("last_seen_at", "last_used_at")]
        told[table.name] = sorted(map(str, db.session.execute(select(*names)).all()))
    db.session.rollback()
    return told


def how_much() -> dict[str, int]:
    """How many rows each table has: enough to see that nothing was written."""
    db.session.rollback()
    tables = [table for table in Model.metadata.sorted_tables if table.name != "sign_in_failures"]
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}
