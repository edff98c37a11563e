"""The stores and payment methods for programs."""

from typing import Any

from app.core.permissions import Action, Grant
from app.shop import queries
from app.ui.api import Answer, Api, page_schema
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
    "/stores", grant=VIEW_STORES, answer=page_schema("StorePage", StoreAnswer), summary="The stores within reach"
)
def list_stores() -> dict[str, Any]:
    return {"items": [store._asdict() for store in queries.stores_within(current_actor())], "next": None}


@shop_api.get(
    "/methods",
    grant=VIEW_STORES,
    answer=page_schema("MethodPage", MethodAnswer),
    summary="Ways to pay",
)
def list_methods() -> dict[str, Any]:
    return {"items": [method._asdict() for method in queries.methods()], "next": None}
