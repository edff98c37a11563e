"""Customers: made, found, changed, deleted."""

from typing import Any

from app.core.db import in_transaction
from app.core.permissions import Action, Grant
from app.customers import listing, operations, queries
from app.customers.api import present
from app.customers.api.schemas import CustomerAnswer, CustomerPatch, CustomerQuery, DeleteQuery, NewCustomer
from app.shop.queries import store_to_look_at, store_to_work_in
from app.ui.api import Api, Key, NoContent, Reply, etag, expected_version, next_cursor, once, page_schema
from app.ui.guard import current_actor

VIEW = Grant(Action.VIEW, "customers")
EDIT = Grant(Action.EDIT, "customers")
REMOVE = Grant(Action.REMOVE, "customers")

customers_api = Api("customers")


@customers_api.post(
    "/customers", grant=EDIT, body=NewCustomer, answer=CustomerAnswer, key=Key.OPTIONAL, summary="Take in a customer"
)
def create_customer(body: dict[str, Any]) -> Any:
    actor = current_actor()
    values = {name: value for name, value in body.items() if value is not None and name != "store"}

    def work() -> dict[str, Any]:
        store = store_to_work_in(body["store"], actor=actor)
        return {"customer_id": operations.create_customer(values, store_id=store.id, actor=actor).id}

    return once(
        work,
        lambda kept: present.customer(queries.get(kept["customer_id"], is_deleted_too=True)),
        meant={"phone": queries.e164(body["phone"]) or body["phone"]},
    )


@customers_api.get(
    "/customers",
    grant=VIEW,
    query=CustomerQuery,
    answer=page_schema("CustomerPage", CustomerAnswer),
    summary="The customer list, newest first. A page may be short, or empty, and yet go on",
)
def list_customers(query: dict[str, Any]) -> dict[str, Any]:
    if query["store"] is not None:
        query["store_id"] = store_to_look_at(query["store"], actor=current_actor()).id
    below = None if query["cursor"] is None else (query["cursor"],)
    found = listing.find(query, actor=current_actor(), after=below, limit=query["limit"])
    return {
        "items": [present.customer(row) for row in found.rows],
        "next": next_cursor(found.after[-1]) if found.after else None,
    }


@customers_api.get("/customers/<id:customer_id>", grant=VIEW, answer=CustomerAnswer, summary="One customer")
def get_customer(customer_id: int) -> Reply:
    row = queries.get(customer_id, actor=current_actor())
    return Reply(present.customer(row), headers=etag(row.version))


@customers_api.patch(
    "/customers/<id:customer_id>",
    grant=EDIT,
    body=CustomerPatch,
    answer=CustomerAnswer,
    is_versioned=True,
    summary="Change a customer's profile, never his balance",
)
def change_customer(customer_id: int, body: dict[str, Any]) -> Reply:
    actor, version = current_actor(), expected_version()
    queries.get(customer_id, actor=actor)
    in_transaction(lambda: operations.change_customer(customer_id, body, version=version, actor=actor))
    row = queries.get(customer_id)
    return Reply(present.customer(row), headers=etag(row.version))


@customers_api.delete(
    "/customers/<id:customer_id>",
    grant=REMOVE,
    query=DeleteQuery,
    is_versioned=True,
    summary="Delete a customer whose wallets are empty",
)
def delete_customer(customer_id: int, query: dict[str, Any]) -> Reply:
    actor, version = current_actor(), expected_version()
    queries.get(customer_id, actor=actor)
    in_transaction(
        lambda: operations.delete_customer(customer_id, reason=query["reason"], version=version, actor=actor)
    )
    return NoContent()
