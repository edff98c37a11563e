"""The queries of broadband (S2.16 to S2.19, S2.21): what they find, what each filter leaves, what they add up to."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.broadband import operations
from app.broadband.models import Employee
from app.broadband.operations.filing import Fee
from app.broadband.reports.documents import document_reports
from app.broadband.reports.payments import SUMMED, payments_report
from app.broadband.reports.subscribers import services_report
from app.core import clock
from app.core.db import in_transaction
from app.core.sealed import seal
from app.customers.operations import change_customer
from app.extensions import db
from app.shop.models import Method
from app.tables import asking, rows
from tests.broadband.ground import basics, done, opened, paid, running, service_of, undone
from tests.broadband.things import code
from tests.staff.people import form_token

ONE_DAY = timedelta(days=1)
BY_NAME = {report.name.removeprefix("broadband-"): report for report in document_reports}
SUSPENSIONS, CLOSINGS = BY_NAME["suspensions"], BY_NAME["closings"]


def asked(report, actor, **arguments):
    """What an address with these arguments asks; `from_` for what Python keeps to itself."""
    db.session.rollback()
    said = {name.rstrip("_"): str(value) for name, value in arguments.items()}
    found, form = asking.asked_of(report, said, actor)
    assert found is not None, form.errors
    return found


def found(report, actor, **arguments):
    return rows.page(report, asked(report, actor, **arguments), limit=1_000).rows


def ids(report, actor, **arguments):
    return {row.id for row in found(report, actor, **arguments)}


def sums(report, actor, **arguments):
    return rows.sums(report, asked(report, actor, **arguments)).figures


def file_of(browser, report, **arguments):
    """The rows of the file, by heading."""
    query = "&".join(f"{name.rstrip('_')}={value}" for name, value in arguments.items())
    sent = {"csrf_token": form_token(browser, "/profile"), "format": "csv"}
    text = browser.post(f"{report.route}/export?{query}", data=sent, buffered=True).text
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


# S2.16


def employee():
    def hire():
        one = Employee(employee_no=code(), name="Qian")
        db.session.add(one)
        db.session.flush()
        return one.id

    return in_transaction(hire)


def a_user(owner, phone, day, shop_time, sign):
    """A user of whom everything is known, and differs from others by the sign: his service, and what finds it."""
    shop_time(day)
    details = {
        "address": f"{sign} Street 1",
        "access_order_no": f"A{sign}",
        "broadband_account": f"line-{sign}",
        "broadband_password": "open sesame",
        "bound_number": f"ONU-{sign}",
        "remark": f"{sign} rings twice",
    }
    chosen = basics(package_fee=Decimal(day.day))
    customer, number = opened(owner, phone, details=details, salesperson_id=employee(), **chosen)
    person = {
        "name": f"{sign}明",
        "landline": f"010{sign}",
        "contact_phone": f"020{sign}",
        "id_number": f"11010519{sign}002X",
    }
    in_transaction(lambda: change_customer(customer, person, actor=owner))
    shop_time(day + ONE_DAY)
    in_transaction(lambda: operations.activate(number, actor=owner) and None)
    paid(number, owner)
    return number


def what_finds(number):
    """Each filter of the query, with the value that this user has."""
    one = service_of(number)
    who = one.customer
    return {
        "phone": {"phone": who.phone},
        "number": {"number": one.service_no},
        "customer_no": {"customer_no": who.customer_no},
        "account": {"account": one.broadband_account},
        "name": {"name": who.name[:6]},
        "community": {"community": one.community_id},
        "package": {"package": one.package_id},
        "salesperson": {"salesperson": one.salesperson_id},
        "address": {"address": one.address[:8]},
        "landline": {"landline": who.landline},
        "contact_phone": {"contact_phone": who.contact_phone},
        "access": {"access": one.access_order_no},
        "bound": {"bound": one.bound_number},
        "fee": {"fee_min": one.fee, "fee_max": one.fee},
        "applied": {"applied_from": one.apply_date, "applied_to": one.apply_date},
        "activated": {"activated_from": one.activation_date, "activated_to": one.activation_date},
        "stops": {"stops_from": one.stop_date, "stops_to": one.stop_date},
        "remark": {"remark": one.remark[:8]},
        "status": {"status": one.status.value},
        "business": {"business": one.business_type_id},
        "id_card_no": {"id_card_no": seal(who.id_number)},
    }


def test_users_are_found_by_every_column_and_by_all_at_once(app, owner, new_phone, shop_time):
    signs = (new_phone()[-6:], new_phone()[-6:])
    one, other = (a_user(owner, new_phone(), date(2030, 1, 10 * n), shop_time, sign) for n, sign in enumerate(signs, 1))
    done(operations.suspend, other, owner=owner)
    finds = what_finds(one)
    assert set(finds) == {each.name for each in services_report.filters}
    same = {"business"}  # both have it
    for name, arguments in finds.items():
        mine = ids(services_report, owner, **arguments) & {one, other}
        assert mine == ({one, other} if name in same else {one}), name
    together = {name: value for arguments in finds.values() for name, value in arguments.items()}
    assert ids(services_report, owner, **together) == {one}
    assert ids(services_report, owner, **{**together, "status": "closed"}) == set()


def test_a_user_is_called_expired_when_his_days_are_over(app, owner, boss, new_phone, shop_time):
    sign = new_phone()[-6:]
    number = a_user(owner, new_phone(), date(2030, 2, 1), shop_time, sign)
    stops = service_of(number).stop_date
    for day, status, other in ((stops, "active", "expired"), (stops + ONE_DAY, "expired", "active")):
        shop_time(day)
        mine = {"access": f"A{sign}"}
        assert [row.user_status for row in found(services_report, owner, **mine, status=status)] == [status]
        assert ids(services_report, owner, **mine, status=other) == set()
    (line,) = file_of(boss, services_report, **mine)
    assert line["User status"] == "Expired"
    (group,) = rows.groups(services_report, asked(services_report, owner, **mine, group="status"))
    assert (group["key"], group["rows"]) == ("expired", 1)
    done(operations.suspend_by_force, number, owner=owner, reason="late")
    assert ids(services_report, owner, **mine, status="expired") == set()
    assert ids(services_report, owner, **mine, status="force-suspended") == {number}


def test_a_list_of_users_tells_neither_passwords_nor_id_numbers(app, owner, boss, new_phone, shop_time):
    sign = new_phone()[-6:]
    number = a_user(owner, new_phone(), date(2030, 3, 1), shop_time, sign)
    (line,) = file_of(boss, services_report, access=f"A{sign}")
    page = boss.get(f"{services_report.route}/?access=A{sign}").text
    assert line["Service no."] == service_of(number).service_no
    assert line["Password"] == "••••••••"
    assert line["ID card no."].endswith("002X")
    for text in (page, str(line)):
        assert "open sesame" not in text
        assert f"11010519{sign}002X" not in text
    assert (line["Landline"], line["Fee"], line["User status"]) == (f"010{sign}", "1.00", "Switched on")


# S2.17 and S2.21


@pytest.fixture
def three_days(app, owner, new_phone, shop_time):
    """Payments of three days: one, two of which the first was taken back the day after, and one more. Their numbers."""
    first = date(2031, 1, 1)
    shop_time(first)
    here, there = running(owner, new_phone(), "9000.00")[1], running(owner, new_phone(), "9000.00")[1]
    made = [paid(here, owner, discount_amount=Decimal(15))]
    shop_time(first + ONE_DAY)
    made += [paid(here, owner, late_fee=Decimal(2)), paid(there, owner, Method.CASH)]
    shop_time(first + 2 * ONE_DAY)
    undone(made[1], owner)
    extra = {"other_charge_item": "Router", "other_charge_amount": Decimal("99.90")}
    made.append(paid(here, owner, months_paid=1, **extra))
    yield made
    for document in (made[3], made[2], made[0]):  # the days are used again
        undone(document, owner)


def test_payments_are_found_by_their_day_both_ends_counted(app, owner, boss, new_phone, three_days):
    first, second, third = (date(2031, 1, day) for day in (1, 2, 3))
    one, taken_back, other, last = three_days

    def of(**days):
        return ids(payments_report, owner, **days) & set(three_days)

    assert of(from_=first, to=third) == set(three_days)
    assert of(from_=second, to=second) == {taken_back, other}
    assert of(from_=second, to=third) == {taken_back, other, last}
    assert of(to=first) == {one}
    assert of(from_=third) == {last}
    assert of(from_=first, to=third, method="cash") == {other}
    assert of(from_=first, to=third, total_min="300", total_max="300") == {one}
    assert len(file_of(boss, payments_report, from_=second, to=second)) == 2
    assert boss.get(f"{payments_report.route}/?from=2031-01-03&to=2031-01-01").status_code == 400


def test_payments_are_summed_by_column_and_what_was_taken_back_is_not(app, owner, boss, three_days):
    days = {"from_": "2031-01-01", "to": "2031-01-03"}
    told = sums(payments_report, owner, **days)
    by_hand = {
        "package_fee": Decimal(900),
        "maintenance_total": Decimal(35),
        "other_charge_amount": Decimal("99.90"),
        "discount_amount": Decimal(15),
        "late_fee": Decimal(0),
        "total": Decimal("1019.90"),
    }
    assert {name: told[f"sum_{name}"] for name in SUMMED} == by_hand
    for way in ("", "print"):
        page = boss.get(f"{payments_report.route}/{way}?from=2031-01-01&to=2031-01-03").text
        totals = page[page.index("<tfoot>") :]
        assert totals.count("<tr") == 1
        assert all(f"{amount:,.2f}" in totals for amount in by_hand.values())


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("day", ["404.90", "315.00", "300.00"]),
        ("package", ["704.90", "315.00"]),
        ("operator", ["1019.90"]),
        ("community", ["704.90", "315.00"]),
    ],
)
def test_payments_are_summed_by_group(app, owner, three_days, group, expected):
    ask = asked(payments_report, owner, from_="2031-01-01", to="2031-01-03", group=group)
    lines = rows.groups(payments_report, ask)
    found_sums = sorted((line["sum_total"] for line in lines if line["sum_total"]), reverse=True)
    assert found_sums == sorted((Decimal(each) for each in expected), reverse=True)


# S2.18 and S2.19


def test_suspensions_and_closings_are_found_by_their_own_days(app, owner, boss, new_phone, shop_time):
    first = date(2032, 1, 1)
    shop_time(first)
    numbers = [running(owner, new_phone())[1] for _ in range(3)]
    made = {}
    for name, verb, said in (
        ("forced", operations.suspend_by_force, {"reason": "late"}),
        ("suspended", operations.suspend, {"fee": Fee(Decimal(10), Method.CASH)}),
        ("closed", operations.close, {}),
    ):
        made[name] = done(verb, numbers.pop(), owner=owner, **said)
        shop_time(clock.today() + ONE_DAY)
    week = {"from_": first, "to": first + 6 * ONE_DAY}
    for report, name, day in ((SUSPENSIONS, "suspended", 1), (CLOSINGS, "closed", 2)):
        on = first + day * ONE_DAY
        assert ids(report, owner, **week) == {made[name]}
        assert ids(report, owner, from_=on, to=on) == {made[name]}
        assert ids(report, owner, from_=first, to=on - ONE_DAY) == set()
        assert ids(report, owner, from_=on + ONE_DAY, to=on + 5 * ONE_DAY) == set()
        (line,) = file_of(boss, report, **week)
        (row,) = found(report, owner, **week)
        assert line["Customer no."] == row.customer_no
    assert sums(SUSPENSIONS, owner, **week)["sum_fee"] == 10
    assert file_of(boss, SUSPENSIONS, **week)[0]["Suspension fee"] == "10.00"
    assert file_of(boss, CLOSINGS, **week)[0]["User status"] == "Closed"
    undone(made["suspended"], owner)
    assert ids(SUSPENSIONS, owner, **week) == {made["suspended"]}, "it is shown, and marked"
    assert sums(SUSPENSIONS, owner, **week)["sum_fee"] == 0
    assert file_of(boss, SUSPENSIONS, **week)[0]["Reversed on"] == (first + 3 * ONE_DAY).isoformat()


def test_documents_are_found_by_community_operator_name_and_number(app, owner, new_phone, shop_time):
    shop_time(date(2032, 3, 1))
    _customer, number = running(owner, new_phone())
    one = done(operations.suspend, number, owner=owner)
    done(operations.suspend, running(owner, new_phone())[1], owner=owner)
    (row,) = [row for row in found(SUSPENSIONS, owner) if row.id == one]
    place = service_of(number).community_id
    assert ids(SUSPENSIONS, owner, community=place) == {one}
    assert ids(SUSPENSIONS, owner, number=row.document_no) == {one}
    assert ids(SUSPENSIONS, owner, phone=row.phone) == {one}
    assert ids(SUSPENSIONS, owner, phone=row.phone, operator="nobody") == set()
    assert one in ids(SUSPENSIONS, owner, operator=owner.name)
    assert one in ids(SUSPENSIONS, owner, name=row.customer_name[:1])
