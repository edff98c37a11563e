"""The pages of work orders, for the plug of the room."""

from app.broadband.orders.plug import SEE, SEE_ALL, WRITE
from app.broadband.orders.report import order_materials, work_orders
from app.broadband.orders.views import WorkOrderLinesView, WorkOrderView
from app.broadband.orders.writing import WorkOrderFormView
from app.core.errors import N_
from app.core.feature import Page
from app.tables import report_page

CATEGORY = N_("Broadband")
PAGES = (
    Page(
        report_page(work_orders),
        "work-orders",
        label=N_("Work orders"),
        category=CATEGORY,
        icon="fa-clipboard-list",
        shows=SEE,
    ),
    Page(
        WorkOrderFormView,
        "new-work-order",
        label=N_("New work order"),
        category=CATEGORY,
        icon="fa-file-circle-plus",
        shows=WRITE,
    ),
    Page(
        report_page(order_materials),
        "work-order-materials",
        label=N_("Materials of work orders"),
        category=CATEGORY,
        icon="fa-boxes-stacked",
        shows=SEE_ALL,
    ),
    Page(WorkOrderView),
    Page(WorkOrderLinesView),
)
