"""Files that are none of ours: each is refused with a sentence, before it can do harm."""

import codecs
import io
import random
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover import refusals, separated, sheetscan, workbook
from app.customers.takeover.flow import Reading, look
from app.customers.takeover.source import open_list
from tests.customers.workbooks import SHEET, cell, lying_workbook, raw_workbook

DATA = Path(__file__).parents[1] / "data"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "list.xlsx"
    path.write_bytes(content)
    return path


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.Empty),
        (b"\n\n\n", refusals.Empty),
        (codecs.BOM_UTF8, refusals.Empty),
        (b",,,\n,,,\n", refusals.Empty),
        (b"%PDF-1.7 ...", refusals.NotAList),
        (b"\x89PNG\r\n\x1a\n", refusals.NotAList),
        (b"\x00\x01\x02\x03", refusals.NotAList),
        ("手机,余额\n1\x00,2".encode(), refusals.NotAList),
        (b"\xff\xff\xff\xff\xff", refusals.NotAList),
        (OLE + b"\0" * 600, refusals.OldWorkbook),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), refusals.Encrypted),
        (b"PK\x03\x04 and nothing else", refusals.Damaged),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), refusals.NotAList),
        (zipped(**{"xl/workbook.xml": b"<workbook>"}), refusals.Damaged),
        (("手机,余额\n" + "9" * 70_000).encode(), refusals.LineTooLong),
        (("手机\n" + "1," * 300).encode(), refusals.TooWide),
        ('手机,余额\n"13512340001,5\n13512340002,6\n'.encode(), refusals.OpenQuote),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path, content, refusal):
    with pytest.raises(refusal) as refused:
        list_of(file_of(tmp_path, content))
    assert str(refused.value)


def list_of(path: Path) -> list:
    layout, _height = look(path, CUSTOMERS)
    layout.require_sure()
    return list(Reading(open_list(path), layout, "CN").rows)


def test_an_endless_quotation_is_cut_off(tmp_path):
    path = file_of(tmp_path, ('手机,余额\n"' + "1\n" * 500_000).encode())
    with pytest.raises(refusals.OpenQuote):
        list_of(path)


def test_a_workbook_of_1_mb_that_unpacks_to_200_mb_is_refused(tmp_path):
    path = raw_workbook(tmp_path / "bomb.xlsx", "", extra={"xl/media/a.bin": b"0" * (200 << 20)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(refusals.Bomb):
        look(path, CUSTOMERS)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path):
    path = lying_workbook(tmp_path / "lie.xlsx", 40 << 20)
    with ZipFile(path) as archive:
        assert sum(part.file_size for part in archive.infolist()) < 1 << 16
    with pytest.raises(refusals.Bomb):
        look(path, CUSTOMERS)


def test_two_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory(tmp_path):
    rows = f'<row r="1">{cell("A1", "手机")}</row><row r="1048576">{cell("XFD1048576", "1")}</row>'
    with pytest.raises(refusals.TooWide):
        look(raw_workbook(tmp_path / "wide.xlsx", rows), CUSTOMERS)


def test_a_sheet_with_entities_is_not_read(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SHEET
    with pytest.raises(refusals.Damaged):
        look(raw_workbook(tmp_path / "entities.xlsx", f'<row r="1">{cell("A1", "&b;")}</row>', sheet=bomb), CUSTOMERS)


def test_a_workbook_without_rows_is_empty(tmp_path):
    with pytest.raises(refusals.Empty):
        look(raw_workbook(tmp_path / "empty.xlsx", '<row r="1"><c r="A1" s="1"/></row>'), CUSTOMERS)


def test_files_beyond_the_limits_are_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST", 10)
    with pytest.raises(refusals.TooLarge):
        look(DATA / "small-shop.xlsx", CUSTOMERS)
    monkeypatch.setattr(separated, "LARGEST", 10)
    with pytest.raises(refusals.TooLarge):
        look(DATA / "utf-8.csv", CUSTOMERS)


def test_more_cells_without_value_than_anybody_would_read_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheetscan, "MOST_UNREAD", 2)
    rows = "".join(f'<row r="{line}"><c r="A{line}"><f>1+1</f></c></row>' for line in range(1, 9))
    with pytest.raises(refusals.Damaged):
        look(raw_workbook(tmp_path / "formulas.xlsx", rows), CUSTOMERS)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_read_and_never_crashes(tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311
    name = chance.choice(["small-shop.xlsx", "formulas.xlsx", "gb18030.csv", "utf-8.csv"])
    content = bytearray((DATA / name).read_bytes())
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    path = tmp_path / "list"
    path.write_bytes(content)
    with suppress(refusals.BadFile):
        list_of(path)
