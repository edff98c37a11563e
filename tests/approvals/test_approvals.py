"""Two people for large reversals and adjustments: bound to the exact request, decided once, posted once."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.approvals import operations
from app.approvals.models import Approval
from app.approvals.refusals import ApprovalAltered
from app.audit.models import OperationRecord
from app.core import clock
from app.core.db import in_transaction
from app.core.errors import Forbidden
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger.models import Posting
from app.ledger.proofs import prove_all
from app.staff.operations import change_staff
from tests.approvals.conftest import limit
from tests.customers.desk import Desk, new_key, refused
from tests.staff.people import SYSTEM


def adjust(desk: Desk, customer: int, amount: str, key: str | None = None, reason: str = "miscounted"):
    body = {"amount": amount, "reason": reason, "store": "main"}
    return desk.post(f"/customers/{customer}/adjustments", body, key)


def waiting(answer) -> int:
    assert answer.status_code == 202, answer.text
    assert answer.json == {"approval": {"id": answer.json["approval"]["id"], "state": "waiting"}}
    return answer.json["approval"]["id"]


def approve(desk: Desk, number: int, key: str | None = None, **body):
    return desk.post(f"/approvals/{number}/approve", body, key)


def decline(desk: Desk, number: int, reason: str = "not agreed"):
    return desk("POST", f"/approvals/{number}/decline", {"reason": reason})


def balance(desk: Desk, customer: int) -> str:
    return desk.customer(customer)["balance"]


def stored(number: int) -> Approval:
    db.session.rollback()
    return db.session.get(Approval, number)


def records(number: int) -> list[OperationRecord]:
    db.session.rollback()
    about = select(OperationRecord).filter_by(object_type="approval", object_id=number).order_by(OperationRecord.id)
    return list(db.session.scalars(about))


def test_a_reversal_up_to_the_amount_is_posted_at_once(till, boss, customer):
    small = till.recharge(customer, "100").json["posting"]["id"]
    assert till.reverse(small).status_code == 201
    assert balance(boss, customer) == "500.00"


def test_a_reversal_above_it_waits_and_moves_nothing(till, boss, customer, posting):
    number = waiting(till.reverse(posting))
    assert balance(boss, customer) == "500.00"
    shown = boss.get(f"/approvals/{number}").json
    assert shown["state"] == "waiting"
    assert (shown["kind"], shown["amount"], shown["reverses"], shown["customer_id"]) == (
        "reversal", "500.00", posting, customer,
    )  # fmt: skip
    assert (shown["asked_by"], shown["reason"], shown["posting"]) == (till.username, "typed wrong", None)


def test_the_same_key_tells_the_present_state(till, boss, customer, posting):
    key = new_key()
    number = waiting(till.reverse(posting, key))
    again = till.reverse(posting, key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert waiting(again) == number
    assert approve(boss, number).status_code == 201
    after = till.reverse(posting, key)
    assert after.status_code == 200
    assert after.json == {"approval": {"id": number, "state": "approved"}}
    assert refused(till.reverse(posting, key, reason="another one"), 422, "idempotency-key-reused")


def test_approved_it_is_posted_in_the_name_of_the_one_who_asked(till, boss, customer, posting):
    number = waiting(till.reverse(posting))
    answer = approve(boss, number, note="seen the slip")
    assert answer.status_code == 201, answer.text
    made = answer.json["posting"]
    row = db.session.get(Posting, made)
    assert (row.operator_id, row.approval_id, row.reverses_id) == (till.id, number, posting)
    assert balance(boss, customer) == "0.00"
    asked, agreed = records(number)
    assert (asked.operation, asked.actor_id) == ("approvals.ask", till.id)
    assert (agreed.operation, agreed.actor_id) == ("approvals.approve", boss.id)
    assert agreed.changes["posting"] == [None, made]
    assert (answer.json["decided_by"], answer.json["note"], answer.json["is_own"]) == (
        boss.username, "seen the slip", False,
    )  # fmt: skip


@pytest.mark.parametrize(("amount", "then"), [("250", "750.00"), ("-250.5", "249.50")])
def test_an_adjustment_above_it_waits_whatever_its_sign(boss, partner, customer, amount, then):
    number = waiting(adjust(boss, customer, amount))
    assert balance(boss, customer) == "500.00"
    assert approve(partner, number).status_code == 201
    assert balance(boss, customer) == then


def test_nobody_approves_his_own(boss, partner, customer):
    number = waiting(adjust(boss, customer, "250"))
    refused(approve(boss, number), 409, "own-approval")
    assert balance(boss, customer) == "500.00"
    assert approve(partner, number).status_code == 201


def test_a_clerk_approves_nothing(till, posting):
    number = waiting(till.reverse(posting))
    assert approve(till, number).status_code == 403
    assert decline(till, number).status_code == 403
    assert till.get("/approvals").status_code == 403


def test_nothing_of_the_request_can_be_changed_afterwards(app, till, boss, customer, posting):
    """Not through the API (there is no way to say it), not by hand (the database refuses), not by a lost trigger."""
    number = waiting(till.reverse(posting))
    other = boss.recharge(customer, "200").json["posting"]["id"]
    for change in (f"posting_id = {other}", "amount = 1", "arguments = '{}'", "asked_by_id = 1", "key_hash = 'x'"):
        db.session.rollback()
        with pytest.raises(DBAPIError, match="decided"):
            db.session.execute(text(f"UPDATE approval SET {change} WHERE id = {number}"))  # noqa: S608
        db.session.rollback()
    assert boss.post(f"/approvals/{number}/approve", {"amount": "1"}).status_code == 400
    assert boss.post(f"/approvals/{number}/approve", {"posting": other}).status_code == 400
    altered = stored(number)
    db.session.expunge(altered)
    altered.arguments = {**altered.arguments, "posting_id": other}
    assert altered.seal != operations._seal(altered)
    assert boss.get(f"/postings/{other}").json["reversed_by"] is None


def test_a_request_that_was_altered_all_the_same_is_not_approved(empty_house, new_phone):
    """The trigger is taken away, as somebody with the database's password could."""
    limit()
    first, second = Desk(empty_house, SUPER_ADMIN), Desk(empty_house, SUPER_ADMIN)
    made = first("POST", "/customers", {"phone": new_phone(), "name": "Li Lei", "store": "main"}).json["id"]
    number = waiting(adjust(first, made, "250"))
    name = "approval_keeps_values" if db.engine.dialect.name == "sqlite" else "approval_keeps_rows ON approval"
    in_transaction(lambda: db.session.execute(text(f"DROP TRIGGER {name}")))
    changed = text("UPDATE approval SET arguments = replace(arguments, '250.00', '950.00')")
    in_transaction(lambda: db.session.execute(changed))
    refused(approve(second, number), 409, ApprovalAltered.code)
    assert balance(first, made) == "0.00"


def test_two_who_approve_at_once_post_once(till, boss, partner, customer, posting):
    number = waiting(till.reverse(posting))
    answers, barrier = [], threading.Barrier(4)

    def go(desk: Desk) -> None:
        barrier.wait()
        answers.append(approve(desk, number))

    threads = [threading.Thread(target=go, args=(desk,)) for desk in (boss, partner, boss, partner)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json.get("code") for answer in answers} == {None, "already-decided"}
    assert balance(boss, customer) == "0.00"
    assert len(boss.get("/postings", customer=customer).json["items"]) == 2


def test_the_key_of_the_one_who_approves_is_answered_the_same_again(boss, partner, customer):
    number, key = waiting(adjust(boss, customer, "250")), new_key()
    first, second = approve(partner, number, key), approve(partner, number, key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert balance(boss, customer) == "750.00"


def test_a_declined_request_stays_declined(till, boss, partner, customer, posting):
    key = new_key()
    number = waiting(till.reverse(posting, key))
    answer = decline(boss, number, "the customer is here")
    assert (answer.status_code, answer.json["state"], answer.json["note"]) == (201, "declined", "the customer is here")
    refused(approve(partner, number), 409, "already-decided")
    refused(decline(partner, number), 409, "already-decided")
    assert till.reverse(posting, key).json == {"approval": {"id": number, "state": "declined"}}
    assert records(number)[-1].operation == "approvals.decline"
    waiting(till.reverse(posting))


def test_a_declined_request_needs_a_reason(till, boss, posting):
    number = waiting(till.reverse(posting))
    assert boss("POST", f"/approvals/{number}/decline", {"reason": " "}).status_code == 400


def test_whoever_asked_may_let_his_own_fall(boss, customer):
    number = waiting(adjust(boss, customer, "250"))
    assert decline(boss, number, "a mistake").status_code == 201


def test_a_refusal_at_approval_leaves_the_request_open(till, boss, customer, posting):
    number = waiting(till.reverse(posting))
    spent = boss.consume(customer, "1").json["posting"]["id"]
    refused(approve(boss, number), 409, "insufficient-balance")
    assert boss.get(f"/approvals/{number}").json["state"] == "waiting"
    assert till.reverse(spent).status_code == 201
    assert approve(boss, number).status_code == 201
    assert balance(boss, customer) == "0.00"


def test_the_same_posting_does_not_wait_twice(till, posting):
    number = waiting(till.reverse(posting))
    problem = refused(till.reverse(posting), 409, "already-waiting")
    assert str(number) in problem["detail"]


def test_what_could_not_be_reversed_does_not_wait(till, boss, customer, posting):
    number = waiting(till.reverse(posting))
    approve(boss, number)
    refused(till.reverse(posting), 409, "already-reversed")
    assert till.reverse(999_999_999).status_code == 404


def test_a_request_expires(till, boss, customer, posting):
    key = new_key()
    number = waiting(till.reverse(posting, key))
    assert stored(number).expires_at - stored(number).asked_at == timedelta(days=3)
    with time_machine.travel(clock.now() + timedelta(days=3, seconds=1), tick=True):
        assert till.reverse(posting, key).status_code in (200, 401)  # a session ends sooner than that
        desk = Desk(till.app, SUPER_ADMIN)
        assert desk.get(f"/approvals/{number}").json["state"] == "expired"
        assert number in [each["id"] for each in desk.get("/approvals", state="expired").json["items"]]
        assert number not in [each["id"] for each in desk.get("/approvals", state="waiting").json["items"]]
        refused(approve(desk, number), 409, "approval-expired")
        refused(decline(desk, number), 409, "approval-expired")
        waiting(desk.reverse(posting))


def test_the_day_after_it_is_still_posted(till, boss, customer, posting):
    """The clerk asked while he could; the second person's rights count when it is approved."""
    number = waiting(till.reverse(posting))
    with time_machine.travel(clock.now() + timedelta(days=1), tick=True):
        assert approve(Desk(till.app, SUPER_ADMIN), number).status_code == 201


def test_the_only_owner_approves_his_own_and_it_is_written_down(empty_house, new_phone):
    limit()
    alone, second = Desk(empty_house, SUPER_ADMIN), Desk(empty_house, SUPER_ADMIN)
    made = alone("POST", "/customers", {"phone": new_phone(), "name": "Li Lei", "store": "main"}).json["id"]
    number = waiting(adjust(alone, made, "250"))
    refused(approve(alone, number), 409, "own-approval")
    in_transaction(lambda: change_staff(second.id, is_active=False, actor=SYSTEM))
    answer = approve(alone, number)
    assert (answer.status_code, answer.json["is_own"]) == (201, True)
    assert records(number)[-1].changes["approved_by_himself"] == [None, True]
    assert balance(alone, made) == "250.00"


def test_it_is_off_by_default(empty_house, new_phone):
    alone = Desk(empty_house, SUPER_ADMIN)
    made = alone("POST", "/customers", {"phone": new_phone(), "name": "Li Lei", "store": "main"}).json["id"]
    large = alone.recharge(made, "900000").json["posting"]["id"]
    assert alone.reverse(large).status_code == 201
    assert adjust(alone, made, "900000").status_code == 201
    assert alone.get("/approvals").json == {"items": [], "next": None}


def test_the_list_goes_on_and_is_narrowed_by_state(boss, partner, customer):
    numbers = [waiting(adjust(boss, customer, "150")) for _ in range(3)]
    approve(partner, numbers[0])
    first = boss.get("/approvals", limit=2).json
    assert [each["id"] for each in first["items"]] == numbers[:0:-1]
    assert boss.get("/approvals", limit=2, cursor=first["next"]).json["items"][0]["id"] == numbers[0]
    approved = [each["id"] for each in boss.get("/approvals", state="approved").json["items"]]
    assert numbers[0] in approved
    assert not set(approved) & set(numbers[1:])
    assert boss.get("/approvals", state="maybe").status_code == 400


def test_the_house_itself_asks_nobody_and_posts_nothing(app, boss, customer):
    with pytest.raises(Forbidden):
        in_transaction(lambda: operations.adjust(customer, Decimal("900"), store_id=1, reason="x", actor=SYSTEM))
    assert balance(boss, customer) == "500.00"


def test_the_ledger_holds_after_all_of_it(app, posting):
    with db.engine.connect() as connection:
        assert [proof.name for proof in prove_all(connection) if not proof.holds] == []
