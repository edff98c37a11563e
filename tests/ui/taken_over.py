"""Lists on their way through the house, for pages to tell of: of customers and of subscribers, good and bad."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from app.broadband.subscribers.kind import SUBSCRIBERS
from app.core.db import in_transaction
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover import flow
from app.customers.takeover import operations as lists
from app.customers.takeover.kinds import ListKind
from tests.ui import provider


def take_over(app: Flask, folder: Path, owner: Any) -> None:
    """One list of each state that stays: columns to name, refused, taken over, failed."""
    app.config["UPLOAD_DIR"] = str(folder)
    good = "手机,姓名,余额,赠送\n13911110001,李一,10.00,5\n13911110002,,8.50,\n\n合计,,18.50,5\n"
    bad = "手机,姓名,余额,生日,类型\n13911110003,李三,十元,2999-01-01,?\n12,李四,-1,,\n13911110003,,1.234,,\n"
    nameless = "甲,乙\n1,2\n"
    lists_of_customers = (("好.csv", good, 2), ("坏.csv", bad, 1), ("无名.csv", nameless, 0))
    lists_of_services = (("好.csv", provider.LIST, 2), ("坏.csv", provider.LIST + provider.WRONG, 1))
    _each(folder, owner, CUSTOMERS, lists_of_customers)
    _each(folder, owner, SUBSCRIBERS, lists_of_services)


def _each(folder: Path, owner: Any, kind: ListKind, given: Iterable[tuple[str, str, int]]) -> None:
    """Take over each of these as far as it is said: look, check, apply."""
    for name, text, steps in given:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        layout, height = flow.look(path, kind)
        number = in_transaction(
            lambda path=path, layout=layout, height=height: lists.begin(
                kind, path.name, store_id=1, upload=None, layout=layout.as_json(), rows_total=height, actor=owner
            )
        )
        if steps:
            flow.check(number, path, layout, actor=owner)
        if steps == 2:
            flow.take_over(kind, number, 2, actor=owner)
