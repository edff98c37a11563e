"""The file of an archive: compressed lines of JSON, the same rows making the same bytes. Raises OSError."""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.ledger.archives.models import ArchiveKind
from app.ledger.seals.digest import POSTING, RECORD, TRANSFER

PROGRAM, FORMAT = "prepaid-desk", 1
COLUMNS = {
    ArchiveKind.POSTINGS: {"posting": POSTING, "transfer": TRANSFER},
    ArchiveKind.RECORDS: {"record": RECORD},
}
AT_ONCE = 1 << 20


class NotAnArchive(Exception):
    """The file is damaged, or is no archive. Its text says how."""


class Kept(NamedTuple):
    """A file that was written. name: in the folder; sha256: of its bytes; bytes: how many."""

    name: str
    sha256: str
    bytes: int


def write(
    folder: Path, kind: ArchiveKind, first_day: date, last_day: date, days: Iterable[tuple[date, Iterable[str]]]
) -> Kept:
    """Write the lines of each day; the file gets its name when all of it is on the disk."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{kind}-{first_day:%Y-%m}.{os.getpid()}.draft"
    try:
        with draft.open("wb") as raw:
            draft.chmod(0o600)
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                _write_lines(packed, kind, first_day, last_day, days)
            raw.flush()
            os.fsync(raw.fileno())
        sha256, size = digest_of(draft), draft.stat().st_size
        name = f"{kind}-{first_day:%Y-%m}-{sha256[:12]}.jsonl.gz"
        draft.rename(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    _sync(folder)
    return Kept(name, sha256, size)


def _write_lines(
    packed: Any, kind: ArchiveKind, first_day: date, last_day: date, days: Iterable[tuple[date, Iterable[str]]]
) -> None:
    head = {"program": PROGRAM, "format": FORMAT, "kind": kind, "first_day": str(first_day), "last_day": str(last_day)}
    packed.write(f"{json.dumps(head | {'columns': COLUMNS[kind]})}\n".encode())
    for day, lines in days:
        packed.write(f'["day","{day}"]\n'.encode())
        packed.writelines(f"{line}\n".encode() for line in lines)


def write_beside(folder: Path, name: str, manifest: str, signature: str, public_key: str) -> None:
    """Put the manifest beside the file, so that both can be moved and checked together."""
    path = folder / f"{name}.manifest.json"
    draft = path.with_suffix(f".{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"manifest": manifest, "signature": signature, "public_key": public_key}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync(folder)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Iterator[tuple[date, Iterator[str]]]:
    """Each day with its lines, which must be read before the next day. Raises NotAnArchive."""
    with path.open("rb") as raw:
        lines = _lines(raw)
        _check_head(next(lines, ""))
        number = [0]
        day: date | None = None
        for is_mark, group in groupby(((line, _day(line)) for line in lines), key=lambda pair: _mark(pair, number)):
            if is_mark[0]:
                if day is not None:
                    yield day, iter(())
                day = next(group)[1]
            elif day is not None:
                yield day, (line for line, _ in group)
                day = None
        if day is not None:
            yield day, iter(())


def _mark(pair: tuple[str, date | None], number: list[int]) -> tuple[bool, int]:
    """Days apart from lines, and each day's mark apart from the next one's."""
    if pair[1] is not None:
        number[0] += 1
    return pair[1] is not None, number[0]


def _lines(raw: BinaryIO) -> Iterator[str]:
    try:
        with gzip.GzipFile(mode="rb", fileobj=raw) as packed:
            for line in packed:
                yield line.decode().removesuffix("\n")
    except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as wrong:
        raise NotAnArchive(str(wrong)) from wrong


def _check_head(line: str) -> None:
    try:
        head = json.loads(line)
        if (head["program"], head["format"]) != (PROGRAM, FORMAT):
            raise NotAnArchive("it is of another program or format")
    except (json.JSONDecodeError, KeyError, TypeError) as wrong:
        raise NotAnArchive("its first line says nothing") from wrong


def _day(line: str) -> date | None:
    return date.fromisoformat(line[8:-2]) if line.startswith('["day","') else None


def _sync(folder: Path) -> None:
    """Let the new name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
