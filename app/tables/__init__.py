"""The report engine: a report is declared once, and gets its page, sums, chart, files, print view and API from that.

    payments = Report(
        name="payments",                      # stored; never rename it
        title=_("Payments"),
        route="/broadband/payments",          # the page; print and export stand below it
        grant=Grant(Action.VIEW, "payments"),
        export=Grant(Action.EXPORT, "payments"),
        source=payments_seen,                 # Asked -> select(...) of all rows that the actor may see
        orders=(Order("newest", _("Newest first"), (Payment.paid_on, Payment.id)),),
        filters=(
            Period("period", _("Paid on"), Payment.paid_on, months=6),
            Choice("package", _("Package"), Payment.package_code, choices=packages_of),
            Text("number", _("Payment no."), Payment.payment_no, is_indexed=True),
        ),
        columns=(
            Column("payment_no", _("Payment no."), link=lambda row: url_for(...)),
            Column("paid_on", _("Paid on"), Kind.DAY),
            Column("total", _("Total"), Kind.MONEY, total=True),
        ),
        groups=(Group("day", _("Day"), "paid_on", Kind.DAY),),
    )

A room lists it in its plug: `Page(report_page(payments), "payments", label=..., category=..., shows=payments.grant)`
and `apis=(report_api(payments),)`, and declares the two grants.

What to know when declaring one:

- **source** is the one place where the reach of the actor is applied (`asked.actor`). Names of its columns are those
  of `columns`, `measures` and `groups`; labels make them unique. It may read a filter by `asked["name"]`.
- **orders**: keys that are never null, the last part unique, served by an index together with the usual filters. Pages
  go by key, so they stay right while rows come in.
- **filters** with `is_narrow` leave a few rows, which an index finds. Those with `is_indexed` have an index that goes
  on with the order's key; of these one is served at a time. All others are scanning: one request looks at no more
  than 50,000 rows, says how far it looked, and goes on by a click. `where` is a column that must be equal, or a
  callable from the value to a condition (it may raise Invalid); without it the source reads the value. `Sealed` is for
  what may stand in no address: the page has a form of its own for it, `<route>/find`.
- **sums** are of all that is looked for, not of the page. Beyond 200,000 rows they wait for a click.
- **export** needs its own grant; its record is written before anything is handed out. Work in the background calls
  `exporting.write(report, asked, path, Format.CSV, progress)`; `asking.ask_again(report, asked.arguments, actor)` makes
  `asked` of what was kept.
- **row_links** stand beside each row of the page: what can be done with it, by whom.
- Charts for other pages: `charts.bars(...)`, `charts.lines(...)`, drawn by `tables/chart.html`.
"""

from app.tables.api import report_api
from app.tables.filters import Amounts, Choice, Claim, Filter, Phone, Sealed, Span, Text, Whole
from app.tables.period import Period
from app.tables.report import Asked, Column, Group, Kind, Measure, Owned, Report, RowLink
from app.tables.views import report_page
from app.ui.keyset import Order

__all__ = [
    "Amounts",
    "Asked",
    "Choice",
    "Claim",
    "Column",
    "Filter",
    "Group",
    "Kind",
    "Measure",
    "Order",
    "Owned",
    "Period",
    "Phone",
    "Report",
    "RowLink",
    "Sealed",
    "Span",
    "Text",
    "Whole",
    "report_api",
    "report_page",
]
