"""Writes the lists of this folder, which are such as small shops keep. Run it from the project's folder after a change:

.venv/bin/python tests/data/make_lists.py
"""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
TITLE = "阳光美发店 会员储值登记表"
HEADINGS = ("卡号", "姓名", "手机号码", "性别", "生日", "余额（元）", "赠送", "地址", "备注", "经手人")

# What a shop that takes care keeps: every row can be taken over.
GOOD: tuple[tuple[Any, ...], ...] = (
    ("V001", "王小明", 13512340001, "男", date(1990, 5, 1), 100, 20, "中山路 1 号", None, "李"),
    ("V002", "李丽", "135 1234 0002", "女", "1988-12-03", "￥1,200.50", None, None, "老客户", "李"),
    ("V003", " 张  伟 ", "１３５１２３４０００３", "男", "1979年2月3日", "３００", "0", "", "", "陈"),
    (None,) * 10,
    ("V004", "陈静", "+86 135-1234-0004", "女士", None, 88.8, 12.4, None, None, "陈"),
    ("V005", None, "13512340005", None, None, None, None, "人民路 5 号", None, None),
    ("小计", None, None, None, None, 1689.3, 32.4, None, None, None),
    ("V006", "赵敏", "0086 13512340006", "女", 19930707, "¥0.00", "-", None, "=不是公式", "李"),
    (None,) * 10,
    ("合计", None, None, None, None, 1689.3, 32.4, None, None, None),
)
# What most shops keep: some of it has to be asked about.
MESSY: tuple[tuple[Any, ...], ...] = (
    ("V101", "孙红", 13512340101, "女", None, 50, None, None, None, None),
    ("V102", "孙红二", "13512340101", "女", None, 60, None, None, None, None),
    ("V103", "周洋", "1351234", None, None, 10, None, None, None, None),
    ("V104", "吴刚", 13512340104, None, None, "二十元", None, None, None, None),
    ("V105", "郑爽", 13512340105, None, None, -30, None, None, None, None),
    ("V106", "冯唐", 13512340106, None, None, 12.345, None, None, None, None),
    ("V101", "褚健", 13512340107, None, None, 5, None, None, None, None),
    ("V108", "卫" * 130, 13512340108, None, "1990-13-01", 5, None, None, None, None),
    (None, "蒋欣", None, None, None, 70, None, None, None, None),
    ("V110", "沈腾", "1.35123E+10", "x", None, 8, None, None, None, None),
    ("合计", None, None, None, None, 999, None, None, None, None),
)
CHINESE: tuple[tuple[Any, ...], ...] = (
    ("姓名", "手机", "余额", "备注"),
    ("王小明", "13512340201", "￥1,000.00", "含逗号, 和“引号”"),
    ("李丽", "135-1234-0202", "0", ""),
    ("合计", "", "1000", ""),
)
TRADITIONAL: tuple[tuple[Any, ...], ...] = (
    ("會員編號", "客戶姓名", "手機號碼", "聯繫電話", "電話號碼", "餘額", "贈送金額", "備註"),
    ("T001", "陳大文", "+852 9123 4501", "2345 6789", "", "500.00", "50", "貴賓"),
    ("T002", "黃小姐", "+852 9123 4502", "", "2345 0000", "0", "", ""),
    ("總計", "", "", "", "", "500.00", "50", ""),
)
ENGLISH: tuple[tuple[Any, ...], ...] = (
    ("Name", "Phone", "Balance", "Member type"),
    ("Ann Lee", "+86 135 1234 0301", "12.30", "VIP"),
    ("Bob Chen", "13512340302", "1,000", "company"),
)


def workbook(name: str, rows: Sequence[Sequence[Any]]) -> None:
    """A sheet with a merged title, an empty row, headings, and the rows in whatever formats people use."""
    book = xlsxwriter.Workbook(HERE / name)
    book.set_properties({"created": date(2026, 1, 1)})
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "￥#,##0.00"})
    sheet = book.add_worksheet("会员")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, TITLE, book.add_format({"bold": True, "align": "center"}))
    sheet.write_row(2, 0, HEADINGS)
    for line, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, value, money if column == 5 else None)
    book.add_worksheet("员工")
    book.close()


def formulas(name: str) -> None:
    """Balances that the sheet works out: one with its value in the file, one that shows an error."""
    book = xlsxwriter.Workbook(HERE / name)
    book.set_properties({"created": date(2026, 1, 1)})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("手机", "充值", "消费", "余额"))
    sheet.write_row(1, 0, (13512340401, 100, 40.1))
    sheet.write_formula(1, 3, "=B2-C2", None, 59.900000000000006)
    sheet.write_row(2, 0, (13512340402, 100, 0))
    sheet.write_formula(2, 3, "=B3/C3", None, "#DIV/0!")
    book.close()


def separated(name: str, rows: Sequence[Sequence[Any]], encoding: str, delimiter: str = ",") -> None:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    (HERE / name).write_bytes(text.getvalue().encode(encoding))


if __name__ == "__main__":
    workbook("small-shop.xlsx", GOOD)
    workbook("small-shop-messy.xlsx", MESSY)
    formulas("formulas.xlsx")
    separated("utf-8.csv", CHINESE, "utf-8")
    separated("utf-8-mark.csv", CHINESE, "utf-8-sig", ";")
    separated("gb18030.csv", CHINESE, "gb18030")
    separated("traditional.csv", TRADITIONAL, "utf-8-sig", "\t")
    separated("english.csv", ENGLISH, "utf-8")
