"""Every call of the API with what schemathesis makes of its document: as an owner and as a clerk."""

import contextvars
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from app.ui.api.edge import ROOT
from tests.attacks.conftest import IS_FULL
from tests.customers.cases import send
from tests.customers.test_api_document import CHECKS, LEFT_OUT
from tests.staff.people import make

CASES = 2_000 if IS_FULL else 200  # of both modes and both people together, at least


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("who", ["owner", "clerk"])
def test_no_call_breaks_its_document_or_itself(stage, who, mode):
    known = {name: rows[0] for name, rows in stage.ids.items()} | {"staff_id": make()}
    bearer = {"Authorization": f"Bearer {stage.token(getattr(stage, who))}"}
    load = partial(schemathesis.openapi.from_wsgi, f"{ROOT}/openapi.json", stage.app, headers=bearer)
    operations = [found.ok() for found in contextvars.Context().run(load).get_all_operations()]
    operations = [each for each in operations if (each.method.upper(), each.path.removeprefix(ROOT)) not in LEFT_OUT]
    tried = sum(_drive(each, mode, bearer, known, CASES // 4 // len(operations) + 1) for each in operations)
    assert tried >= CASES // 8  # a call without anything to vary has one case alone


def _drive(operation: Any, mode: Any, bearer: dict[str, str], known: dict[str, Any], examples: int) -> int:
    tried = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def keeps(case: Any) -> None:
        nonlocal tried
        tried += 1
        send(case, operation, known=known, bearer=bearer, checks=CHECKS)

    keeps()
    return tried
