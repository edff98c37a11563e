"""The plug of broadband billing."""

from app.broadband.orders import plug as orders
from app.core.feature import Feature

broadband = Feature(
    name="broadband",
    package=__package__ or "app.broadband",
    grants=orders.GRANTS,
)
