"""Keep which postings moved a balance when a service went to another customer.

Revision: 20261122x, after: 20261122w
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122x"
down_revision = "20261122w"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadband_document", sa.Column("moved_postings", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("broadband_document", "moved_postings")
