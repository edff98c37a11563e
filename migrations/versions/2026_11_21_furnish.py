"""Furnish: the first store, the payment methods and the chart of accounts (docs/accounts.md).

Revision: 20261121c, after: 20261121b
"""

import sqlalchemy as sa
from alembic import op

revision = "20261121c"
down_revision = "20261121b"
branch_labels = None
depends_on = None

METHODS = ("cash", "bank-card", "alipay", "wechat", "bank-transfer", "voucher", "other")
ACCOUNTS = (
    "cash:1",
    *(f"clearing:{method}" for method in METHODS if method != "cash"),
    "revenue:general",
    "promotions",
    "opening",
    "adjustments",
    "suspense",
    "over-short",
    "rounding",
    "expired-bonus",
)

store = sa.table("store", sa.column("code"), sa.column("name"), sa.column("is_open", sa.Boolean))
method_table = sa.table(
    "payment_method",
    sa.column("code"),
    sa.column("position"),
    sa.column("is_on", sa.Boolean),
)
account = sa.table("ledger_account", sa.column("code"))


def upgrade() -> None:
    op.bulk_insert(store, [{"code": "main", "name": "Main store", "is_open": True}])
    op.bulk_insert(
        method_table,
        [{"code": code, "position": place, "is_on": True} for place, code in enumerate(METHODS, start=1)],
    )
    op.bulk_insert(account, [{"code": code} for code in ACCOUNTS])


def downgrade() -> None:
    for table in (account, method_table, store):
        op.execute(table.delete())
