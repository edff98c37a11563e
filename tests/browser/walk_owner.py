"""An owner's day: what a super administrator may do that a clerk may not, and where he too is refused, in order."""

from decimal import Decimal
from pathlib import Path

from app.core import days
from app.ledger.totals import all_time
from tests.browser.desk import balance_of, customer_with, id_of, kinds_of, new_phone, pay_in
from tests.browser.walk import Step, Walk
from tests.house.source import ROOT
from tests.staff.people import PASSWORD


def money(amount: Decimal) -> str:
    return f"¥{amount:,.2f}"


def today(walk: Walk) -> str:
    with walk.live.app.app_context():
        return days.today().isoformat()


def he_signs_in(walk: Walk) -> None:
    """S0.1 and S0.2: he lands on the overview of his shop, and the counter is one click away."""
    walk.live.sign_in(walk.page, walk.name)
    walk.click("main button[value='1']")  # of several stores, he says where he works today
    assert walk.page.url.endswith("/overview")
    walk.assert_looks_good()
    walk.click(".page-tools .btn-primary")
    assert walk.page.url.endswith("/counter")


def he_sees_who_he_is(walk: Walk) -> None:
    """S0.3: his own name and his role."""
    walk.go("/profile")
    told = walk.text("main .record")
    assert "老板" in told
    assert "Super administrator" in told


def he_enters_a_customer(walk: Walk) -> None:
    """S0.5: he serves customers as a clerk does."""
    walk.found["phone"] = new_phone()
    walk.go(f"/counter/new?phone={walk.found['phone']}")
    walk.page.fill("#name", "林小姐")
    assert walk.desk.answer_to(lambda: walk.page.press("#name", "Enter")) == 200
    walk.found["customer"] = id_of(walk.live, walk.found["phone"])


def he_changes_the_particulars(walk: Walk) -> None:
    """S0.10: the particulars are his to change, and the balance is no field for him either."""
    assert walk.page.locator("[name=balance]").count() == 0
    walk.page.click("[data-opens][href='#profile-phone']")
    walk.page.fill("#profile-address", "人民路 1 号")
    assert walk.desk.enter_in("#profile-address") == 200


def he_takes_money_in_and_out(walk: Walk) -> None:
    """S0.11 and S0.12: 200 in and 80 out, each with what was there before and after."""
    customer = walk.found["customer"]
    for form, amount, left in (("recharge", "200", "200.00"), ("consume", "80", "120.00")):
        walk.go(f"/counter?customer={customer}")
        assert walk.desk.send(form, amount) == 200
        assert left in walk.text(".done-after")
    assert kinds_of(walk.live, customer) == [("recharge", "200.00"), ("consumption", "80.00")]


def he_sees_all_that_ever_was(walk: Walk) -> None:
    """S0.13: the totals of all time, which are those of the ledger, and follow it at once."""
    for more in ("0", "10"):
        if Decimal(more):
            pay_in(walk.live, walk.found["customer"], more)
        walk.go("/totals/")
        with walk.live.app.app_context():
            now = all_time()
        for figure in (now.figures.takings, now.figures.consumed, now.principal):
            assert money(figure) in walk.text(), figure


def the_house_as_a_whole_is_his(walk: Walk) -> None:
    """S0.14: what is refused to a clerk is open to him: overview with its charts, totals, and the call."""
    assert walk.go("/overview?days=180") == 200
    assert walk.page.locator("figure.chart").count() >= 1
    assert walk.call("GET", "/totals").status == 200


def he_asks_about_a_period(walk: Walk) -> None:
    """S0.15: by day and hour, store, clerk and method; the last day counts whole."""
    walk.go("/totals/period")
    walk.page.fill("[name=to]", today(walk))
    walk.page.select_option("select[name=store]", "east")
    walk.page.select_option("select[name=method]", "alipay")
    walk.page.select_option("select[name=group_by]", "store")
    walk.page.select_option("select[name=from_hour]", "0")
    walk.page.select_option("select[name=to_hour]", "23")
    walk.click("form.query button")
    assert f"¥{walk.shop.elsewhere}" in walk.text("[data-groups]")
    assert walk.shop.yesterday not in walk.text()
    walk.go(f"/totals/period?from={today(walk)}&to={today(walk)}&operator={walk.name}&group_by=operator")
    assert "¥200.00" in walk.text("[data-groups]")
    assert walk.go(f"/totals/period?from={today(walk)}&to=2020-01-01") == 400


def every_day_is_his(walk: Walk) -> None:
    """S0.16: he sees yesterday and the other store, which a clerk does not."""
    for path in ("/totals/period?from=2020-01-01&group_by=method", "/postings/"):
        walk.go(path)
        assert walk.shop.yesterday in walk.text(), path
        assert walk.shop.elsewhere in walk.text(), path


def he_writes_the_instructions(walk: Walk) -> None:
    """S0.17: he rewrites the instructions, and there they stand."""
    walk.go("/help")
    walk.click(".page-tools a")
    walk.page.fill("[name=body]", "Money\n- Count it twice.\n\nPassword\n- Never lend it.\n\nSmile\n- Always.")
    walk.click(".form-card .btn-primary")
    walk.go("/help")
    assert "Count it twice." in walk.text("main")


def he_looks_through_the_customers(walk: Walk) -> None:
    """S0.18 and S0.19: filters that must all hold, in order, with a sum, taken away; "modify" opens the counter."""
    phone = walk.found["phone"]
    walk.go(f"/customers/list/?phone={phone}&name=林&status=active&type=personal&store=main&balance_min=100&order=name")
    assert walk.page.locator("tbody tr").count() == 1
    assert "130.00" in walk.text("tfoot")
    with walk.page.expect_download() as taken:
        walk.page.click(".export-form [value=csv]")
    assert phone in Path(taken.value.path()).read_text("utf-8-sig").replace(" ", "")
    walk.go(f"/customers/list/?name=林&phone={phone}&balance_min=999")
    assert walk.page.locator("tbody tr").count() == 0
    walk.go(f"/customers/list/?phone={phone}")
    walk.click("tbody .row-tools a")
    assert walk.text(".who h2") == "林小姐"


def he_deletes_a_customer(walk: Walk) -> None:
    """S0.20 and S0.21: not on the counter but in the list, with a reason; for him the button is there."""
    assert walk.page.locator("main .fa-trash").count() == 0
    phone = new_phone()
    gone = customer_with(walk.live, phone=phone, name="走了")
    walk.go(f"/customers/list/?phone={phone}")
    walk.click("tbody .fa-trash")
    assert walk.click(".btn-danger") == 400
    walk.page.fill("[name=reason]", "moved away")
    assert walk.click(".btn-danger") == 200
    walk.go(f"/customers/list/?phone={phone}")
    assert walk.page.locator("tbody tr").count() == 0
    walk.found["gone"] = gone


def who_has_money_stays(walk: Walk) -> None:
    """S0.22: a customer with a balance is not deleted, not even by him."""
    walk.go(f"/customers/removal/{walk.found['customer']}")
    walk.page.fill("[name=reason]", "try")
    assert walk.click(".btn-danger") == 409
    assert balance_of(walk.live, walk.found["customer"]) == "130.00"
    assert id_of(walk.live, walk.found["phone"]) == walk.found["customer"]


def he_looks_postings_up(walk: Walk) -> None:
    """S0.23: account details by customer, kind, store, method and amount, with sums, by group, printed, taken away."""
    asked = f"customer={walk.found['customer']}&kind=recharge&store=main&method=cash&amount_min=100&amount_max=300"
    walk.go(f"/postings/?{asked}")
    assert walk.page.locator(".report-table tbody tr").count() == 1
    assert "200.00" in walk.text(".figures")
    with walk.page.expect_download() as taken:
        walk.page.click(".export [value=csv]")
    assert "200.00" in Path(taken.value.path()).read_text("utf-8-sig")
    assert walk.go(f"/postings/print?{asked}&group=day") == 200


def old_months_have_left(walk: Walk) -> None:
    """S0.24: what is older than six months lies in an archive; the balance that it made has not changed by a cent."""
    walk.go("/archives")
    assert walk.page.locator("main tbody tr").count() >= 2  # details and records
    walk.go("/postings/?from=2020-01-01&kind=recharge")
    assert "500.00" not in walk.text(".report-table")
    assert balance_of(walk.live, walk.shop.old) == "611.11"
    walk.go(f"/counter?customer={walk.shop.old}")
    assert "611.11" in walk.text(".wallet")


def all_of_it_was_written_down(walk: Walk) -> None:
    """S0.25: who deleted whom and why, what was before and after; and nobody can change a record."""
    walk.go("/operation-records/list/?_flt_0_object_type=customer")
    walk.page.locator("tbody tr", has_text="Delete").first.locator("a").first.click()
    walk.page.wait_for_url("**/operation-records/show/*")
    assert walk.name in walk.text()
    assert "moved away" in walk.text()
    assert walk.page.locator("main form, main .fa-pen, main .fa-trash").count() == 0


def records_have_left_too(walk: Walk) -> None:
    """S0.26: operation records are kept for six months by a setting of their own."""
    walk.go("/archives")
    assert walk.page.locator("main tbody tr", has_text="ecords").count() >= 1
    walk.go("/settings")
    kept = [walk.page.input_value(f"[name={name}]") for name in ("keep_postings", "keep_records")]
    assert kept == ["6", "6"]


def he_keeps_the_administrators(walk: Walk) -> None:
    """S0.27 and S0.28: the list with role and store; one is added, changed and removed; he himself stays."""
    name = f"clerk-{walk.name}"
    walk.go("/administrators/list/")
    assert "Super administrator" in walk.text("tbody")
    walk.click(".page-tools .btn-primary")
    for field, typed in (("username", name), ("display_name", "新人"), ("password", PASSWORD), ("again", PASSWORD)):
        walk.page.fill(f"#{field}", typed)
    walk.page.check("[name=stores] >> nth=0")
    walk.click(".form-card .btn-primary")
    row = walk.page.locator("tbody tr", has_text=name)
    assert "Ordinary administrator" in row.inner_text()
    walk.desk.answer_to(row.locator(".fa-pen").click)
    walk.page.select_option("#role", "cashier")
    walk.click(".form-card .btn-primary")
    assert "Cashier" in row.inner_text()
    for who, is_left in ((name, False), (walk.name, True)):
        one = walk.page.locator("tbody tr", has=walk.page.locator("td.cell-title", has_text=who)).last
        one.locator(".fa-trash").click()
        walk.desk.answer_to(lambda: walk.page.click("#ask [value=yes]"))
        walk.go("/administrators/list/")
        assert (walk.page.locator("td.cell-title", has_text=who).count() > 0) is is_left, who
    walk.go("/operation-records/list/")
    made = walk.page.locator("tbody tr", has_text="Create").filter(has_text="Staff").first
    walk.desk.answer_to(made.locator("a").first.click)
    assert name in walk.text()  # who was removed can still be read about


def this_page_is_his_alone(walk: Walk) -> None:
    """S0.29 and S0.30: he browses and looks up what a clerk may not; the framework's own pages are not even his."""
    for path in ("/administrators/list/", "/administrators/add", "/roles"):
        assert walk.go(path) == 200, path
    assert walk.call("GET", "/administrators").status == 200
    assert walk.go("/users/list/") == 404


def two_levels_are_there(walk: Walk) -> None:
    """S0.31: super administrator and ordinary administrator, with what each may do in words."""
    walk.go("/roles")
    told = walk.text()
    for role in ("Super administrator", "Ordinary administrator"):
        assert role in told, role
    assert "Delete customers" in told


def the_fields_are_there(walk: Walk) -> None:
    """S0.32: the fields of a customer and of an administrator."""
    walk.go("/counter/new")
    for name in ("phone", "name", "type", "gender", "address", "id_number", "note"):
        assert walk.page.locator(f"[name={name}]").count() == 1, name
    walk.go("/administrators/add")
    for name in ("username", "display_name", "role", "phone", "email", "password"):
        assert walk.page.locator(f"[name={name}]").count() == 1, name


def it_is_told_what_changed(walk: Walk) -> None:
    """S0.33: there is a changelog; and the owner's pages work on a telephone, in the dark, without a sound."""
    assert "## [" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    walk.page.set_viewport_size({"width": 375, "height": 800})
    walk.page.emulate_media(color_scheme="dark")
    for path in ("/overview", "/administrators/list/", "/totals/"):
        assert walk.go(path) == 200
        walk.assert_looks_good()


OWNERS_DAY: tuple[Step, ...] = (
    he_signs_in,
    he_sees_who_he_is,
    he_enters_a_customer,
    he_changes_the_particulars,
    he_takes_money_in_and_out,
    he_sees_all_that_ever_was,
    the_house_as_a_whole_is_his,
    he_asks_about_a_period,
    every_day_is_his,
    he_writes_the_instructions,
    he_looks_through_the_customers,
    he_deletes_a_customer,
    who_has_money_stays,
    he_looks_postings_up,
    old_months_have_left,
    all_of_it_was_written_down,
    records_have_left_too,
    he_keeps_the_administrators,
    this_page_is_his_alone,
    two_levels_are_there,
    the_fields_are_there,
    it_is_told_what_changed,
)
