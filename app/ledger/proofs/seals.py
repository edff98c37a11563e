"""The closed days are those of a file that was written earlier and kept elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.core.days import ONE_DAY, DayClose, DayState
from app.ledger.proofs.found import Finding
from app.ledger.seals.export import COLUMNS
from app.ledger.seals.keys import is_signed, key_id


def prove_seals(read: Mapping[str, Any], connection: Connection) -> Iterator[Finding | int]:
    """Compare with what `read_file` read. Days that were closed since are no matter."""
    ask = select(*(DayClose.__table__.c[name] for name in COLUMNS)).where(DayClose.state == DayState.CLOSED)
    here = {day["day"]: dict(day) for day in connection.execute(ask).mappings()}
    yield from _check_file(read)
    for seal in read["seals"]:
        yield 1
        where = f"day {seal['day']}"
        if seal["day"] not in here:
            yield Finding(where, "is sealed in the file and not closed here: days were cut off")
        elif differing := [name for name in COLUMNS if here[seal["day"]][name] != seal[name]]:
            yield Finding(where, f"is another one than in the file: {', '.join(differing)}")
    if read["seals"] and (earlier := [day for day in here if day < read["seals"][0]["day"]]):
        yield Finding(f"day {min(earlier)}", "is closed here, before the first day of the file")


def _check_file(read: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether the file itself is whole: signed by its keys, one day after the other."""
    keys = {name: key for name, key in read["keys"].items() if key_id(key) == name}
    before: dict[str, Any] | None = None
    for seal in read["seals"]:
        where = f"day {seal['day']}"
        public = keys.get(seal["key_id"])
        if public is None or not is_signed(seal["day"], seal["seal"], seal["signature"], public):
            yield Finding(where, "is not signed by a key of the file")
        if before and (seal["day"], seal["previous_seal"]) != (before["day"] + ONE_DAY, before["seal"]):
            yield Finding(where, "does not follow the line before it in the file")
        before = seal
