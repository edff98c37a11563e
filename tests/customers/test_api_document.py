"""The document of the API: sound in itself, and what every call keeps to, whatever it is sent."""

import contextvars
import re
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app.ui.api.edge import ROOT
from tests.customers.cases import send

EXAMPLES = 4
# Signing in and out, and the writes on administrators, would end the others' tests.
LEFT_OUT = {("POST", "/session"), ("DELETE", "/session")}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")


@pytest.fixture(scope="session")
def document(boss) -> dict[str, Any]:
    return boss.get("/openapi.json").json


def references(value: Any) -> set[str]:
    return set(_REFERENCE.findall(str(value)))


def operations(document: dict[str, Any]):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_the_document_is_whole(document):
    assert document["openapi"].startswith("3.0.")
    assert {"title", "version"} <= document["info"].keys()
    assert references(document["paths"]) <= document["components"]["schemas"].keys()
    assert references(document["components"]) <= document["components"]["schemas"].keys()
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for _, path, operation in operations(document):
        declared = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        assert declared == re.findall(r"{(\w+)}", path)
        assert all(each["schema"] for each in operation["parameters"])
        assert operation["responses"].keys() & {"200", "201", "204"}
        assert all(each["description"] for each in operation["responses"].values())
        assert operation["security"] == ([] if (path, operation["operationId"]) == (f"{ROOT}/session", "start") else
                                         [{"bearer": []}])  # fmt: skip


def test_the_document_names_every_call_of_the_contract(document):
    named = {(method, path.removeprefix(ROOT)) for method, path, _ in operations(document)}
    assert named >= {
        ("POST", "/session"), ("GET", "/session"), ("DELETE", "/session"), ("GET", "/openapi.json"),
        ("POST", "/customers"), ("GET", "/customers"), ("GET", "/customers/{customer_id}"),
        ("PATCH", "/customers/{customer_id}"), ("DELETE", "/customers/{customer_id}"),
        ("POST", "/customers/{customer_id}/recharges"), ("POST", "/customers/{customer_id}/consumptions"),
        ("POST", "/customers/{customer_id}/refunds"), ("POST", "/customers/{customer_id}/adjustments"),
        ("POST", "/postings/{posting_id}/reversal"), ("GET", "/postings"), ("GET", "/postings/{posting_id}"),
        ("GET", "/customers/{customer_id}/statement"), ("GET", "/operation-records"), ("GET", "/administrators"),
        ("GET", "/stores"), ("GET", "/methods"),
    }  # fmt: skip


def test_the_document_tells_what_money_needs(document):
    for method, path, operation in operations(document):
        headers = {each["name"]: each["required"] for each in operation["parameters"] if each["in"] == "header"}
        moves_money = method == "POST" and re.search(
            r"/(recharges|consumptions|refunds|adjustments|reversal|approve)$", path
        )
        assert headers.get("Idempotency-Key") is (True if moves_money else False if path.endswith("/customers") and
                                                  method == "POST" else None)  # fmt: skip
        assert ("If-Match" in headers) is (method in ("PATCH", "DELETE") and "/customers/" in path)


def test_the_longest_texts_are_within_what_the_document_says(document, boss, new_customer):
    customer_id = new_customer(note="n" * 500, email="e" * 254, address="a" * 250)
    boss.recharge(customer_id, "5", note="n" * 500)
    shown = document["components"]["schemas"]
    answers = {
        "CustomerAnswer": boss.customer(customer_id),
        "PostingAnswer": boss.get("/postings", customer=customer_id).json["items"][0],
    }
    for name, answer in answers.items():
        assert answer.keys() == shown[name]["properties"].keys()
        for field, value in answer.items():
            if isinstance(value, str):
                assert len(value) <= shown[name]["properties"][field].get("maxLength", len(value))


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_call_keeps_to_the_document_whatever_it_is_sent(house, boss, till, new_customer, mode):
    customer_id = new_customer("1000")
    posting_id = till.recharge(customer_id, "5").json["posting"]["id"]
    known = {"customer_id": customer_id, "posting_id": posting_id, "staff_id": boss.id}
    bearer = {"Authorization": f"Bearer {boss.token}"}
    # From outside: the database session of the test is not that of the request.
    load = partial(schemathesis.openapi.from_wsgi, f"{ROOT}/openapi.json", house, headers=bearer)
    schema = contextvars.Context().run(load)
    for found in schema.get_all_operations():
        operation = found.ok()
        name = (operation.method.upper(), operation.path.removeprefix(ROOT))
        if name in LEFT_OUT or (name[0] != "GET" and "administrators" in name[1]):
            continue
        _drive(operation, mode, bearer, known)


def _drive(operation: Any, mode: Any, bearer: dict[str, str], known: dict[str, int]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def keeps(case: Any) -> None:
        send(case, operation, known=known, bearer=bearer, checks=CHECKS)

    keeps()
