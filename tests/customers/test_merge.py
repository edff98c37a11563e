"""Making one of two customers: all money moves, nothing is lost, and the old number leads to the one who is kept."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import OperationRecord, PersonalValues
from app.core.db import in_transaction
from app.core.errors import NotFound, Refused, Stale
from app.customers import queries
from app.customers.merges.operations import merge_customers
from app.customers.merges.queries import get_merge, kept_of
from app.customers.operations import change_customer
from app.customers.refusals import CustomerDeleted, SameCustomer
from app.extensions import db
from app.ledger.models import Kind, WalletStatus
from app.ledger.operations import consume, freeze, recharge, reverse, set_credit_limit
from app.ledger.proofs import verify
from app.ledger.refusals import BelongsToDocument, HoldsOpen, InsufficientBalance, WalletClosed, WalletFrozen
from app.ledger.totals import all_time, house_balances
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.counter.desk import customer_with
from tests.customers.merging import balance, customer, held, merge, pair, postings_of

D = Decimal


def proofs() -> dict[str, list]:
    db.session.rollback()
    return {proof.name: proof.found for proof in verify() if not proof.holds}


def test_all_money_goes_to_the_one_who_is_kept(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)

    document = get_merge(merge(gone, kept, owner))

    assert (balance(gone), balance(kept)) == (D("0.00"), D("42.00"))
    assert (document.principal, document.bonus) == (D("30.00"), D("0.00"))
    assert document.document_no == f"M{document.id:06d}"
    assert customer(gone).deleted_at is not None
    assert customer(gone).merged_into_id == kept
    assert customer(gone).status is WalletStatus.CLOSED
    assert proofs() == {}


def test_the_money_passes_a_clearing_account_that_is_empty_again(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    before = all_time().figures.of(Kind.ADJUSTMENT)

    number = merge(gone, kept, owner)

    out, came = postings_of(gone)[-1], postings_of(kept)[-1]
    assert [(row.kind, row.amount, row.source_type, row.source_id) for row in (out, came)] == [
        (Kind.ADJUSTMENT, D("-30.00"), "merge", number),
        (Kind.ADJUSTMENT, D("30.00"), "merge", number),
    ]
    db.session.rollback()
    assert house_balances()["clearing:merge"] == 0
    after = all_time().figures.of(Kind.ADJUSTMENT)
    assert (after.signed, after.net, after.count) == (before.signed, before.net, before.count + 2)


def test_a_bonus_stays_a_bonus(app, owner, new_phone):
    gone, kept = pair(new_phone, owner, "0.00", "0.00")
    in_transaction(lambda: change_settings({"bonus_from": D("50"), "bonus_gift": D("8")}, actor=owner))
    in_transaction(lambda: recharge(gone, D("50"), method=Method.CASH, store_id=1, actor=owner))
    in_transaction(lambda: change_settings({"bonus_from": None, "bonus_gift": None}, actor=owner))

    merge(gone, kept, owner)

    found = customer(kept)
    assert (found.balance, found.bonus_wallet.balance) == (D("50.00"), D("8.00"))
    assert proofs() == {}


def test_a_debt_goes_along_if_there_is_room_for_it(app, owner, new_phone):
    gone, kept = pair(new_phone, owner, "0.00", "5.00")
    in_transaction(lambda: set_credit_limit(gone, D("20"), actor=owner))
    in_transaction(lambda: consume(gone, D("7"), store_id=1, actor=owner))

    with pytest.raises(InsufficientBalance):
        merge(gone, kept, owner)
    assert (balance(gone), balance(kept)) == (D("-7.00"), D("5.00"))
    in_transaction(lambda: recharge(kept, D("10"), method=Method.CASH, store_id=1, actor=owner))
    merge(gone, kept, owner)

    assert (balance(gone), balance(kept)) == (D("0.00"), D("8.00"))
    assert proofs() == {}


def test_what_is_held_stops_a_merge_until_its_time_is_over(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    held(gone, "4.00", owner)

    with pytest.raises(HoldsOpen) as refused:
        merge(gone, kept, owner)

    assert refused.value.figures == {"held": D("4.00")}
    lapsed, other = pair(new_phone, owner)
    held(lapsed, "4.00", owner, minutes=-1)
    merge(lapsed, other, owner)
    assert balance(other) == D("42.00")


@pytest.mark.parametrize("which", [0, 1])
def test_a_frozen_wallet_of_either_stops_a_merge(app, owner, new_phone, which):
    both = pair(new_phone, owner, "0.00", "0.00")
    in_transaction(lambda: freeze(both[which], actor=owner))

    with pytest.raises(WalletFrozen):
        merge(*both, owner)

    assert customer(both[0]).deleted_at is None


def test_a_closed_wallet_stops_a_merge(app, owner, new_phone):
    both = pair(new_phone, owner, "0.00", "0.00")
    in_transaction(lambda: change_customer(both[1], {"status": WalletStatus.CLOSED}, actor=owner))

    with pytest.raises(WalletClosed):
        merge(*both, owner)


def test_nobody_is_merged_with_himself_or_twice(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    with pytest.raises(SameCustomer):
        merge(gone, gone, owner)
    with pytest.raises(NotFound):
        merge(gone, 2**40, owner)

    merge(gone, kept, owner)

    with pytest.raises(CustomerDeleted):
        merge(gone, kept, owner)
    assert balance(kept) == D("42.00")


def test_the_postings_of_a_merge_are_not_undone_alone(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    merge(gone, kept, owner)

    with pytest.raises(BelongsToDocument):
        in_transaction(lambda: reverse(postings_of(kept)[-1].id, reason="no", actor=owner))


def test_who_stays_keeps_his_profile_and_gets_what_he_lacks(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    in_transaction(lambda: change_customer(gone, {"address": "East 1", "email": "a@b.cn", "type": "vip"}, actor=owner))
    in_transaction(lambda: change_customer(kept, {"email": "kept@b.cn"}, actor=owner))
    version = customer(kept).version

    merge(gone, kept, owner)

    found = customer(kept)
    assert (found.name, found.email, found.address, found.type.value) == ("Lei Li", "kept@b.cn", "East 1", "personal")
    assert found.version == version + 1


def test_phone_and_name_of_the_other_are_taken_when_they_are_chosen(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    phone, old = customer(gone).phone, customer(kept).phone

    merge(gone, kept, owner, take=("phone", "name"))

    found = customer(kept)
    assert (found.name, found.phone) == ("Li Lei", phone)
    assert found.phone_reversed == phone[1:][::-1]
    assert [each.id for each in queries.search(phone)] == [kept]
    assert customer_with("0.00", old, owner)  # the number that nobody has any more is free


def test_the_record_tells_who_why_and_how_much_and_keeps_names_apart(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)

    number = merge(gone, kept, owner, take=("name",))

    db.session.rollback()
    ask = select(OperationRecord).where(
        OperationRecord.operation == "customers.merge", OperationRecord.object_id == kept
    )
    record = db.session.scalars(ask).one()
    assert record.changes == {
        "document_no": [None, f"M{number:06d}"],
        "merged_customer": [None, gone],
        "principal_moved": [None, "30.00"],
        "bonus_moved": [None, "0.00"],
        "reason": [None, "one person"],
    }
    personal = db.session.scalars(select(PersonalValues).where(PersonalValues.record_id == record.id)).one()
    assert personal.changes == {"name": ["Lei Li", "Li Lei"]}


def test_the_old_number_leads_to_the_one_who_was_kept_also_after_several(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    last = customer_with("1.00", new_phone(), owner)
    phone, number = customer(gone).phone, customer(gone).customer_no
    merge(gone, kept, owner)
    merge(kept, last, owner)

    assert kept_of(gone) == last
    assert [each.id for each in queries.search(phone)] == [last]
    assert [each.id for each in queries.search(number)] == [last]
    newcomer = customer_with("0.00", phone, owner)
    assert [each.id for each in queries.search(phone)] == [newcomer]


def test_who_was_changed_since_he_was_looked_at_is_not_merged(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    seen = {gone: customer(gone).version, kept: customer(kept).version}
    in_transaction(lambda: change_customer(kept, {"name": "Somebody else"}, actor=owner))

    with pytest.raises(Stale):
        merge(gone, kept, owner, versions=seen)


@pytest.mark.parametrize("change", ["UPDATE customer_merge SET reason = 'x'", "DELETE FROM customer_merge"])
def test_the_document_of_a_merge_cannot_be_changed(app, owner, new_phone, change):
    merge(*pair(new_phone, owner), owner)

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()


def test_a_recharge_that_meets_a_merge_is_merged_or_refused(house, app, owner, new_phone):
    for _ in range(6):
        gone, kept = pair(new_phone, owner)
        done = _at_once(
            house,
            lambda gone=gone: recharge(gone, D("5"), method=Method.CASH, store_id=1, actor=owner),
            lambda gone=gone, kept=kept: merge_customers(gone, kept, reason="one person", actor=owner),
        )
        expected = D("42.00") + (D("5.00") if done[0] is None else D("0"))
        assert done[1] is None, done
        assert done[0] is None or isinstance(done[0], WalletClosed), done
        assert (balance(gone), balance(kept)) == (D("0.00"), expected)
    assert proofs() == {}


def test_of_two_opposite_merges_at_once_one_is_done(house, app, owner, new_phone):
    for _ in range(6):
        one, other = pair(new_phone, owner)
        done = _at_once(
            house,
            lambda one=one, other=other: merge_customers(one, other, reason="one person", actor=owner),
            lambda one=one, other=other: merge_customers(other, one, reason="one person", actor=owner),
        )
        assert sorted(each is None for each in done) == [False, True], done
        assert isinstance(next(each for each in done if each), CustomerDeleted)
        assert sorted((balance(one), balance(other))) == [D("0.00"), D("42.00")]
    assert proofs() == {}


def _at_once(house, *works) -> list:
    """What each raised, None where it was done."""
    outcomes: list = [NotImplementedError()] * len(works)
    start = threading.Barrier(len(works))

    def run(place: int) -> None:
        with house.app_context():
            start.wait()
            try:
                in_transaction(works[place])
                outcomes[place] = None
            except Refused as refused:
                outcomes[place] = refused
            db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
