"""A line of material on a work order, by column: what was built in is called and costs then. Thinks only."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.broadband.models import Material
from app.core.errors import N_, Invalid

CENT = Decimal("0.01")
MOST = Decimal("99999999.99")  # of a line: its product with a hundred still fits
LONGEST_REMARK = 500


def line_columns(material: Material, quantity: Decimal, remark: str | None) -> dict[str, Any]:
    """What stands in a line of so much material, by column. Raises Invalid."""
    copied = {name: getattr(material, name) for name in ("material_no", "material_name", "unit", "spec", "unit_price")}
    return {"material_id": material.id, **copied, **counted(quantity, material.unit_price, remark)}


def counted(quantity: Decimal, unit_price: Decimal, remark: str | None) -> dict[str, Any]:
    """How much, and what that comes to, to the cent. Raises Invalid."""
    if quantity <= 0 or quantity != quantity.quantize(CENT):
        raise Invalid(quantity=N_("A quantity above zero, with at most two decimals."))
    amount = (quantity * unit_price).quantize(CENT, ROUND_HALF_UP)
    if quantity > MOST or amount > MOST:
        raise Invalid(quantity=N_("This is too much."))
    text = (remark or "").strip()
    if len(text) > LONGEST_REMARK:
        raise Invalid(remark=N_("This is too long."))
    return {"quantity": quantity, "amount": amount, "remark": text or None}
