"""Lists over HTTP: what is found, page by page, and what cannot be asked."""

import secrets
from datetime import timedelta

import pytest

from app.core import clock
from tests.customers.desk import refused, wrong_field


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json["items"]]


@pytest.fixture
def tag() -> str:
    """A name that no other test's customers bear."""
    return f"T{secrets.token_hex(5)}"


def test_a_customer_is_found_by_every_ending_of_four_to_seven_digits(till, new_customer, new_phone):
    phone = new_phone()
    customer_id = new_customer(phone=phone)
    for length in range(4, 8):
        assert customer_id in ids(till.get("/customers", phone=phone[-length:], limit=200))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in phone[-7:])
    assert customer_id in ids(till.get("/customers", phone=wide, limit=200))
    other = str((int(phone[-7:]) + 1) % 10**7).zfill(7)
    assert customer_id not in ids(till.get("/customers", phone=other, limit=200))


@pytest.mark.parametrize(
    "phone", ["1", "123", "12345678", "abcd", "ab1234", "+1234", "%", "", "  ", "x" * 41, "00000000000"]
)
def test_what_is_neither_a_number_nor_an_ending_is_refused(till, phone):
    wrong_field(till.get("/customers", phone=phone), "phone")
    wrong_field(till.get("/postings", phone=phone), "phone")


def test_a_plus_that_was_not_escaped_is_understood(till, new_customer, new_phone):
    phone = new_phone()
    customer_id = new_customer(phone=phone)
    assert ids(till("GET", f"/customers?phone={phone}")) == [customer_id]


def test_filters_are_combined(till, boss, new_customer, east, tag):
    poor, rich = new_customer(name=f"{tag} A"), new_customer("250.00", name=f"{tag} B")
    far = new_customer(name=f"{tag} C", store=east[1])
    boss.patch(f"/customers/{poor}", {"status": "frozen"})
    assert ids(till.get("/customers", name=tag)) == [far, rich, poor]
    assert ids(till.get("/customers", name=tag.lower()[:1] + tag[1:] + " C")) in ([far], [])
    assert ids(till.get("/customers", name=tag, status="frozen")) == [poor]
    assert ids(till.get("/customers", name=tag, status="closed")) == []
    assert ids(till.get("/customers", name=tag, balance_min="250")) == [rich]
    assert ids(till.get("/customers", name=tag, balance_max="249.99")) == [far, poor]
    assert ids(till.get("/customers", name=tag, balance_min="-1", balance_max="0.00", store="main")) == [poor]
    assert ids(boss.get("/customers", name=tag, store=east[1])) == [far]
    today = clock.today()
    days = {"created_from": today.isoformat(), "created_to": today.isoformat()}
    assert ids(till.get("/customers", name=tag, **days)) == [far, rich, poor]
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert ids(till.get("/customers", name=tag, created_from=tomorrow)) == []


@pytest.mark.parametrize("name", ["%", "_", "\\", "' OR 1=1 --", "𠮷", "％"])
def test_a_name_is_text_and_no_pattern(till, new_customer, tag, name):
    found, _ = new_customer(name=f"{tag}{name}x"), new_customer(name=f"{tag}y")
    assert ids(till.get("/customers", name=f"{tag}{name}")) == [found]


def test_pages_are_newest_first_and_stand_still_when_customers_come(till, new_customer, tag):
    made = [new_customer(name=f"{tag} {number}") for number in range(5)]
    first = till.get("/customers", name=tag, limit=2)
    late = new_customer(name=f"{tag} late")
    second = till.get("/customers", name=tag, limit=2, cursor=first.json["next"])
    third = till.get("/customers", name=tag, limit=2, cursor=second.json["next"])
    assert ids(first) + ids(second) + ids(third) == made[::-1]
    assert third.json["next"] is None
    assert ids(till.get("/customers", name=tag, limit=1)) == [late]
    assert till.get("/customers", name=tag, limit=6).json["next"] is None
    assert len(ids(till.get("/customers", name=tag, limit=6))) == 6


def test_postings_are_paged_and_stand_still_too(till, new_customer):
    customer_id = new_customer()
    made = [till.recharge(customer_id, f"{number}.00").json["posting"]["id"] for number in range(1, 6)]
    first = till.get("/postings", customer=customer_id, limit=2)
    till.recharge(customer_id, "9")
    second = till.get("/postings", customer=customer_id, limit=2, cursor=first.json["next"])
    third = till.get("/postings", customer=customer_id, limit=2, cursor=second.json["next"])
    assert ids(first) + ids(second) + ids(third) == made[::-1]
    assert third.json["next"] is None


@pytest.mark.parametrize("path", ["/customers", "/postings", "/customers/1/statement"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "x"), ("limit", ""), ("limit", "1.0"),
        ("limit", "１"), ("limit", "9" * 30), ("limit", " 5"), ("limit", "+5"), ("limit", "1e1"),
        ("cursor", ""), ("cursor", "x"), ("cursor", "MQ.AAAA"), ("cursor", "x" * 5000), ("cursor", "é"),
        ("cursor", "\x00"), ("page", "2"), ("order", "id"), ("q", "x"), ("Limit", "5"), ("access_token", "x"),
        ("limit[]", "5"), ("_flt_0_name", "x"),
    ],
)  # fmt: skip
def test_malformed_arguments_of_every_list_are_named(boss, path, name, value):
    wrong_field(boss("GET", path, query_string={name: value}), name)


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("/customers", "status", ("open", "deleted", "", "ACTIVE")),
        ("/customers", "store", ("nowhere", "MAIN", "", "a b", "-")),
        ("/customers", "balance_min", ("1.234", "1e3", "NaN", "x", "１", "", "1,000", "99999999999")),
        ("/customers", "created_from", ("2026-02-30", "2026-1-1", "today", "", "0001-01-01", "２０２６-01-01")),
        ("/customers", "name", ("", "x" * 121, "a\x00b")),
        ("/postings", "customer", ("0", "-1", "x", "", "1.0", str(2**63))),
        ("/postings", "kind", ("recharges", "", "RECHARGE")),
        ("/postings", "method", ("gold", "")),
        ("/postings", "store", ("nowhere", "")),
        ("/postings", "amount_max", ("1.234", "1e3", "Infinity", "")),
        ("/postings", "from", ("2026-13-01", "20260101", "2026-01-01T00:00:00Z", "")),
        ("/postings", "operator", ("", "x" * 129)),
        ("/postings", "receipt", ("", "x" * 33)),
        ("/customers/1/statement", "to", ("2026-02-29", "x")),
    ],
)
def test_malformed_filters_are_named(boss, path, name, values):
    for value in values:
        wrong_field(boss("GET", path, query_string={name: value}), name)


@pytest.mark.parametrize("path", ["/customers?limit=5&limit=5", "/postings?from=2026-01-01&from=2026-01-02"])
def test_a_parameter_is_sent_once(boss, path):
    wrong_field(boss("GET", path), "limit" if "limit" in path else "from")


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [
        ("/customers", ("created_from", "2026-02-01"), ("created_to", "2026-01-31")),
        ("/customers", ("balance_min", "2.00"), ("balance_max", "1.99")),
        ("/postings", ("from", "2026-02-01"), ("to", "2026-01-31")),
        ("/postings", ("amount_min", "2.00"), ("amount_max", "1.99")),
        ("/customers/1/statement", ("from", "2026-02-01"), ("to", "2026-01-31")),
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(boss, path, low, high):
    wrong_field(boss("GET", path, query_string=dict([low, high])), low[0])


def test_a_cursor_belongs_to_its_list(boss, new_customer):
    for number in "12":
        boss.recharge(new_customer(), number)
    cursor = boss.get("/customers", limit=1).json["next"]
    wrong_field(boss.get("/postings", cursor=cursor), "cursor")
    wrong_field(boss.get("/customers", cursor=cursor[:-1] + ("A" if cursor[-1] != "A" else "B")), "cursor")
    wrong_field(boss.get("/customers", cursor=cursor.swapcase()), "cursor")


@pytest.mark.parametrize("number", [0, -1, 2**63, 2**64, "00001", "1.0", "one", "１", "%31%00", "1%20"])
@pytest.mark.parametrize("path", ["/customers/{}", "/postings/{}", "/customers/{}/statement"])
def test_what_can_be_no_id_names_nothing(boss, path, number):
    refused(boss.get(path.format(number)), 404, "not-found")


@pytest.mark.parametrize("path", ["/customers/{}", "/postings/{}", "/customers/{}/statement"])
def test_an_id_that_nobody_has_names_nothing(boss, path):
    refused(boss.get(path.format(2**63 - 1)), 404, "not-found")
    assert ids(boss.get("/postings", customer=2**63 - 1)) == []


@pytest.mark.parametrize("path", ["/stores", "/methods", "/session"])
def test_the_short_reads_take_no_parameters(till, path):
    assert till.get(path).status_code == 200
    wrong_field(till.get(path, x="1"), "x")


def test_stores_and_methods_are_what_the_contract_names(till, boss, east):
    assert [each["code"] for each in till.get("/stores").json["items"]] == ["main"]
    assert east[1] in [each["code"] for each in boss.get("/stores").json["items"]]
    methods = [each["code"] for each in till.get("/methods").json["items"]]
    assert methods == ["cash", "bank-card", "alipay", "wechat", "bank-transfer", "voucher", "other"]
