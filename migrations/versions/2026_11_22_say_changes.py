"""Say on each posting by how much it raised the customer's wallets, so that totals of open days need no transfers.

Only the postings of days that are open are filled: totals of closed days are frozen.

Revision: 20261122v, after: 20261122u
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122v"
down_revision = "20261122u"
branch_labels = None
depends_on = None

LAST_CLOSED = "coalesce((SELECT max(day) FROM day_close WHERE state = 'closed'), '0001-01-01')"
NAMES = {"principal": "principal_change", "bonus": "bonus_change"}


def upgrade() -> None:
    for name in NAMES.values():
        op.add_column("posting", sa.Column(name, sa.BigInteger(), nullable=True))
    is_postgresql = op.get_context().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("ALTER TABLE posting DISABLE TRIGGER USER")
    else:
        op.execute("DROP TRIGGER posting_keeps_values")
    op.execute(f"UPDATE posting SET {', '.join(map(_changed, NAMES))} WHERE business_date > {LAST_CLOSED}")
    if is_postgresql:
        op.execute("ALTER TABLE posting ENABLE TRIGGER USER")
    else:
        op.execute("""
            CREATE TRIGGER posting_keeps_values BEFORE UPDATE ON posting
            BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END
        """)


def _changed(purse: str) -> str:
    return f"""{NAMES[purse]} = (
        SELECT coalesce(sum(CASE WHEN t.credit_id = t.wallet_id THEN t.amount ELSE -t.amount END), 0)
        FROM transfer t JOIN ledger_account a ON a.id = t.wallet_id
        WHERE t.posting_id = posting.id AND a.purse = '{purse}')"""


def downgrade() -> None:
    for name in NAMES.values():
        op.drop_column("posting", name)
