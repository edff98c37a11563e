"""The page of jobs: run now, progress, results, and the banner of a proof that failed."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors import N_
from app.core.jobs import EachDay, Job, WorkFailed
from app.jobs.office import open_office
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet
from tests.browser.desk import cookies_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
NIGHTLY = EachDay(timedelta(hours=3))


class Torn(WorkFailed):
    code = "test-torn"
    sentence = N_("The proof %(proof)s found %(failures)s faults.")


def fail(run):
    raise Torn(proof="chains", failures=2)


@pytest.fixture
def desk(live, monkeypatch):
    """A house with three jobs of the test and an office that does them. Yields what lets the slow one end."""
    go_on = threading.Event()

    def slow(run):
        run.progress(40, 100)
        go_on.wait(30)
        return {"rows": 100}

    jobs = (
        Job("test.slow", "Write it all down", slow, NIGHTLY, figures={"rows": "Rows"}),
        Job("test.quick", "Sweep the floor", lambda run: {"found": ["a coin"]}, NIGHTLY, figures={"found": "Found"}),
        Job("test.proof", "Prove the ledger", fail, NIGHTLY, alarms=True),
    )
    monkeypatch.setitem(live.app.extensions, "jobs", {job.name: job for job in jobs})
    with open_office(live.app):
        yield go_on
        go_on.set()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"jobs-{name}.png", full_page=True)


def test_an_owner_has_a_job_done_now_and_is_told_of_one_that_failed(live, new_page, chromium, desk):
    owner = cookies_of(live, chromium, "super-admin")
    page = new_page(storage_state=owner)
    page.goto(f"{live.url}/jobs")
    page.locator("[data-job='test.quick'] button").click()
    page.locator("[data-job='test.quick']").get_by_text("Found: a coin").wait_for()
    page.locator("[data-job='test.slow'] button").click()
    page.locator("[data-job='test.slow'] span.num").get_by_text("40 %").wait_for()
    assert_accessible(page)
    shot(page, "running")
    desk.set()
    page.locator("[data-job='test.slow']").get_by_text("Rows: 100").wait_for()
    page.locator("[data-job='test.proof'] button").click()
    page.get_by_text("The proof chains found 2 faults.").wait_for()
    for theme in ("light", "dark"):
        for size, more in (("desk", {}), ("phone", {"viewport": PHONE})):
            seen = new_page(storage_state=owner, color_scheme=theme, **more)
            for name in ("", "/test.proof"):
                seen.goto(f"{live.url}/jobs{name}")
                seen.get_by_role("alert").get_by_text("This job failed when it ran last: Prove the ledger.").wait_for()
                shot(seen, f"{size}-{theme}{name.replace('/', '-')}")
                assert_accessible(seen)
            assert_quiet(seen)
    page.goto(f"{live.url}/profile")
    page.get_by_role("link", name="Look at the jobs").click()
    page.wait_for_url("**/jobs")
    assert_quiet(page)
