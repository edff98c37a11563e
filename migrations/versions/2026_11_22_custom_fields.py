"""Keep fields of the owner's own, what stands in them, and which stock fields he has hidden.

Revision: 20261122p, after: 20261122q
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122p"
down_revision = "20261122q"
branch_labels = None
depends_on = None

ONE_VALUE = (
    "(CASE WHEN text IS NULL THEN 0 ELSE 1 END) + (CASE WHEN number IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN day IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_custom_field"),
        sa.UniqueConstraint("subject", "name", name="uq_custom_field_subject_name"),
    )
    op.create_table(
        "custom_value",
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", _by_signs(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.CheckConstraint(ONE_VALUE, name="ck_custom_value_one_value"),
        sa.ForeignKeyConstraint(["field_id"], ["custom_field.id"], name="fk_custom_value_field_id_custom_field"),
        sa.PrimaryKeyConstraint("field_id", "subject_id", name="pk_custom_value"),
    )
    for column in ("text", "number", "day"):
        is_there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_custom_value_{column}",
            "custom_value",
            ["field_id", column, "subject_id"],
            sqlite_where=is_there,
            postgresql_where=is_there,
        )
    op.create_table(
        "hidden_field",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("subject", "name", name="pk_hidden_field"),
    )


def downgrade() -> None:
    for table in ("hidden_field", "custom_value", "custom_field"):
        op.drop_table(table)


def _by_signs() -> sa.types.TypeEngine:
    return sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql")
