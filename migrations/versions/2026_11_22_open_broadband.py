"""Open broadband: what is set up once, services, their documents and payments.

Revision: 20261122k, after: 20261122j
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122k"
down_revision = "20261122j"
branch_labels = None
depends_on = None

TABLES = (
    "broadband_business_type",
    "broadband_community",
    "broadband_material",
    "broadband_package",
    "broadband_employee",
    "broadband_installer",
    "broadband_service",
    "broadband_document",
    "broadband_payment",
)


def upgrade() -> None:
    op.create_table(
        "broadband_business_type",
        sa.Column("id", _big(), nullable=False),
        sa.Column("usage", sa.String(length=32), nullable=False),
        sa.Column("business_type", sa.String(length=120), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_business_type"),
        sa.UniqueConstraint("usage", "business_type", name="uq_broadband_business_type_usage_business_type"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadband_community",
        sa.Column("id", _big(), nullable=False),
        sa.Column("community_code", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=120), nullable=False),
        sa.Column("responsible_person", sa.String(length=120), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_community"),
        sa.UniqueConstraint("community_code", name="uq_broadband_community_community_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadband_material",
        sa.Column("id", _big(), nullable=False),
        sa.Column("material_no", sa.String(length=32), nullable=False),
        sa.Column("material_name", sa.String(length=120), nullable=False),
        sa.Column("spec", sa.String(length=120), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.CheckConstraint("unit_price >= 0", name="ck_broadband_material_price_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_material"),
        sa.UniqueConstraint("material_no", name="uq_broadband_material_material_no"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadband_package",
        sa.Column("id", _big(), nullable=False),
        sa.Column("package_type", sa.String(length=120), nullable=False),
        sa.Column("package_fee", sa.BigInteger(), nullable=False),
        sa.Column("package_months", sa.Integer(), nullable=False),
        sa.Column("maintenance_fee", sa.BigInteger(), nullable=False),
        sa.Column("remind_days_before", sa.Integer(), nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.CheckConstraint("maintenance_fee >= 0", name="ck_broadband_package_maintenance_not_negative"),
        sa.CheckConstraint("package_fee >= 0", name="ck_broadband_package_fee_not_negative"),
        sa.CheckConstraint("package_months BETWEEN 1 AND 120", name="ck_broadband_package_months_make_sense"),
        sa.CheckConstraint("remind_days_before >= 0", name="ck_broadband_package_days_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_package"),
        sa.UniqueConstraint("package_type", name="uq_broadband_package_package_type"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadband_employee",
        sa.Column("id", _big(), nullable=False),
        sa.Column("employee_no", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=True),
        sa.Column("id_card_sealed", sa.Text(), nullable=True),
        sa.Column("id_card_mark", sa.String(length=64), nullable=True),
        sa.Column("landline", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("home_address", sa.String(length=250), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("gender", sa.String(length=32), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["ab_user.id"], name="fk_broadband_employee_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_employee"),
        sa.UniqueConstraint("employee_no", name="uq_broadband_employee_employee_no"),
        sa.UniqueConstraint("staff_id", name="uq_broadband_employee_staff_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadband_employee_id_card_mark", "broadband_employee", ["id_card_mark"])
    op.create_index("ix_broadband_employee_name", "broadband_employee", ["name", "id"])

    op.create_table(
        "broadband_installer",
        sa.Column("id", _big(), nullable=False),
        sa.Column("installer_no", sa.String(length=32), nullable=False),
        sa.Column("installer_name", sa.String(length=120), nullable=False),
        sa.Column("employee_id", _big(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["broadband_employee.id"], name="fk_broadband_installer_employee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_installer"),
        sa.UniqueConstraint("employee_id", name="uq_broadband_installer_employee_id"),
        sa.UniqueConstraint("installer_no", name="uq_broadband_installer_installer_no"),
        sqlite_autoincrement=True,
    )
    _make_services()
    _make_documents()


def _make_services() -> None:
    op.create_table(
        "broadband_service",
        sa.Column("id", _big(), nullable=False),
        sa.Column("service_no", sa.String(length=32), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("community_id", _big(), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=True),
        sa.Column("business_type_id", _big(), nullable=False),
        sa.Column("package_id", _big(), nullable=False),
        sa.Column("package_type", sa.String(length=120), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("package_months", sa.Integer(), nullable=False),
        sa.Column("maintenance_fee", sa.BigInteger(), nullable=False),
        sa.Column("access_order_no", sa.String(length=64), nullable=True),
        sa.Column("broadband_account", _by_signs(), nullable=True),
        sa.Column("password_sealed", sa.Text(), nullable=True),
        sa.Column("bound_number", sa.String(length=64), nullable=True),
        sa.Column("salesperson_id", _big(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("apply_date", sa.Date(), nullable=False),
        sa.Column("activation_date", sa.Date(), nullable=True),
        sa.Column("stop_date", sa.Date(), nullable=True),
        sa.Column("anchor_day", sa.Integer(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("muted_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL)", name="ck_broadband_service_closed_on_a_day"
        ),
        sa.CheckConstraint(
            "(status IN ('suspended', 'force-suspended')) = (suspended_on IS NOT NULL)",
            name="ck_broadband_service_since_when",
        ),
        sa.CheckConstraint("anchor_day BETWEEN 1 AND 31", name="ck_broadband_service_anchor_is_a_day"),
        sa.CheckConstraint("fee >= 0", name="ck_broadband_service_fee_not_negative"),
        sa.CheckConstraint("maintenance_fee >= 0", name="ck_broadband_service_maintenance_not_negative"),
        sa.CheckConstraint("package_months BETWEEN 1 AND 120", name="ck_broadband_service_months_make_sense"),
        sa.ForeignKeyConstraint(
            ["business_type_id"], ["broadband_business_type.id"], name="fk_broadband_service_business_type_id"
        ),
        sa.ForeignKeyConstraint(["community_id"], ["broadband_community.id"], name="fk_broadband_service_community_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_broadband_service_customer_id"),
        sa.ForeignKeyConstraint(["package_id"], ["broadband_package.id"], name="fk_broadband_service_package_id"),
        sa.ForeignKeyConstraint(
            ["salesperson_id"], ["broadband_employee.id"], name="fk_broadband_service_salesperson_id"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_broadband_service_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_service"),
        sa.UniqueConstraint("service_no", name="uq_broadband_service_service_no"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadband_service_activation_date", "broadband_service", ["activation_date", "id"])
    op.create_index("ix_broadband_service_apply_date", "broadband_service", ["apply_date", "id"])
    op.create_index("ix_broadband_service_community_id", "broadband_service", ["community_id", "id"])
    op.create_index("ix_broadband_service_customer_id", "broadband_service", ["customer_id", "id"])
    op.create_index("ix_broadband_service_package_id", "broadband_service", ["package_id", "id"])
    op.create_index("ix_broadband_service_salesperson_id", "broadband_service", ["salesperson_id", "id"])
    op.create_index("ix_broadband_service_status", "broadband_service", ["status", "id"])
    op.create_index("ix_broadband_service_stop_date", "broadband_service", ["stop_date", "id"])
    op.create_index(
        "uq_broadband_service_account",
        "broadband_service",
        ["broadband_account"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )


def _make_documents() -> None:
    op.create_table(
        "broadband_document",
        sa.Column("id", _big(), nullable=False),
        sa.Column("document_no", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("service_id", _big(), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("operator_kind", sa.String(length=32), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("operator_name", sa.String(length=64), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=True),
        sa.Column("posting_id", _big(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("community_id", _big(), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=True),
        sa.Column("new_address", sa.String(length=250), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("reversed_at", sa.DateTime(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_by", sa.String(length=64), nullable=True),
        sa.Column("reversal_posting_id", _big(), nullable=True),
        sa.Column("reversal_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(fee = 0 AND credit = 0) = (posting_id IS NULL)", name="ck_broadband_document_fee_is_in_the_ledger"
        ),
        sa.CheckConstraint("fee = 0 OR credit = 0", name="ck_broadband_document_one_way"),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversal_reason IS NULL)", name="ck_broadband_document_reversed_with_reason"
        ),
        sa.CheckConstraint("fee >= 0 AND credit >= 0", name="ck_broadband_document_fee_not_negative"),
        sa.ForeignKeyConstraint(
            ["community_id"], ["broadband_community.id"], name="fk_broadband_document_community_id"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_broadband_document_customer_id"),
        sa.ForeignKeyConstraint(["service_id"], ["broadband_service.id"], name="fk_broadband_document_service_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_broadband_document_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_document"),
        sa.UniqueConstraint("document_no", name="uq_broadband_document_document_no"),
        sa.UniqueConstraint("posting_id", name="uq_broadband_document_posting_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadband_document_customer_id", "broadband_document", ["customer_id", "id"])
    op.create_index("ix_broadband_document_dated_on", "broadband_document", ["dated_on", "id"])
    op.create_index("ix_broadband_document_kind", "broadband_document", ["kind", "dated_on", "id"])
    op.create_index("ix_broadband_document_service_id", "broadband_document", ["service_id", "id"])

    op.create_table(
        "broadband_payment",
        sa.Column("document_id", _big(), autoincrement=False, nullable=False),
        sa.Column("package_id", _big(), nullable=False),
        sa.Column("package_type", sa.String(length=120), nullable=False),
        sa.Column("package_fee", sa.BigInteger(), nullable=False),
        sa.Column("package_months", sa.Integer(), nullable=False),
        sa.Column("maintenance_fee", sa.BigInteger(), nullable=False),
        sa.Column("months_paid", sa.Integer(), nullable=False),
        sa.Column("maintenance_total", sa.BigInteger(), nullable=False),
        sa.Column("other_charge_item", sa.String(length=120), nullable=True),
        sa.Column("other_charge_amount", sa.BigInteger(), nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), nullable=False),
        sa.Column("late_fee", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("package_start", sa.Date(), nullable=False),
        sa.Column("package_end", sa.Date(), nullable=False),
        sa.CheckConstraint("discount_amount >= 0 AND late_fee >= 0", name="ck_broadband_payment_discount_not_negative"),
        sa.CheckConstraint(
            "maintenance_total = maintenance_fee * months_paid", name="ck_broadband_payment_maintenance_is_true"
        ),
        sa.CheckConstraint("package_end > package_start", name="ck_broadband_payment_period_has_days"),
        sa.CheckConstraint(
            "package_fee >= 0 AND maintenance_fee >= 0 AND other_charge_amount >= 0",
            name="ck_broadband_payment_not_negative",
        ),
        sa.CheckConstraint("package_months >= 1 AND months_paid >= 0", name="ck_broadband_payment_months_make_sense"),
        sa.CheckConstraint(
            "total = package_fee + maintenance_total + other_charge_amount + late_fee - discount_amount",
            name="ck_broadband_payment_total_is_true",
        ),
        sa.ForeignKeyConstraint(["document_id"], ["broadband_document.id"], name="fk_broadband_payment_document_id"),
        sa.ForeignKeyConstraint(["package_id"], ["broadband_package.id"], name="fk_broadband_payment_package_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_broadband_payment"),
    )
    op.create_index("ix_broadband_payment_package_end", "broadband_payment", ["package_end"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _by_signs() -> sa.types.TypeEngine:
    return sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
