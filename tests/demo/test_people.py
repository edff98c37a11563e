"""The people of the demo could be anybody's customers, and no two have the same number."""

from datetime import date
from itertools import islice

from app.customers.models import CustomerType
from app.customers.phones import normalise
from app.customers.profile import clean
from app.demo.people import STAFF, STORES, people
from app.staff.rules import check_display_name, check_username

TODAY = date(2026, 11, 18)


def some(count: int, seed: int = 1):
    return list(islice(people(seed, TODAY), count))


def test_every_number_is_a_valid_one_of_its_own():
    phones = [one.phone for one in some(20_000)]
    assert len(set(phones)) == len(phones)
    assert [phone for phone in phones if normalise(phone) != phone] == []
    assert len({phone[-4:] for phone in phones[:200]}) > 150


def test_everybody_could_have_been_taken_in_at_the_counter():
    for one in some(500):
        values = {name: value for name, value in one._asdict().items() if name != "store"}
        cleaned = clean(values, region="CN", today=TODAY)
        assert {name: cleaned[name] for name in values} == values


def test_names_types_and_stores_are_mixed():
    found = some(2000)
    assert {one.type for one in found} >= {CustomerType.PERSONAL, CustomerType.COMPANY, CustomerType.VIP}
    assert {one.store for one in found} == set(range(len(STORES)))
    assert any(one.name.isascii() for one in found)
    assert sum(not one.name.isascii() for one in found) > len(found) / 2
    assert len({one.name for one in found}) > 1000


def test_the_same_seed_makes_the_same_people():
    assert some(300) == some(300)
    assert some(300, seed=2) != some(300)


def test_staff_have_names_that_may_sign_in():
    assert len({clerk.username for clerk in STAFF}) == len(STAFF)
    for clerk in STAFF:
        assert check_username(clerk.username) == clerk.username
        assert check_display_name(clerk.name) == clerk.name
    assert {clerk.store for clerk in STAFF} >= set(range(len(STORES)))
