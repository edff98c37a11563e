"""Workbooks written by hand, down to the bytes: such as no program would write."""

import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
ROOT = LINKS.replace("worksheets/sheet1.xml", "xl/workbook.xml").replace('/worksheet"', '/officeDocument"')
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def raw_workbook(path: Path, cells: str, *, sheet: str = SHEET, extra: dict[str, bytes] | None = None) -> Path:
    """A workbook of one sheet. cells: the XML between <sheetData> and its end."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": sheet.replace("{}", cells),
        **(extra or {}),
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def cell(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def lying_workbook(path: Path, size: int) -> Path:
    """A workbook whose directory says that a part is small, while it unpacks to `size` bytes."""
    raw_workbook(path, f'<row r="1">{cell("A1", "手机")}</row>', extra={"xl/media/a.bin": b"0" * size})
    data = path.read_bytes()
    true, false = size.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    crc = zlib.crc32(b"0" * size).to_bytes(4, "little")
    lie = zlib.crc32(b"0" * 1000).to_bytes(4, "little")
    path.write_bytes(data.replace(true, false).replace(crc, lie))
    return path
