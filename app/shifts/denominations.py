"""The notes and coins in which a drawer is counted, by currency. In a currency that is not here one types the sum."""

from collections.abc import Mapping
from decimal import Decimal

DENOMINATIONS: Mapping[str, tuple[str, ...]] = {
    "CNY": ("100", "50", "20", "10", "5", "1", "0.5", "0.1"),
    "TWD": ("2000", "1000", "500", "200", "100", "50", "20", "10", "5", "1"),
    "HKD": ("1000", "500", "100", "50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1"),
    "MOP": ("1000", "500", "100", "50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1"),
}
REST = "rest"  # what was counted as a sum


def sum_of(counts: Mapping[str, int], rest: Decimal) -> Decimal:
    """What so many notes and coins of each kind are worth, and the rest."""
    return sum((Decimal(worth) * number for worth, number in counts.items()), rest)
