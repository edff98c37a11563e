"""Order works: what is to be done for a service, and the materials that were built in.

Revision: 20261122q, after: 20261122n
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122q"
down_revision = "20261122n"
branch_labels = None
depends_on = None

ORDER, LINE = "broadband_work_order", "broadband_work_order_line"


def upgrade() -> None:
    op.create_table(
        ORDER,
        sa.Column("id", _big(), nullable=False),
        sa.Column("work_order_no", sa.String(length=32), nullable=False),
        sa.Column("service_id", _big(), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("installer_id", _big(), nullable=True),
        sa.Column("business_type_id", _big(), nullable=False),
        sa.Column("work_kind", sa.String(length=32), nullable=False),
        sa.Column("installation_fee", sa.BigInteger(), nullable=False),
        sa.Column("handling_fee", sa.BigInteger(), nullable=False),
        sa.Column("labour_material_fee", sa.BigInteger(), nullable=False),
        sa.Column("is_labour_agreed", sa.Boolean(), nullable=False),
        sa.Column("other_fee", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(length=64), nullable=True),
        sa.Column("new_customer_id", _big(), nullable=True),
        sa.Column("new_customer_name", sa.String(length=120), nullable=True),
        sa.Column("new_phone", sa.String(length=32), nullable=True),
        sa.Column("new_id_card_sealed", sa.Text(), nullable=True),
        sa.Column("new_package_id", _big(), nullable=True),
        sa.Column("new_community_id", _big(), nullable=True),
        sa.Column("new_address", sa.String(length=250), nullable=True),
        sa.Column("customer_request", sa.String(length=500), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("document_status", sa.String(length=32), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("billing_start_at", sa.DateTime(), nullable=True),
        sa.Column("appointment_at", sa.DateTime(), nullable=True),
        sa.Column("document_id", _big(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *_truths_of_orders(),
        *_links(
            ORDER,
            service_id="broadband_service",
            customer_id="customer",
            store_id="store",
            installer_id="broadband_installer",
            business_type_id="broadband_business_type",
            new_customer_id="customer",
            new_package_id="broadband_package",
            new_community_id="broadband_community",
            document_id="broadband_document",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_work_order"),
        sa.UniqueConstraint("document_id", name="uq_broadband_work_order_document_id"),
        sa.UniqueConstraint("work_order_no", name="uq_broadband_work_order_work_order_no"),
        sqlite_autoincrement=True,
    )
    for name in ("service_id", "customer_id", "installer_id", "document_status", "work_date", "appointment_at"):
        op.create_index(f"ix_{ORDER}_{name}", ORDER, [name, "id"])
    op.create_index(f"ix_{ORDER}_new_customer_id", ORDER, ["new_customer_id"])
    _make_lines()


def _truths_of_orders() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "installation_fee >= 0 AND handling_fee >= 0 AND labour_material_fee >= 0 AND other_fee >= 0",
            name="ck_broadband_work_order_fees_not_negative",
        ),
        sa.CheckConstraint(
            "total = installation_fee + handling_fee + labour_material_fee + other_fee",
            name="ck_broadband_work_order_total_is_true",
        ),
        sa.CheckConstraint(
            "(document_status = 'billed') = (document_id IS NOT NULL)",
            name="ck_broadband_work_order_billed_by_document",
        ),
        sa.CheckConstraint(
            "(document_id IS NULL) = (billing_start_at IS NULL)", name="ck_broadband_work_order_billed_since_when"
        ),
        sa.CheckConstraint(
            "(document_id IS NULL) = (payee IS NULL)", name="ck_broadband_work_order_billed_by_somebody"
        ),
    ]


def _make_lines() -> None:
    op.create_table(
        LINE,
        sa.Column("id", _big(), nullable=False),
        sa.Column("order_id", _big(), nullable=False),
        sa.Column("material_id", _big(), nullable=False),
        sa.Column("material_no", sa.String(length=32), nullable=False),
        sa.Column("material_name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("spec", sa.String(length=120), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.CheckConstraint("quantity > 0 AND unit_price >= 0", name="ck_broadband_work_order_line_quantity_above_zero"),
        sa.CheckConstraint(
            "amount = (quantity * unit_price + 50) / 100", name="ck_broadband_work_order_line_amount_is_true"
        ),
        *_links(LINE, order_id=ORDER, material_id="broadband_material"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_work_order_line"),
        sqlite_autoincrement=True,
    )
    for name in ("order_id", "material_id"):
        op.create_index(f"ix_{LINE}_{name}", LINE, [name, "id"])


def downgrade() -> None:
    op.drop_table(LINE)
    op.drop_table(ORDER)


def _links(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")
        for column, other in columns.items()
    ]


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
