"""Keep the deleted out of the index of names, so that a whole list in their order is counted in it alone.

Revision: 20261122w, after: 20261122p
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122w"
down_revision = "20261122p"
branch_labels = None
depends_on = None

PRESENT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_customer_name", table_name="customer")
    op.create_index("ix_customer_name", "customer", ["name", "id"], sqlite_where=PRESENT, postgresql_where=PRESENT)


def downgrade() -> None:
    op.drop_index("ix_customer_name", table_name="customer")
    op.create_index("ix_customer_name", "customer", ["name", "id"])
