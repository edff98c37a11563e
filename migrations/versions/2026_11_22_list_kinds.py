"""Take over lists of several kinds with the same machinery.

Revision: 20261122u, after: 20261122s
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122u"
down_revision = "20261122s"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(length=32), nullable=False, server_default="customers")
    op.add_column("customer_import", kind)
    op.add_column("customer_import_row", sa.Column("other_key", sa.String(length=64), nullable=True))
    op.add_column("customer_import_row", sa.Column("secret_sealed", sa.Text(), nullable=True))
    op.create_index("ix_customer_import_row_other_key", "customer_import_row", ["import_id", "other_key"])


def downgrade() -> None:
    op.drop_index("ix_customer_import_row_other_key", "customer_import_row")
    op.drop_column("customer_import_row", "secret_sealed")
    op.drop_column("customer_import_row", "other_key")
    op.drop_column("customer_import", "kind")
