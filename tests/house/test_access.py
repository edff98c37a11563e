"""Who may do what: one row for every method of every address, and a walk over all of them.

The columns are signed out, ordinary administrator, super administrator. `in`: let in, whatever is answered then;
`login`: sent to the sign-in; 401 and 403: refused. A route without a row fails.
"""

from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from tests.house.access_of_rooms import BROADBAND, FIELDS
from tests.house.test_routes import is_file
from tests.staff import people

TABLE = """
    GET     health.healthz                          in     in   in
    GET     health.readyz                           in     in   in
    GET     metrics.show                            in     in   in
    GET     HomeView.index                          login  in   in
    POST    LanguageView.change                     in     in   in
    GET     SignInView.login                        in     in   in
    POST    SignInView.login                        in     in   in
    GET     SignInView.code                         login  login  login
    POST    SignInView.code                         login  login  login
    POST    SignInView.logout                       login  login  login

    GET     ProfileView.show                        login  in   in
    POST    ProfileView.change                      login  in   in
    GET     OwnPasswordView.show                    login  in   in
    POST    OwnPasswordView.change                  login  in   in
    GET     SecondFactorView.show                   login  in   in
    POST    SecondFactorView.set_up                 login  in   in
    POST    SecondFactorView.renew                  login  in   in
    POST    SecondFactorView.remove                 login  in   in
    GET     OwnSessionsView.show                    login  in   in
    POST    OwnSessionsView.end                     login  in   in
    POST    OwnSessionsView.end_others              login  in   in
    POST    FirstStepsView.dismiss                  login  403  in
    GET     ApiKeysView.show                        login  403  in
    GET     ApiKeysView.new                         login  403  in
    POST    ApiKeysView.make                        login  403  in
    POST    ApiKeysView.revoke                      login  403  in
    GET     StoreView.choose                        login  in   in
    POST    StoreView.change                        login  in   in
    GET     AdministratorsView.list                 login  403  in
    GET     AdministratorsView.show                 login  403  in
    GET     AdministratorsView.add                  login  403  in
    POST    AdministratorsView.add                  login  403  in
    GET     AdministratorsView.edit                 login  403  in
    POST    AdministratorsView.edit                 login  403  in
    POST    AdministratorsView.delete               login  403  in
    POST    AdministratorsView.action               login  403  in
    POST    AdministratorsView.action_post          login  403  in
    GET     AdministratorsView.password             login  403  in
    POST    AdministratorsView.set_password         login  403  in
    POST    AdministratorsView.reset_second_factor  login  403  in
    POST    api_session.start                       in     in   in
    GET     api_session.show                        401    in   in
    DELETE  api_session.end                         401    in   in
    GET     api_staff.list_administrators           401    403  in
    POST    api_staff.create_administrator          401    403  in
    GET     api_staff.get_administrator             401    403  in
    PATCH   api_staff.change_administrator          401    403  in
    DELETE  api_staff.remove_administrator          401    403  in
    POST    api_staff.set_administrators_password   401    403  in
    POST    api_staff.unlock_administrator          401    403  in

    GET     HelpView.show                           login  in   in
    GET     HelpView.edit                           login  403  in
    POST    HelpView.write                          login  403  in
    GET     StoresView.list                         login  in   in
    GET     StoresView.show                         login  in   in
    GET     StoresView.add                          login  403  in
    POST    StoresView.add                          login  403  in
    GET     StoresView.edit                         login  403  in
    POST    StoresView.edit                         login  403  in
    GET     SettingsView.show                       login  403  in
    POST    SettingsView.change                     login  403  in
    GET     MethodsView.show                        login  403  in
    POST    MethodsView.change                      login  403  in
    GET     api_shop.list_stores                    401    in   in
    GET     api_shop.list_methods                   401    in   in

    GET     OperationRecordsView.list               login  403  in
    GET     OperationRecordsView.show               login  403  in
    POST    OperationRecordsView.export             login  403  in
    GET     api_audit.list_operation_records        401    403  in
    GET     ArchivesView.show                       login  403  in
    POST    ArchivesView.look                       login  403  in

    GET     CustomersView.list                      login  in   in
    GET     CustomersView.show                      login  in   in
    GET     CustomersView.removal                   login  403  in
    POST    CustomersView.remove                    login  403  in
    GET     StatementView.show                      login  in   in
    POST    IdNumbersView.find                      login  403  in
    POST    IdNumbersView.reveal                    login  403  in
    POST    StatementExportView.download            login  403  in
    POST    CustomerExportView.download             login  403  in
    GET     MergingView.show                        login  403  in
    POST    MergingView.merge                       login  403  in
    GET     MergeView.show                          login  403  in
    GET     NoticesView.show                        login  in   in
    GET     NoticesView.print                       login  in   in
    POST    NoticesView.export                      login  403  in
    GET     NoticeView.show                         login  in   in
    POST    NoticeView.again                        login  403  in
    GET     api_report_notices.list_notices         401    in   in
    GET     api_report_notices.sum_notices          401    in   in
    GET     AccountDetailsView.show                 login  in   in
    GET     AccountDetailsView.print                login  in   in
    POST    AccountDetailsView.export               login  403  in
    GET     api_report_account_details.list_account_details  401    in   in
    GET     api_report_account_details.sum_account_details  401    in   in
    GET     ImportView.start                        login  403  in
    POST    ImportView.receive                      login  403  in
    GET     ImportView.show                         login  403  in
    GET     ImportView.progress                     login  403  in
    GET     ImportView.refused                      login  403  in
    GET     ImportView.columns                      login  403  in
    POST    ImportView.check                        login  403  in
    POST    ImportView.apply                        login  403  in
    POST    ImportView.discard                      login  403  in
    POST    api_customers.create_customer           401    in   in
    GET     api_customers.list_customers            401    in   in
    GET     api_customers.get_customer              401    in   in
    PATCH   api_customers.change_customer           401    in   in
    DELETE  api_customers.delete_customer           401    403  in
    POST    api_money.create_recharge               401    in   in
    POST    api_money.create_consumption            401    in   in
    POST    api_money.create_refund                 401    in   in
    POST    api_money.create_adjustment             401    403  in
    POST    api_money.create_reversal               401    in   in
    GET     api_postings.list_postings              401    in   in
    GET     api_postings.get_posting                401    in   in
    GET     api_postings.get_statement              401    in   in
    GET     api_docs.openapi                        401    in   in
    GET     ApiDocsView.show                        login  in   in

    GET     JobsView.show                           login  403  in
    GET     JobsView.runs                           login  403  in
    POST    JobsView.run                            login  403  in

    GET     DashboardView.show                      login  403  in
    GET     TodayView.show                          login  in   in
    GET     TotalsView.show                         login  403  in
    GET     PeriodView.show                         login  in   in
    GET     PeriodView.print                        login  in   in
    POST    PeriodView.export                       login  403  in
    GET     CustomerMoneyView.show                  login  403  in
    GET     RolesView.show                          login  403  in
    GET     api_totals.get_totals                   401    403  in
    GET     api_totals.get_period_totals            401    in   in
    GET     ClerkWatchView.show                     login  403  in
    GET     ClerkWatchView.print                    login  403  in
    POST    ClerkWatchView.export                   login  403  in
    GET     WatchedPostingsView.show                login  403  in
    GET     WatchedPostingsView.print               login  403  in
    POST    WatchedPostingsView.export              login  403  in
    GET     api_report_clerk_watch.list_clerk_watch 401    403  in
    GET     api_report_clerk_watch.sum_clerk_watch  401    403  in
    GET     api_report_watched_postings.list_watched_postings  401    403  in
    GET     api_report_watched_postings.sum_watched_postings  401    403  in
    GET     ExportsView.show                        login  in   in
    GET     ExportsView.file                        login  in   in
    GET     BackupsView.list                        login  403  in
    POST    BackupsView.create                      login  403  in
    POST    BackupsView.download                    login  403  in

    GET     ApprovalsView.list                      login  403  in
    GET     ApprovalsView.show                      login  403  in
    POST    ApprovalsView.approve                   login  403  in
    POST    ApprovalsView.decline                   login  403  in
    GET     api_approvals.list_approvals            401    403  in
    GET     api_approvals.get_approval              401    403  in
    POST    api_approvals.approve_request           401    403  in
    POST    api_approvals.decline_request           401    403  in
    GET     CounterView.show                        login  in   in
    GET     CounterView.new                         login  in   in
    POST    CounterView.create                      login  in   in
    POST    CounterView.change                      login  in   in
    POST    CounterView.switch                      login  403  in
    POST    CounterView.give_credit                 login  403  in
    POST    TakingView.recharge                     login  in   in
    POST    TakingView.consume                      login  in   in
    POST    TakingView.refund                       login  in   in
    POST    TakingView.adjust                       login  403  in
    GET     ShiftView.show                          login  in   in
    POST    ShiftView.open                          login  in   in
    POST    ShiftView.cash                          login  in   in
    GET     ShiftView.count                         login  in   in
    POST    ShiftView.close                         login  in   in
    GET     ShiftView.receive                       login  in   in
    POST    ShiftView.take_over                     login  in   in
    GET     ShiftReportView.show                    login  in   in
    GET     ShiftsView.list                         login  403  in
    GET     ShiftsView.show                         login  403  in
    GET     ReceiptView.show                        login  in   in
    POST    ReceiptView.reverse                     login  in   in
    POST    ReceiptView.print                       login  in   in
    GET     ReceiptCheckView.show                   in     in   in

"""

# These end the session that asks, so they come last.
ENDINGS = ("api_session.end", "OwnSessionsView.end_others", "SignInView.logout")
NOBODY = 999_999  # the id of a thing that is not there: the door is tried, and nothing is changed


class Row(NamedTuple):
    method: str
    endpoint: str
    signed_out: str
    ordinary_admin: str
    super_admin: str


ROWS = {
    (row.method, row.endpoint): row
    for line in (TABLE + FIELDS + BROADBAND).split("\n")
    if line.strip()
    for row in [Row(*line.split())]
}


def doors(app: Flask) -> dict[tuple[str, str], Rule]:
    """Every method of every address but those of files."""
    return {
        (method, rule.endpoint): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not is_file(rule.endpoint)
    }


def knock(app: Flask, client: FlaskClient, method: str, rule: Rule, token: str | None) -> str:
    """What became of a request, in the words of the table."""
    values = {name: NOBODY if name not in ("name", "filename") else "none" for name in rule.arguments}
    with app.test_request_context():
        path = app.url_map.bind("localhost").build(rule.endpoint, values, method)
    is_call = path.startswith("/api/v1")
    headers = {"Authorization": f"Bearer {token}"} if is_call and token else {}
    answer = client.open(path, method=method, headers=headers)
    assert answer.status_code < 500, f"{method} {path}: {answer.text}"
    if answer.status_code in (401, 403):
        return str(answer.status_code)
    goes_to = answer.headers.get("Location", "").partition("?")[0]
    return "login" if goes_to == "/login/" else "in"


def _place(endpoint: str) -> int:
    """When a door is tried: those of ENDINGS at the end, in their order."""
    return ENDINGS.index(endpoint) + 1 if endpoint in ENDINGS else 0


def token_of(client: FlaskClient, name: str) -> str:
    answer = client.post("/api/v1/session", json={"username": name, "password": people.PASSWORD})
    return answer.json["access_token"]


def test_every_route_has_a_row(app):
    assert sorted(doors(app).keys() - ROWS.keys()) == []


def test_every_row_has_a_route(app):
    assert sorted(ROWS.keys() - doors(app).keys()) == []


@pytest.mark.parametrize("empty_house", ["sqlite"], indirect=True)  # rights hang on roles alone
@pytest.mark.parametrize("column", ["signed_out", "ordinary_admin", "super_admin"])
def test_every_door_opens_to_those_in_the_table_alone(empty_house, monkeypatch, column):
    client, token = empty_house.test_client(), None
    if column != "signed_out":
        staff_id = people.make({"ordinary_admin": ORDINARY_ADMIN, "super_admin": SUPER_ADMIN}[column])
        client = people.browser_of(empty_house, staff_id)
        token = token_of(client, people.fetch(staff_id).username)
    # The door itself is tried: without this a request is turned away for its missing form token first.
    monkeypatch.setitem(empty_house.config, "WTF_CSRF_ENABLED", False)
    found, wanted = {}, {}
    for key, rule in sorted(doors(empty_house).items(), key=lambda door: _place(door[0][1])):
        wanted[key] = getattr(ROWS[key], column)
        found[key] = knock(empty_house, client, key[0], rule, token)
    assert {key: got for key, got in found.items() if got != wanted[key]} == {}


@pytest.mark.parametrize("empty_house", ["sqlite"], indirect=True)  # rights hang on roles alone
def test_a_cookie_opens_no_call_of_the_api(empty_house):
    client = people.browser_of(empty_house, people.make(SUPER_ADMIN))
    for (method, endpoint), rule in doors(empty_house).items():
        if endpoint.startswith("api_") and ROWS[method, endpoint].signed_out == "401":
            assert knock(empty_house, client, method, rule, None) == "401", endpoint
