"""Real processes that do jobs: killed in the middle, told to stop, several at once."""

import signal

import pytest

from app.core.jobs.models import RunState
from tests.jobs.conftest import ask, run_of, start_worker, wait_until

SLOW = """
import os, time, pathlib
def slow(run):
    seen = pathlib.Path(run.arguments["folder"]) / f"{os.getpid()}-{time.time_ns()}"
    seen.touch()
    for second in range(10 * run.arguments.get("seconds", 600)):
        if list(seen.parent.glob("end")):
            break
        time.sleep(0.1)
    return {"by": os.getpid()}
JOBS = {"test.slow": Job("test.slow", "Slow", slow)}
"""


@pytest.fixture
def worker(own_house, tmp_path):
    """Call it for a process that does jobs."""
    started = []

    def start():
        started.append(start_worker(own_house, tmp_path / "instance", SLOW))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(10)


def test_what_a_killed_process_had_begun_the_next_one_ends(own_house, worker, tmp_path):
    run_id = ask("test.slow", {"folder": str(tmp_path)})
    first = worker()
    wait_until(lambda: list(tmp_path.glob(f"{first.pid}-*")))
    assert run_of(run_id).state is RunState.RUNNING
    first.kill()
    first.wait(10)
    (tmp_path / "end").touch()
    second = worker()
    wait_until(lambda: run_of(run_id).state is RunState.DONE)
    run = run_of(run_id)
    assert (run.result, run.attempt) == ({"by": second.pid}, 2)


def test_two_processes_do_each_run_once(own_house, worker, tmp_path):
    (tmp_path / "end").touch()
    runs = [ask("test.slow", {"folder": str(tmp_path), "number": number}) for number in range(12)]
    worker(), worker()
    wait_until(lambda: all(run_of(run_id).state is RunState.DONE for run_id in runs))
    assert {run_of(run_id).attempt for run_id in runs} == {1}
    assert len(list(tmp_path.glob("*-*"))) == len(runs)


def test_a_process_that_is_told_to_stop_ends_its_work_first(own_house, worker, tmp_path):
    run_id = ask("test.slow", {"folder": str(tmp_path), "seconds": 2})
    process = worker()
    wait_until(lambda: list(tmp_path.glob("*-*")))
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert run_of(run_id).state is RunState.DONE
    assert list((tmp_path / "instance" / "jobs").glob("*.lock")) == []
