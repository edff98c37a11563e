"""On SQLite nothing is acknowledged before it is on the disk: the system calls of the server are looked at."""

import os
import shutil

import pytest

from tests.faults.programs import Program
from tests.faults.serving import House

SYNCS = ("fsync(", "fdatasync(")
ACKNOWLEDGED = '"HTTP/1.1 201'
HOW_TO_GET_IT = "no strace is found: install it (apt install strace)"


def test_every_acknowledged_posting_was_synced_before(size, tell, tmp_path):
    if not shutil.which("strace"):
        (pytest.fail if os.environ.get("REQUIRE_STRACE") == "1" else pytest.skip)(HOW_TO_GET_IT)
    calls = tmp_path / "calls"
    look = ("strace", "-f", "--seccomp-bpf", "-s", "16", "-e", "trace=fsync,fdatasync,sendto", "-o", str(calls))
    house = House(f"sqlite:///{tmp_path / 'house.db'}", tmp_path, look, JOBS_IN_PROCESS="0")
    house.start()
    try:
        boss = Program.signed_in(house.address)
        customer = boss.new_customer()
        before = calls.stat().st_size
        statuses = {boss.recharge(customer, "1.00").status for _ in range(size.acknowledgements)}
    finally:
        house.kill()
    assert statuses == {201}
    with calls.open() as file:
        file.seek(before)
        syncs = list(syncs_before_each_answer(file))
    tell(f"synced: {sum(syncs)} syncs for {len(syncs)} acknowledgements, at least {min(syncs)} before each")
    assert len(syncs) >= size.acknowledgements
    assert min(syncs[-size.acknowledgements :]) >= 1


def syncs_before_each_answer(lines):
    """How many syncs there were since the answer before, for each posting that was acknowledged."""
    syncs = 0
    for line in lines:
        if any(sync in line and "unfinished" not in line for sync in SYNCS) or "sync resumed" in line:
            syncs += 1
        if ACKNOWLEDGED in line:
            yield syncs
            syncs = 0
