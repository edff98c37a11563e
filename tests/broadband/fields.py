"""Every field of the source's broadband modules (S2.1 to S2.25), and where the product has it."""

import csv
from pathlib import Path
from typing import NamedTuple


class Field(NamedTuple):
    """One row of fields.csv.

    number, original, name: as the requirements have them. label: what our pages call it. model: where its value is
    kept, from a model through its relations; with = before it, what the list computes. form: the input in the form of
    its module, or in the filters of its list. column: of its list and its file; none for what is only looked for.
    """

    number: str
    original: str
    name: str
    label: str
    model: str
    form: str
    column: str

    @property
    def module(self) -> str:
        return self.number.rpartition(".")[0]


with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as _file:
    FIELDS = [Field(**row) for row in csv.DictReader(_file)]


def of(*modules: str) -> list[Field]:
    """The fields of these modules."""
    return [field for field in FIELDS if field.module in modules]
