"""Speed: tell PostgreSQL how few groups the overview adds up, which it cannot know from the columns one by one.

Without it, it expects as many groups as rows and sorts a day's postings instead of counting them in a table.

Revision: 20261122j, after: 20261122h
"""

from alembic import op

revision = "20261122j"
down_revision = "20261122h"
branch_labels = None
depends_on = None

KEYS = "store_id, method, hour, kind, reverses_kind"
GROUPS = {"posting": f"business_date, {KEYS}", "day_postings": f"day, {KEYS}"}


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table, keys in GROUPS.items():
        op.execute(f"CREATE STATISTICS st_{table}_groups (ndistinct) ON {keys} FROM {table}")
        op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table in GROUPS:
        op.execute(f"DROP STATISTICS st_{table}_groups")
