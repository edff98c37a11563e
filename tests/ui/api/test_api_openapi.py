"""The document says what the calls declare."""

from app.ui.api.edge import calls_of
from app.ui.api.openapi import document


def test_every_call_is_in_the_document(toy_house):
    calls = calls_of(toy_house)
    paths = document(calls, "Toys", "1")["paths"]
    assert sum(len(item) for item in paths.values()) == len(calls)
    assert "/api/v1/toys/{toy_id}/sales" in paths


def test_a_call_shows_its_parameters_shapes_and_problems(toy_house):
    shown = document(calls_of(toy_house), "Toys", "1")
    sale = shown["paths"]["/api/v1/toys/{toy_id}/sales"]["post"]
    assert {(part["name"], part["in"]) for part in sale["parameters"]} == {
        ("toy_id", "path"),
        ("Idempotency-Key", "header"),
    }
    assert {"200", "201", "400", "401", "403", "404", "409", "422", "503"} <= sale["responses"].keys()
    body = shown["components"]["schemas"]["ToyBody"]
    assert body["required"] == ["amount"]
    assert body["properties"]["amount"]["type"] == "string"
    listing = {part["name"]: part for part in shown["paths"]["/api/v1/toys"]["get"]["parameters"]}
    assert listing["limit"]["schema"]["maximum"] == 200
    assert "cash" in listing["method"]["schema"]["enum"]
    assert {"from", "to", "cursor"} <= listing.keys()


def test_ids_are_unique_in_the_document(toy_house):
    names = [call.name for call in calls_of(toy_house)]
    assert len(names) == len(set(names))
