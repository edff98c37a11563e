"""The plug of the receipts. Whoever sees a posting may print it."""

from app.core.feature import Feature, Page
from app.receipts.views import ReceiptCheckView, ReceiptView

receipts = Feature(
    name="receipts",
    package=__package__ or "app.receipts",
    pages=(Page(ReceiptView), Page(ReceiptCheckView)),
    open_endpoints=frozenset({"ReceiptCheckView.show"}),
)
