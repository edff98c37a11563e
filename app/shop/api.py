"""The stores and payment methods for programs."""

from typing import Any

from app.core.permissions import Action, Grant
from app.shop import queries
from app.shop.queries import StoreLine
from app.ui.api import Answer, Api, ListQuery, page_of, page_schema
from app.ui.api.fields import Claim, IdNumber, StoreCode, Text
from app.ui.guard import current_actor

VIEW_STORES = Grant(Action.VIEW, "stores")

shop_api = Api("shop")


class StoreAnswer(Answer):
    id = IdNumber(required=True)
    code = StoreCode(required=True)
    name = Text(required=True)
    is_open = Claim(required=True)


class MethodAnswer(Answer):
    code = Text(required=True)
    is_on = Claim(required=True)


@shop_api.get(
    "/stores",
    grant=VIEW_STORES,
    query=ListQuery,
    answer=page_schema("StorePage", StoreAnswer),
    summary="The stores within reach, newest first",
)
def list_stores(query: dict[str, Any]) -> dict[str, Any]:
    below, within = query["cursor"], queries.stores_within(current_actor())
    rows = [store for store in reversed(within) if below is None or store.id < below]
    return page_of(rows, query["limit"], StoreLine._asdict)


@shop_api.get(
    "/methods",
    grant=VIEW_STORES,
    query=ListQuery,
    answer=page_schema("MethodPage", MethodAnswer),
    summary="Ways to pay, in the order of the counter",
)
def list_methods(query: dict[str, Any]) -> dict[str, Any]:
    places = list(enumerate(queries.methods(), start=1))
    rows = places[query["cursor"] or 0 :]
    return page_of(rows, query["limit"], lambda row: row[1]._asdict(), id_of=lambda row: row[0])
