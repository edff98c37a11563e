"""The page of jobs, the banner, and the commands."""

import json
from datetime import timedelta

import pytest

from app.core.jobs import EachDay
from app.core.jobs.models import RunState
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.jobs import claims, queries
from tests.jobs.conftest import WORKER, NoPaper, ask, do_all
from tests.staff import people


@pytest.fixture
def owner(own_house):
    return people.browser_of(own_house, people.make(SUPER_ADMIN))


def fail(run):
    raise NoPaper(tray=9)


def test_the_page_shows_each_job_with_its_last_result_in_words(own_house, declare, owner):
    declare(lambda run: {"rows": 1200, "none": 0}, figures={"rows": "Rows"}, due=EachDay(timedelta()))
    page = owner.get("/jobs").text
    assert "Not planned yet" in page
    ask("test.work")
    assert "Waiting" in owner.get("/jobs").text
    do_all(own_house)
    page = owner.get("/jobs").text
    assert "Rows: 1,200" in page
    assert "None" not in page
    assert 'http-equiv="refresh"' not in page


def test_a_run_under_way_shows_how_far_it_is_and_the_page_looks_again(own_house, declare, owner):
    ask(declare(lambda run: {}))
    claims.beat(claims.claim(WORKER), 30, 120)
    page = owner.get("/jobs").text
    assert 'value="25"' in page
    assert 'http-equiv="refresh"' in page


def test_the_button_asks_for_a_run(own_house, declare, owner):
    name = declare(lambda run: {}, due=EachDay(timedelta()))
    assert owner.post(f"/jobs/{name}/run").status_code == 400  # no form token
    answer = people.post(owner, f"/jobs/{name}/run", page="/jobs")
    assert answer.headers["Location"] == "/jobs"
    db.session.rollback()
    (run,) = queries.runs_of(name, 5)
    assert run.state is RunState.QUEUED
    assert run.actor["kind"] == "staff"
    assert owner.get(f"/jobs/{name}").text.count("<tr>") == 2


def test_past_runs_are_listed_page_by_page(own_house, declare, owner):
    name = declare(lambda run: {}, due=EachDay(timedelta()))
    for number in range(53):
        ask(name, {"number": number})
    do_all(own_house)
    page = owner.get(f"/jobs/{name}").text
    older = page.partition('rel="next" href="')[2].partition('"')[0]
    assert page.count('data-label="Tries"') == 50
    assert owner.get(older).text.count('data-label="Tries"') == 3
    assert owner.get("/jobs/test.unknown").status_code == 404


def test_a_failed_alarm_stands_on_every_page_of_an_owner_alone(own_house, declare, owner):
    ask(declare(fail, alarms=True))
    do_all(own_house)
    banner = "This job failed when it ran last: test.work."
    assert banner in owner.get("/profile").text
    assert "There is no paper in tray 9." in owner.get("/jobs").text
    clerk = people.browser_of(own_house, people.make(ORDINARY_ADMIN))
    assert banner not in clerk.get("/profile").text


def test_the_console_lists_and_does_jobs(own_house, declare):
    declare(lambda run: {"done": 3})
    declare(fail, name="test.fails")
    call = own_house.test_cli_runner().invoke
    done = call(args=["jobs", "run", "test.work", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["result"]) == (0, {"done": 3})
    failed = call(args=["jobs", "run", "test.fails"])
    assert (failed.exit_code, failed.stdout) == (1, "There is no paper in tray 9.\n")
    assert call(args=["jobs", "run", "test.unknown"]).exit_code == 2
    listed = json.loads(call(args=["jobs", "list", "--json"]).stdout)["jobs"]
    assert {line["name"]: line["last"]["state"] for line in listed} == {"test.work": "done", "test.fails": "failed"}
    assert "test.fails\tfailed" in call(args=["jobs", "list"]).stdout
