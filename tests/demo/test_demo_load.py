"""`flask demo load`: a chain that the ledger can prove, the same for everybody who asks for the same."""

import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.broadband.models import Document, Payment, Service, WorkOrder, WorkOrderLine
from app.core import clock
from app.core.db import in_transaction
from app.customers.models import Customer
from app.demo.people import STAFF, STORES
from app.demo.trade import MENU, RULES
from app.extensions import db
from app.ledger.models import Account, Kind, Posting, Purse, Receipt, Reversal, Transfer
from app.ledger.operations import consume
from app.ledger.proofs import verify
from app.shop.models import Method, Store
from app.shop.queries import setting
from app.staff.models import Staff
from app.staff.passwords import matches
from app.staff.queries import find_by_username
from tests.conftest import actor_of, copy_of_ready, make_database, open_house

ROOT = Path(__file__).parents[2]
CUSTOMERS, POSTINGS = 150, 6000


def load(app, *args: object) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["demo", "load", *map(str, args)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    db.session.rollback()
    return result.exit_code, result.stdout, result.stderr


def sized(customers: int, postings: int, seed: int = 1, subscribers: int = 0) -> list[object]:
    return ["--customers", customers, "--postings", postings, "--seed", seed, "--subscribers", subscribers, "--json"]


@pytest.fixture(scope="module")
def chain(own_house):
    """A house with the demo in it, and what the command answered."""
    code, out, _ = load(own_house, *sized(CUSTOMERS, POSTINGS))
    assert code == 0
    return json.loads(out)


def count(*conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(Posting).where(*conditions)) or 0


def test_every_proof_of_the_ledger_holds(chain):
    assert [(proof.name, proof.found) for proof in verify() if not proof.holds] == []


def test_as_many_are_made_as_were_asked_for(chain):
    assert (chain["customers"], chain["postings"]) == (CUSTOMERS, POSTINGS)
    assert count() == POSTINGS
    assert db.session.scalar(select(func.count()).select_from(Customer)) == CUSTOMERS
    assert db.session.scalar(select(func.max(Posting.id))) == POSTINGS


def test_all_that_a_shop_does_is_there(chain):
    kinds = dict(db.session.execute(select(Posting.kind, func.count()).group_by(Posting.kind)).all())
    assert set(kinds) == {Kind.RECHARGE, Kind.CONSUMPTION, Kind.REFUND, Kind.REVERSAL}
    assert kinds[Kind.CONSUMPTION] > kinds[Kind.RECHARGE] > kinds[Kind.REFUND] > 0
    assert set(db.session.scalars(select(Posting.method).distinct())) >= {Method.CASH, Method.ALIPAY, Method.WECHAT}
    assert set(db.session.scalars(select(Posting.category).where(Posting.kind == Kind.CONSUMPTION))) == set(MENU)
    assert set(db.session.scalars(select(Posting.store_id))) == set(db.session.scalars(select(Store.id)))
    assert db.session.scalar(select(func.count()).where(Account.purse == Purse.BONUS, Account.balance > 0))


def test_the_present_day_has_postings_and_the_future_none(chain):
    assert count(Posting.business_date == clock.today())
    assert count(Posting.posted_at > clock.now()) == 0
    assert db.session.scalar(select(func.count()).where(Customer.created_at > clock.now())) == 0
    first = db.session.scalar(select(func.min(Posting.business_date)))
    assert 170 < (clock.today() - first).days < 180


def test_nobody_acts_before_he_has_come(chain):
    early = select(func.count()).select_from(Posting).join(Customer, Customer.id == Posting.customer_id)
    assert db.session.scalar(early.where(Posting.posted_at <= Customer.created_at)) == 0
    first = select(func.min(Posting.id)).group_by(Posting.customer_id)
    assert set(db.session.scalars(select(Posting.kind).where(Posting.id.in_(first)))) == {Kind.RECHARGE}


def test_who_posted_stands_in_that_store(chain):
    places = {staff.id: {store.id for store in staff.stores} for staff in db.session.scalars(select(Staff))}
    pairs = db.session.execute(select(Posting.operator_id, Posting.store_id).distinct()).all()
    assert all(store_id in places[operator_id] for operator_id, store_id in pairs)


def test_staff_can_sign_in_with_the_password_that_was_shown(chain):
    assert [person["username"] for person in chain["staff"]] == [clerk.username for clerk in STAFF]
    for clerk in STAFF:
        staff = find_by_username(clerk.username)
        assert staff.can_sign_in
        assert staff.role == clerk.role
        assert matches(staff.password, chain["password"])
    assert {store.name for store in db.session.scalars(select(Store))} == {store.name for store in STORES}


def test_the_counter_goes_on_where_the_demo_ends(chain, own_house):
    assert {name: setting(name) for name in RULES} == RULES
    rich = db.session.scalars(select(Account).where(Account.purse == Purse.PRINCIPAL).order_by(Account.balance)).all()
    customer, owner = rich[-1].customer_id, actor_of(own_house, "super-admin")
    db.session.rollback()
    posted = in_transaction(lambda: consume(customer, Decimal("0.01"), store_id=1, actor=owner))
    assert posted.row["receipt_no"] == f"{POSTINGS + 1:08d}"
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_a_house_that_is_not_empty_is_refused_and_left_as_it_is(chain, own_house):
    before = (count(), db.session.scalar(select(func.count()).select_from(Store)))
    code, out, err = load(own_house)
    assert (code, out) == (1, "")
    assert "without customers and postings" in err
    assert (count(), db.session.scalar(select(func.count()).select_from(Store))) == before


def test_a_clerk_who_has_the_name_already_stops_it_without_a_trace(empty_house):
    args = ["staff", "create", "--username", STAFF[-1].username, "--role", "cashier", "--password-stdin"]
    empty_house.test_cli_runner().invoke(args=args, input="long-enough-1\n", catch_exceptions=False)
    code, _, err = load(empty_house, *sized(5, 50))
    assert code == 1
    assert err
    assert db.session.scalar(select(func.count()).select_from(Store)) == 1
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 0
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_its_days_can_be_as_few_as_one_likes(empty_house):
    code, out, _ = load(empty_house, *sized(20, 300), "--days", 3)
    assert code == 0
    assert json.loads(out)["days"] == 3
    first, last = db.session.execute(select(func.min(Posting.business_date), func.max(Posting.business_date))).one()
    assert (clock.today() - first).days <= 2
    assert last == clock.today()
    assert [proof.name for proof in verify() if not proof.holds] == []


@pytest.mark.parametrize(
    "wrong", [["--customers", "0"], ["--postings", "-1"], ["--seed", "x"], ["--days", "0"], ["--stores", "3"]]
)
def test_wrong_usage_ends_with_2(chain, own_house, wrong):
    assert load(own_house, *wrong)[0] == 2


@pytest.mark.parametrize(("customers", "postings"), [(1, 1), (40, 3), (1, 400)])
def test_odd_sizes_are_proved_too(empty_house, customers, postings):
    assert load(empty_house, *sized(customers, postings))[0] == 0
    assert count() == postings
    assert [(proof.name, proof.found) for proof in verify() if not proof.holds] == []


def test_people_are_told_how_to_sign_in(empty_house):
    code, out, _ = load(empty_house, "--customers", 5, "--postings", 50)
    assert code == 0
    assert (count(), db.session.scalar(select(func.count()).select_from(Customer))) == (50, 5)  # and no provider's
    assert all(clerk.username in out for clerk in STAFF)
    assert "password" in out


PROVIDED = (Document, Payment, WorkOrder, WorkOrderLine)
# Numbers of commands are taken from the clock, passwords from chance.
ROWS = (
    select(*(column for column in Posting.__table__.c if column.name != "command_id")).order_by(Posting.id),
    select(*Transfer.__table__.c).order_by(Transfer.posting_id, Transfer.line),
    select(*Receipt.__table__.c).order_by(Receipt.posting_id),
    select(*Reversal.__table__.c).order_by(Reversal.posting_id),
    select(*Account.__table__.c).order_by(Account.id),
    select(*Customer.__table__.c).order_by(Customer.id),
    select(*(column for column in Service.__table__.c if column.name != "password_sealed")).order_by(Service.id),
    *(select(*model.__table__.c).order_by(*model.__table__.primary_key) for model in PROVIDED),
    select(Staff.id, Staff.username, Staff.display_name).order_by(Staff.id),
)


def digest(app, seed: int) -> str:
    """What stands in the database after loading, in one line."""
    with app.app_context():
        assert load(app, *sized(60, 800, seed, subscribers=20))[0] == 0
        rows = [tuple(map(str, row)) for ask in ROWS for row in db.session.execute(ask)]
        db.session.remove()
        db.engine.dispose()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_a_seed_makes_the_same_rows_on_every_database(tmp_path, server, monkeypatch):
    def fresh(kind: str):
        return open_house(make_database(kind, server, tmp_path))

    now = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now)
    first = digest(fresh("sqlite"), seed=1)
    assert digest(fresh("sqlite"), seed=1) == first
    assert digest(fresh("postgresql"), seed=1) == first
    assert digest(fresh("sqlite"), seed=2) != first


MEASURED = """
import sys
from app import create_app
app = create_app()
args = ['demo', 'load', '--postings', sys.argv[1], '--subscribers', '0']
result = app.test_cli_runner().invoke(args=args, catch_exceptions=False)
with open('/proc/self/status') as status:
    peak = int(next(line for line in status if line.startswith('VmHWM')).split()[1]) // 1024
print(result.exit_code, peak)
"""


def peak_of(postings: int, kind: str, server: str, folder: Path) -> int:
    """How much memory, in MB, a process of its own took at most."""
    url = copy_of_ready(kind, server, folder)
    env = os.environ | {"DATABASE_URL": url, "INSTANCE_DIR": str(folder), "SECRET_KEY": "x" * 40}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(postings)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    code, peak = map(int, done.stdout.split())
    assert code == 0
    return peak


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_postings_take_no_more_memory_than_some(kind, server, tmp_path):
    assert peak_of(60_000, kind, server, tmp_path) - peak_of(10_000, kind, server, tmp_path) < 20
