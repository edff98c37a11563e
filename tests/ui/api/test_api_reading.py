"""Parameters and bodies are read strictly."""

import pytest


def errors_of(answer):
    assert answer.status_code == 400, answer.data
    assert answer.json["code"] == "invalid"
    return set(answer.json["errors"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("nope=1", "nope"),
        ("limit=1&limit=2", "limit"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("limit=1e1", "limit"),
        ("limit=５", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("cursor=", "cursor"),
        ("cursor=abc", "cursor"),
        ("cursor=MQ.abc", "cursor"),
        ("from=2026-02-01&to=2026-01-31", "from"),
        ("from=2026-02-30", "from"),
        ("from=20260201", "from"),
        ("from=0001-01-01", "from"),
        ("least=2&most=1.99", "least"),
        ("least=1.999", "least"),
        ("method=shells", "method"),
        ("store=Main%20!", "store"),
        ("store=a%00b", "store"),
        ("is_new=1", "is_new"),
        ("since=2026-01-01T00:00:00", "since"),
        ("since=yesterday", "since"),
    ],
)
def test_a_bad_parameter_is_named(maker, query, field):
    assert errors_of(maker("GET", f"/toys?{query}")) == {field}


def test_a_call_without_parameters_takes_none(maker):
    assert errors_of(maker("GET", "/toys/5?verbose=1")) == {"verbose"}


def test_good_parameters_are_understood(maker):
    query = "from=2026-01-31&to=2026-01-31&least=-1&most=1.5&method=cash&is_new=true&limit=200"
    query += "&since=2026-01-01T08:00:00%2B08:00"
    assert maker("GET", f"/toys/seen?{query}").json == {
        "cursor": None, "from": "2026-01-31", "to": "2026-01-31", "least": "-1.00", "most": "1.50", "method": "cash",
        "is_new": True, "limit": 200, "since": "2026-01-01T08:00:00+08:00", "store": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"not json", b"[]", b'"text"', b"null", b"1", b'{"amount": NaN}', b'{"amount": Infinity}',
        b'{"amount": "1", "amount": "2"}', b"\xff\xfe{}", b'\xef\xbb\xbf{"amount": "1"}', b"[" * 100_000,
        b'{"amount": ' + b"1" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_not_a_json_object_is_refused(as_, body):
    assert errors_of(as_(None)("POST", "/echo", data=body, content_type="application/json")) <= {"body", "amount"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_json_under_another_name_is_a_415_problem(as_, kind):
    answer = as_(None)("POST", "/echo", data=b'{"amount": "1"}', content_type=kind)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


def test_a_form_is_not_json(as_):
    assert errors_of(as_(None)("POST", "/echo", data={"amount": "1"})) == {"body"}


def test_a_body_that_is_too_large_is_a_413_problem(as_):
    answer = as_(None)("POST", "/echo", data=b" " * 300_000, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize(
    "amount",
    [0, 1, 1.5, True, None, [], {}, "", "0", "0.00", "-1", "1.234", "1e3", "NaN", "Infinity", "１００", "1,000", " 1",
     "1 ", "10000000000", "10000000000.00", "1000000000000000000", ".5", "5.", "+1", "0x1", "--1", "￥1", "1\n"],
)  # fmt: skip
def test_what_is_not_an_amount_above_zero_is_refused(as_, amount):
    assert errors_of(as_(None)("POST", "/echo", json={"amount": amount})) == {"amount"}


@pytest.mark.parametrize(
    ("amount", "read"), [("100", "100.00"), ("100.5", "100.50"), ("0.01", "0.01"), ("9999999999.99", "9999999999.99")]
)
def test_an_amount_is_read_exactly(as_, amount, read):
    assert as_(None)("POST", "/echo", json={"amount": amount}).json["amount"] == read


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("note", "x" * 21), ("note", 5), ("note", True), ("note", "a\0b"), ("note", "\ud800"), ("phone", 13800138000),
        ("phone", "1" * 41), ("count", 0), ("count", 10), ("count", "5"), ("count", True), ("count", 1.0),
        ("change", "0"), ("change", "-0.00"), ("force", "true"), ("force", 1), ("extra", 1),
    ],
)  # fmt: skip
def test_a_bad_field_is_named(as_, field, value):
    assert errors_of(as_(None)("POST", "/echo", json={"amount": "1", field: value})) == {field}


def test_every_bad_field_is_named_at_once(as_):
    assert errors_of(as_(None)("POST", "/echo", json={"amount": "x", "note": 1, "extra": 2})) == {
        "amount",
        "note",
        "extra",
    }


def test_what_is_absent_or_null_is_none_in_a_body(as_):
    sent = {"amount": "1", "note": None, "phone": "  "}
    empty = {"note": None, "phone": None, "count": None, "change": None, "force": None}
    assert as_(None)("POST", "/echo", json=sent).json == {"amount": "1.00", **empty}


def test_a_patch_holds_only_what_was_sent(maker):
    version = {"If-Match": "*"}
    assert maker("PATCH", "/toys/5", version, json={"note": None}).json == {"id": 5, "note": None}
    assert errors_of(maker("PATCH", "/toys/5", version, json={"name": None})) == {"name"}
    assert errors_of(maker("PATCH", "/toys/5", version, json={"name": ""})) == {"name"}


def test_a_list_is_walked_by_cursor_to_its_end(maker):
    seen, query = [], "limit=3"
    while query:
        page = maker("GET", f"/toys?{query}").json
        seen += [item["id"] for item in page["items"]]
        query = page["next"] and f"limit=3&cursor={page['next']}"
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_that_is_exactly_full_and_last_has_no_next(maker):
    assert maker("GET", "/toys?limit=7").json["next"] is None


def test_a_cursor_of_one_list_is_a_bad_one_in_another(maker):
    cursor = maker("GET", "/toys?limit=1").json["next"]
    assert errors_of(maker("GET", f"/toys/seen?cursor={cursor}")) == {"cursor"}


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [("zh-TW,zh;q=0.9", "zh_Hant_TW"), ("zh-Hant-HK", "zh_Hant_TW"), ("zh-CN", "zh"), ("de-DE, zh-Hans-CN;q=0.5", "zh"),
     ("en-GB", "en"), ("de", "en"), ("", "en"), ("zh;q=0, en;q=0.1", "en"), ("*", "en")],
)  # fmt: skip
def test_answers_speak_the_language_that_the_caller_accepts(toy_house, accepted, locale):
    from flask_babel import get_locale  # noqa: PLC0415

    from app.ui.api.language import in_callers_language  # noqa: PLC0415

    with toy_house.test_request_context("/api/v1/toys", headers={"Accept-Language": accepted}), in_callers_language():
        assert str(get_locale()) == locale
