"""Seals outside the house: a file that tells later whether the closed days are still the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.core.days import DayClose, DayState
from app.ledger.seals.digest import FORMAT

COLUMNS = ("day", "seal", "previous_seal", "signature", "key_id", "postings", "transfers", "records")
PROGRAM = "prepaid-desk"


class NotSeals(ValueError):
    """The file is not one that was exported here. Its text says what is wrong with it."""


def export(connection: Connection) -> dict[str, Any]:
    """Every seal in order, with the public keys that check their signatures."""
    ask = select(*DayClose.__table__.c).where(DayClose.state == DayState.CLOSED).order_by(DayClose.day)
    days = connection.execute(ask).mappings().all()
    seals = [{name: day[name] for name in COLUMNS} | {"day": day["day"].isoformat()} for day in days]
    return {
        "program": PROGRAM,
        "format": FORMAT,
        "keys": {day["key_id"]: day["public_key"] for day in days},
        "seals": seals,
    }


def write_file(path: Path, exported: dict[str, Any]) -> None:
    """One seal per line, so that two files can be compared by eye. Raises OSError."""
    seals = ",\n".join(json.dumps(seal) for seal in exported["seals"])
    head = json.dumps({name: exported[name] for name in ("program", "format", "keys")})
    path.write_text(f'{head[:-1]}, "seals": [\n{seals}\n]}}\n', encoding="utf-8")


def read_file(path: Path) -> dict[str, Any]:
    """An exported file. Raises NotSeals, OSError."""
    try:
        read = json.loads(path.read_text("utf-8"))
        if (read["program"], read["format"]) != (PROGRAM, FORMAT):
            raise NotSeals("it is of another program or format")
        keys = {str(name): bytes.fromhex(key).hex() for name, key in read["keys"].items()}
        seals = [{name: seal[name] for name in COLUMNS} | {"day": _day(seal["day"])} for seal in read["seals"]]
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise NotSeals(f"it cannot be read: {wrong}") from wrong
    except ValueError as wrong:
        raise NotSeals(str(wrong)) from wrong
    return {"keys": keys, "seals": seals}


def _day(text: str) -> date:
    return date.fromisoformat(text)
