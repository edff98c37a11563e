"""The plug of broadband billing."""

from app.broadband.operations.erasing import erase_orders
from app.broadband.orders import pages as orders
from app.broadband.orders.plug import GRANTS as ORDER_GRANTS
from app.core.feature import Feature

broadband = Feature(
    name="broadband",
    package=__package__ or "app.broadband",
    pages=orders.PAGES,
    grants=ORDER_GRANTS,
    erasers=(erase_orders,),
)
