"""The people who call the API, and a shop's clock that can be set."""

from tests.customers.conftest import boss, east, eastern, new_customer, roving, till  # noqa: F401 - fixtures
from tests.ledger.conftest import shop_time  # noqa: F401 - a fixture
