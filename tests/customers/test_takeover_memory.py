"""A long list takes no more memory than a short one, while it is read and while it is applied."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.customers.models import Customer
from app.extensions import db

ROOT = Path(__file__).parents[2]
ROWS, LIMIT_MB = (100_000, 60) if os.environ.get("FULL_SIZE") else (25_000, 36)  # more than a short list takes
MEASURED = """
import sys
from app import create_app
app = create_app()

def peak():
    with open('/proc/self/status') as status:
        return int(next(line for line in status if line.startswith('VmHWM')).split()[1]) // 1024
app.test_cli_runner().invoke(args=['customers', 'import', sys.argv[1]], catch_exceptions=False)
before = peak()
result = app.test_cli_runner().invoke(args=['customers', 'import', sys.argv[2], '--json'], catch_exceptions=False)
print(result.exit_code, peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_many_rows_take_no_more_memory_than_a_few(empty_house, tmp_path):
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    for path, first, count in ((few, 13_900_000_000, 2_000), (many, 13_700_000_000, ROWS)):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["手机", "姓名", "余额", "赠送"])
            writer.writerows([first + n, f"客户{n}", f"{n % 100}.10", n % 3] for n in range(count))
    url = empty_house.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    env = os.environ | {"DATABASE_URL": url, "INSTANCE_DIR": str(tmp_path), "SECRET_KEY": "x" * 40}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, few, many], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    code, grown = map(int, done.stdout.split())
    assert code == 0
    assert grown < LIMIT_MB
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 2_000 + ROWS
