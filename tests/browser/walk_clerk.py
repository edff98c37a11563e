"""A clerk's day: every row of S0 that an ordinary administrator meets, in the order of the list."""

from tests.browser.desk import balance_of, customer_with, id_of, kinds_of, new_phone
from tests.browser.walk import Step, Walk

NEW_PASSWORD = "a-much-better-one-9"


def nothing_is_open_before_the_sign_in(walk: Walk) -> None:
    """S0.1: signed out there is nothing but the sign-in; a wrong password does not help, the right one does."""
    walk.go("/customers/list/")
    assert "/login/?next=" in walk.page.url
    assert walk.page.request.get(f"{walk.live.url}/api/v1/customers").status == 401
    walk.page.fill("[name=username]", walk.name)
    walk.page.fill("[name=password]", "not it")
    walk.page.press("[name=password]", "Enter")
    walk.page.wait_for_selector(".alert")
    walk.live.sign_in(walk.page, walk.name)


def the_counter_is_where_he_lands(walk: Walk) -> None:
    """S0.2: one working screen, from which everything of a clerk's day is reached."""
    assert walk.page.url.endswith("/counter")
    for way in (".finder input", ".find-new", ".find-help", ".shift-panel a"):
        assert walk.page.locator(way).is_visible(), way
    walk.assert_looks_good()


def he_sees_who_he_is(walk: Walk) -> None:
    """S0.3: his own name, role, store, telephone and last sign-in, and nobody else's."""
    walk.go("/profile")
    told = walk.text("main .record")
    for fact in (walk.name, "陈静", "Ordinary administrator", "Main store", "13812340000", "127.0.0.1"):
        assert fact in told, fact
    assert walk.go("/administrators/show/1") == 403


def he_changes_his_password(walk: Walk) -> None:
    """S0.4: not without the old one; and who sat elsewhere under his name is signed out."""
    elsewhere = walk.open_page()
    walk.live.sign_in(elsewhere, walk.name)
    walk.go("/profile/password")
    for old, status in (("a guess", 400), (walk.password, 200)):
        walk.page.fill("[name=old]", old)
        walk.page.fill("[name=password]", NEW_PASSWORD)
        walk.page.fill("[name=again]", NEW_PASSWORD)
        assert walk.click(".form-card .btn-primary") == status
    elsewhere.goto(f"{walk.live.url}/counter")
    assert "/login/" in elsewhere.url
    walk.password = NEW_PASSWORD


def he_enters_a_customer(walk: Walk) -> None:
    """S0.5: a number that nobody has leads to the form, which knows it already."""
    walk.found["phone"] = phone = new_phone()
    walk.desk.find(phone)
    walk.desk.enter()
    assert walk.page.input_value("#phone") == phone
    walk.page.fill("#name", "周杰")
    assert walk.desk.answer_to(lambda: walk.page.press("#name", "Enter")) == 200
    walk.found["customer"] = id_of(walk.live, phone)


def the_number_is_taken(walk: Walk) -> None:
    """S0.6: the same number, however it is written, is not entered twice."""
    walk.go("/counter/new")
    walk.page.fill("#phone", f"+86 {walk.found['phone'][:3]} {walk.found['phone'][3:]}")
    walk.page.fill("#name", "somebody else")
    assert walk.desk.answer_to(lambda: walk.page.press("#name", "Enter")) in (400, 409)
    assert id_of(walk.live, walk.found["phone"]) == walk.found["customer"]


def he_finds_the_customer(walk: Walk) -> None:
    """S0.7 and S0.8: by the number in any notation, its end or the name; and every form stands ready at once."""
    phone = walk.found["phone"]
    full_width = phone.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for typed in (phone, f"+86 {phone}", full_width, "周杰"):
        walk.go("/counter")
        walk.page.fill("[name=q]", typed)
        walk.desk.enter_in("[name=q]")
        assert walk.text(".who h2") == "周杰", typed
    walk.go(f"/counter?q={phone[-4:]}")
    assert "周杰" in walk.text()
    walk.go(f"/counter?customer={walk.found['customer']}")
    for form in ("#recharge-amount", "#consume-amount", "#profile-phone"):
        assert walk.page.locator(form).count() == 1, form


def what_changed_meanwhile_is_told(walk: Walk) -> None:
    """S0.9: a form for a customer whom a colleague has changed is refused with what holds now."""
    walk.rename(walk.found["customer"], "周杰伦")
    assert walk.desk.send("recharge", "10") == 412
    assert walk.text(".who h2") == "周杰伦"
    assert kinds_of(walk.live, walk.found["customer"]) == []


def he_changes_the_particulars(walk: Walk) -> None:
    """S0.10: address and number are changed, another's number is refused, and the balance is no field."""
    other = new_phone()
    customer_with(walk.live, phone=other)
    assert walk.page.locator("[name=balance]").count() == 0
    walk.page.click("[data-opens][href='#profile-phone']")
    walk.page.fill("#profile-phone", other)
    assert walk.desk.enter_in("#profile-phone") in (400, 409)
    walk.found["phone"] = new_phone()
    walk.page.fill("#profile-phone", walk.found["phone"])
    assert walk.desk.enter_in("#profile-phone") == 200
    assert id_of(walk.live, walk.found["phone"]) == walk.found["customer"]


def he_takes_money_in(walk: Walk) -> None:
    """S0.11: 100 in, told before and after; the page loaded again posts nothing; the receipt stands ready."""
    walk.go(f"/counter?customer={walk.found['customer']}")
    assert walk.desk.send("recharge", "0") == 400
    assert walk.desk.send("recharge", "100") == 200
    assert "100.00" in walk.text(".done-after")
    walk.page.reload()
    assert balance_of(walk.live, walk.found["customer"]) == "100.00"
    walk.click(".done-tools a")
    assert "Balance before" in walk.text("#paper")
    walk.found["receipt"] = walk.page.url.rpartition("/")[2]


def he_takes_from_the_balance(walk: Walk) -> None:
    """S0.12: 30.50 are consumed; more than there is, is refused and leaves no trace."""
    walk.go(f"/counter?customer={walk.found['customer']}")
    assert walk.desk.send("consume", "30.50") == 200
    assert "69.50" in walk.text(".done-after")
    walk.go(f"/counter?customer={walk.found['customer']}")
    assert walk.desk.send("consume", "69.51") == 409
    assert kinds_of(walk.live, walk.found["customer"]) == [("recharge", "100.00"), ("consumption", "30.50")]


def the_house_as_a_whole_is_not_his(walk: Walk) -> None:
    """S0.14: neither page nor overview nor call nor menu shows him what the shop has taken in all."""
    for path in ("/totals/", "/totals/customers", "/overview"):
        assert walk.go(path) == 403, path
        assert walk.page.locator(f".side-link[href='{path}']").count() == 0
    assert walk.call("GET", "/totals").status == 403
    assert walk.send("/customers/export", format="csv") == 403


def he_asks_about_his_day(walk: Walk) -> None:
    """S0.15: the period query by method and hour, of what he is shown."""
    walk.click(".side-link:has-text('Period query')")
    walk.page.select_option("select[name=method]", "cash")
    walk.page.select_option("select[name=group_by]", "method")
    walk.click("form.query button")
    assert "¥100.00" in walk.text("[data-groups]")


def today_is_all_he_sees(walk: Walk) -> None:
    """S0.16: whatever he asks for, by page or by program, it is today in his store; one customer's past he may see."""
    assert walk.page.locator("[name=from], [name=to]").count() == 0
    ever = "from=2020-01-01&to=2030-12-31"
    for path in (f"/totals/period?{ever}", f"/postings/?{ever}", f"/postings/print?{ever}", f"/today?{ever}"):
        assert walk.go(path) == 200
        assert walk.shop.yesterday not in walk.text(), path
        assert walk.shop.elsewhere not in walk.text(), path
    assert walk.send(f"/postings/export?{ever}", format="csv") == 403
    told = walk.call("GET", f"/totals/period?{ever}").text() + walk.call("GET", f"/postings?{ever}").text()
    assert walk.shop.yesterday not in told
    assert walk.shop.elsewhere not in told
    walk.go(f"/customers/{walk.shop.old}/statement")
    assert walk.shop.yesterday in walk.text()


def he_reads_the_instructions(walk: Walk) -> None:
    """S0.17: the instructions are a click away from the counter; to write them is not his."""
    walk.go("/counter")
    walk.click(".find-help")
    assert walk.page.locator("main h2").count() > 2
    assert walk.page.locator("main a[href*='/help/edit']").count() == 0
    assert walk.go("/help/edit") == 403


def he_looks_through_the_customers(walk: Walk) -> None:
    """S0.18 and S0.19: the list by name and status; "modify" opens the counter with that customer."""
    walk.go("/customers/list/?name=周杰&status=active&balance_min=69&balance_max=70")
    assert walk.page.locator("tbody tr").count() == 1
    walk.click("tbody .row-tools a")
    assert walk.text(".who h2") == "周杰伦"


def he_deletes_nobody(walk: Walk) -> None:
    """S0.20 and S0.21: deleting stands in the list, for the owner; he has no button, and his request is refused."""
    customer = walk.found["customer"]
    assert walk.page.locator("main .fa-trash").count() == 0
    assert walk.send(f"/customers/removal/{customer}", reason="-") == 403
    walk.go("/customers/list/")
    assert walk.page.locator("main .fa-trash, .cell-check").count() == 0
    assert walk.go(f"/customers/removal/{customer}") == 403
    assert walk.call("DELETE", f"/customers/{customer}", reason="-").status == 403


def he_looks_a_posting_up(walk: Walk) -> None:
    """S0.23: account details of today, by kind and receipt, with their sums; taking them away is not his."""
    walk.go("/postings/?kind=consumption")
    assert "30.50" in walk.text(".report-table")
    assert "100.00" not in walk.text(".report-table")
    assert walk.page.locator(".export").count() == 0
    walk.go(f"/postings/?kind=recharge&method=cash&customer={walk.found['customer']}")
    walk.click(".cell-title a")
    assert f"/receipts/{walk.found['receipt']}" in walk.page.url


def the_records_are_not_his(walk: Walk) -> None:
    """S0.25 and S0.26: what was written down of everybody, and what lies in archives, is the owner's."""
    assert walk.go("/operation-records/list/") == 403
    assert walk.go("/archives") == 403


def the_administrators_are_not_his(walk: Walk) -> None:
    """S0.29: no page of administrators opens to him, neither ours nor one of the framework."""
    walk.go("/counter")
    assert walk.page.locator(".side-link[href*=administrators]").count() == 0
    for path in ("/administrators/list/", "/roles", "/api-keys"):
        assert walk.go(path) == 403, path
    for path in ("/users/list/", "/roles/list/", "/api/v1/security/users/"):
        assert walk.go(path) == 404, path


def nor_may_he_touch_one(walk: Walk) -> None:
    """S0.30: to add, delete, change and look up an administrator, each is refused by page and by program."""
    walk.go("/counter")
    for path in ("/add", "/edit/1", "/delete/1", "/password/1"):
        assert walk.send(f"/administrators{path}", username="mine", role="super-admin") == 403, path
    assert walk.go("/administrators/show/1") == 403
    for method, path in (("GET", ""), ("GET", "/1"), ("POST", ""), ("PATCH", "/1"), ("DELETE", "/1")):
        assert walk.call(method, f"/administrators{path}").status == 403, (method, path)


def it_fits_into_his_pocket(walk: Walk) -> None:
    """S0.33: the counter and the list on a telephone, in the dark."""
    walk.page.set_viewport_size({"width": 375, "height": 800})
    walk.page.emulate_media(color_scheme="dark")
    for path in (f"/counter?customer={walk.found['customer']}", "/customers/list/", "/postings/"):
        assert walk.go(path) == 200
        walk.assert_looks_good()


CLERKS_DAY: tuple[Step, ...] = (
    nothing_is_open_before_the_sign_in,
    the_counter_is_where_he_lands,
    he_sees_who_he_is,
    he_changes_his_password,
    he_enters_a_customer,
    the_number_is_taken,
    he_finds_the_customer,
    what_changed_meanwhile_is_told,
    he_changes_the_particulars,
    he_takes_money_in,
    he_takes_from_the_balance,
    the_house_as_a_whole_is_not_his,
    he_asks_about_his_day,
    today_is_all_he_sees,
    he_reads_the_instructions,
    he_looks_through_the_customers,
    he_deletes_nobody,
    he_looks_a_posting_up,
    the_records_are_not_his,
    the_administrators_are_not_his,
    nor_may_he_touch_one,
    it_fits_into_his_pocket,
)
