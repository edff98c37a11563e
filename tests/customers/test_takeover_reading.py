"""What is read out of the lists that shops keep: cells, headings, encodings, totals."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from app.customers.newcomers.kind import CUSTOMERS
from app.customers.newcomers.words import Field
from app.customers.takeover import cells, refusals
from app.customers.takeover.cells import Unfit, Unread
from app.customers.takeover.flow import Reading, look
from app.customers.takeover.headings import assign, is_total, plain, recognised
from app.customers.takeover.source import open_list
from tests.customers.workbooks import cell, raw_workbook

DATA = Path(__file__).parents[1] / "data"


def read(path: Path, **mapping: str) -> tuple[list, dict]:
    layout, _height = look(path, CUSTOMERS)
    reading = Reading(open_list(path), layout.mapped(mapping), "CN")
    return list(reading.rows), reading.notes()


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("￥1,200.50", "1200.50"),
        ("¥ 1,200.5", "1200.50"),
        ("1200元", "1200"),
        ("RMB 12", "12"),
        ("３００．５", "300.50"),
        ("", "0"),
        ("-", "0"),
        (None, "0"),
        ("12.500", "12.50"),
        ('="88"', "88"),
        (88.8, "88.80"),
        (12.400000000000002, "12.40"),
        (100, "100"),
    ],
)
def test_an_amount_is_read_however_it_is_written(written, amount):
    assert cells.amount(written) == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("二十", "bad-amount"),
        ("1,2345", "bad-amount"),
        ("12,50", "bad-amount"),
        ("1e3", "bad-amount"),
        ("NaN", "bad-amount"),
        (float("nan"), "bad-amount"),
        (float("inf"), "bad-amount"),
        (True, "bad-amount"),
        (dt.date(2026, 1, 1), "bad-amount"),
        ("1.234", "too-many-decimals"),
        (1.234, "too-many-decimals"),
        ("-1", "negative-amount"),
        ("(5)", "negative-amount"),
        ("￥-5", "negative-amount"),
        ("-￥5", "negative-amount"),
        (-0.01, "negative-amount"),
        (1e18, "amount-too-large"),
        ("1" * 30, "amount-too-large"),
        ("=1+1", "formula"),
        (Unread.FORMULA, "formula"),
        (Unread.ERROR, "error-value"),
    ],
)
def test_what_is_no_amount_is_refused_by_name(written, why):
    with pytest.raises(Unfit) as unfit:
        cells.amount(written)
    assert unfit.value.code == why


@pytest.mark.parametrize("written", ["13800138000.0", 13800138000.0, 13800138000, "'13800138000", '="13800138000"'])
def test_a_number_that_a_spreadsheet_mangled_is_mended(written):
    assert cells.phone(written, "CN") == "+8613800138000"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1.38E+10", "lost-digits"),
        ("", "phone-missing"),
        (None, "phone-missing"),
        ("138", "bad-phone"),
        (1.5, "bad-phone"),
    ],
)
def test_a_number_that_has_lost_digits_is_not_guessed(written, why):
    with pytest.raises(Unfit) as unfit:
        cells.phone(written, "CN")
    assert unfit.value.code == why
    assert cells.phone("1.3800138000E+10", "CN") == "+8613800138000"


@pytest.mark.parametrize("written", ["1990-05-01", "1990/5/1", "1990.5.1", "1990年5月1日", 19900501, "19900501"])
def test_a_day_is_read_however_it_is_written(written):
    assert cells.day(written) == dt.date(1990, 5, 1)


@pytest.mark.parametrize("written", ["1990-13-01", "5-1", "90-05-01", 33000, "2999-01-01", dt.date(2999, 1, 1)])
def test_what_is_no_day_that_has_been_is_refused(written):
    with pytest.raises(Unfit):
        cells.day(written)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("手机", "phone"), ("手机号码*", "phone"), ("手機號碼", "phone"), ("聯繫電話", "phone"),
        ("Mobile No.", "phone"),
        ("姓 名", "name"), ("會員姓名", "name"), ("客户姓名/Name", "name"),
        ("余额（元）", "balance"), ("餘額", "balance"), ("储值", "balance"), ("Account Balance (CNY)", "balance"),
        ("赠送", "bonus"), ("贈送金額", "bonus"), ("卡号", "customer_no"), ("会员号", "customer_no"),
        ("備註", "note"), ("Remark", "note"), ("身份证号", "id_number"), ("E-mail", "email"),
        ("语言", "language"), ("通知語言", "language"), ("性別", "gender"),
    ],
)  # fmt: skip
def test_headings_are_known_in_three_languages(heading, field):
    assert recognised(heading, CUSTOMERS)[0] == field


def test_a_second_telephone_column_is_not_taken_for_the_phone():
    fields, doubtful = assign(["电话", "联系电话", "手机", "姓名"], CUSTOMERS)
    assert fields == {0: Field.LANDLINE, 1: Field.CONTACT_PHONE, 2: Field.PHONE, 3: Field.NAME}
    assert not doubtful


def test_two_columns_of_balances_are_asked_about():
    _fields, doubtful = assign(["手机", "余额", "储值余额"], CUSTOMERS)
    assert doubtful == [(1, 2)]


def test_totals_are_known_by_their_word():
    assert all(is_total(word) for word in ("合计", "合 计：", "總計", "小计", "Total:", "Grand total"))
    assert not is_total("合计划")
    assert plain("余额（元）*") == "余额"


def test_the_list_of_a_small_shop_is_read_whole():
    rows, notes = read(DATA / "small-shop.xlsx")
    assert [row.line for row in rows] == [4, 5, 6, 8, 9, 11]
    assert not any(row.errors for row in rows)
    assert [row.phone for row in rows] == [f"+8613512340{number:03}" for number in (1, 2, 3, 4, 5, 6)]
    assert [row.values["balance"] for row in rows] == ["100.00", "1200.50", "300.00", "88.80", "0.00", "0.00"]
    assert [row.values["bonus"] for row in rows] == ["20.00", "0.00", "0.00", "12.40", "0.00", "0.00"]
    assert rows[2].values["name"] == "张 伟"
    assert rows[4].values["name"] == "13512340005"
    assert rows[5].values["note"] == "=不是公式"
    assert [row.values.get("birthday") for row in rows[:3]] == ["1990-05-01", "1988-12-03", "1979-02-03"]
    assert notes == {
        "empty_rows": {"count": 2},
        "totals_rows": {"lines": "10, 13"},
        "named_by_phone": {"count": 1},
        "columns_left": {"columns": "经手人"},
        "sheets_left": {"sheets": "员工"},
    }


def test_every_fault_of_a_row_is_named():
    rows, notes = read(DATA / "small-shop-messy.xlsx")
    found = {row.line: {name: error["code"] for name, error in row.errors.items()} for row in rows if row.errors}
    assert found == {
        6: {"phone": "bad-phone"},
        7: {"balance": "bad-amount"},
        8: {"balance": "negative-amount"},
        9: {"balance": "too-many-decimals"},
        11: {"name": "too-long", "birthday": "bad-date"},
        12: {"phone": "phone-missing"},
        13: {"phone": "lost-digits", "gender": "unknown-gender"},
    }
    assert notes["totals_rows"] == {"lines": "14"}


@pytest.mark.parametrize("name", ["utf-8.csv", "utf-8-mark.csv", "gb18030.csv"])
def test_every_encoding_and_delimiter_says_the_same(name):
    rows, notes = read(DATA / name)
    assert [(row.phone, row.values["name"], row.values["balance"]) for row in rows] == [
        ("+8613512340201", "王小明", "1000.00"),
        ("+8613512340202", "李丽", "0.00"),
    ]
    assert rows[0].values["note"] == "含逗号, 和“引号”"
    assert notes == {"totals_rows": {"lines": "4"}}


def test_traditional_headings_and_numbers_of_another_country_are_read():
    rows, _notes = read(DATA / "traditional.csv")
    assert [(row.phone, row.customer_no, row.values["balance"]) for row in rows] == [
        ("+85291234501", "T001", "500.00"),
        ("+85291234502", "T002", "0.00"),
    ]
    assert rows[0].values["contact_phone"] == "2345 6789"
    assert rows[1].values["landline"] == "2345 0000"


def test_utf_16_from_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("手机\t余额\n13512340001\t5\n", encoding="utf-16")
    assert [row.values["balance"] for row in read(path)[0]] == ["5.00"]


def test_formulas_give_the_value_that_the_file_holds():
    rows, _notes = read(DATA / "formulas.xlsx")
    assert rows[0].values["balance"] == "59.90"
    assert rows[1].errors == {"balance": {"code": "error-value", "found": "(error-value)"}}


def test_a_formula_that_nobody_worked_out_is_not_a_balance_of_nothing(tmp_path):
    head = f'<row r="1">{cell("A1", "手机")}{cell("B1", "余额")}</row>'
    phone = '<c r="A{0}"><v>1351234000{0}</v></c>'
    balances = ("<f>10+5</f><v></v>", "<f>10+5</f>", "<f>10+5</f><v>15</v>", "<v>7</v>")
    body = "".join(
        f'<row r="{line}">{phone.format(line)}<c r="B{line}">{inside}</c></row>'
        for line, inside in enumerate(balances, start=2)
    )
    raw_workbook(tmp_path / "list.xlsx", head + body)
    rows, _notes = read(tmp_path / "list.xlsx")
    assert [row.errors["balance"]["code"] for row in rows[:2]] == ["formula", "formula"]
    assert [row.values["balance"] for row in rows[2:]] == ["15.00", "7.00"]


def test_a_stated_total_that_differs_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("手机,余额\n13512340001,5\n13512340002,6\n合计,12\n", encoding="utf-8")
    assert read(path)[1]["total_differs"] == {"line": 4, "said": "12.00", "found": "11.00"}


def test_a_list_without_headings_has_columns_by_letter(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("张三,13512340001,5\n李四,13512340002,6\n", encoding="utf-8")
    layout, _height = look(path, CUSTOMERS)
    assert layout.headings == ("A", "B", "C")
    rows, _notes = read(path, A="name", B="phone", C="balance")
    assert [row.line for row in rows] == [1, 2]
    assert rows[0].values == {"name": "张三", "balance": "5.00"}


def test_columns_are_named_by_hand(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("号,谁,钱,余额\n13512340001,张三,5,9\n", encoding="utf-8")
    layout, _height = look(path, CUSTOMERS)
    with pytest.raises(refusals.NoPhoneColumn):
        layout.require_sure()
    rows, _notes = read(path, 号="phone", 谁="name", 钱="balance", 余额="")
    assert rows[0].values == {"name": "张三", "balance": "5.00"}
    with pytest.raises(refusals.BadMapping):
        layout.mapped({"没有": "phone"})
    with pytest.raises(refusals.BadMapping):
        layout.mapped({"号": "salary"})
    with pytest.raises(refusals.BadMapping):
        layout.mapped({"号": "phone", "谁": "phone"})


def test_a_column_that_may_hold_money_is_not_passed_over_in_silence(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("手机,卡里的钱\n13512340001,5\n", encoding="utf-8")
    with pytest.raises(refusals.MoneyColumnLeft):
        look(path, CUSTOMERS)[0].require_money_seen()


def test_a_number_of_our_own_form_cannot_be_brought_along(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("手机,卡号\n13512340001,C000001\n13512340002,6222020200112233445\n", encoding="utf-8")
    rows, _notes = read(path)
    assert rows[0].errors["customer_no"]["code"] == "reserved-number"
    assert rows[1].customer_no == "6222020200112233445"


def test_the_language_of_a_customer_is_known_by_its_names(tmp_path):
    path = tmp_path / "languages.csv"
    written = ("繁体中文", "English", "zh-CN", "", "klingon")
    rows = "".join(f"1391111000{number},李,{language}\n" for number, language in enumerate(written))
    path.write_text(f"手机,姓名,语言\n{rows}", encoding="utf-8")
    found, _notes = read(path)
    assert [row.values.get("language") for row in found] == ["zh_Hant_TW", "en", "zh", None, None]
    assert [row.errors.get("language", {}).get("code") for row in found] == [None] * 4 + ["unknown-language"]
