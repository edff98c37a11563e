"""Run jobs: a table of runs, and when each job is due next.

Revision: 20261122b, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122b"
down_revision = "20261122a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", _big(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.DateTime(), nullable=name != "enqueued_at") for name in _MOMENTS),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("done", _big(), nullable=True),
        sa.Column("total", _big(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
        sa.UniqueConstraint("name", "due_at", name="uq_job_run_name_due_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_run_name", "job_run", ["name", "id"])
    op.create_index("ix_job_run_state", "job_run", ["state", "id"])
    op.create_table(
        "job_due",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_due"),
    )


def downgrade() -> None:
    op.drop_table("job_due")
    op.drop_table("job_run")


_MOMENTS = ("due_at", "enqueued_at", "started_at", "heartbeat_at", "ended_at")


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
