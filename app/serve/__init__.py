"""Serving: prepare the database, then answer requests, in one process with many threads."""

import errno
import logging
import socket
import sys
from contextlib import nullcontext
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.core.logs import configure
from app.jobs.office import open_office
from app.serve.closing import serve_until_told
from app.serve.preparing import CannotStart, prepare

THREADS = 16
BACKLOG = 1024
ROOM_FOR_HEADERS = 1024 * 1024


def serve(app: Flask) -> None:
    """Prepare the database and serve until told to stop. Ends the process with a sentence when it cannot."""
    try:
        prepare(app)
        server = _listen(app)
    except CannotStart as reason:
        sys.exit(f"Prepaid Desk cannot start: {reason}")
    configure(app)
    click.echo(f"Prepaid Desk is at {app.config['BASE_URL']}\nPress Ctrl+C to stop it.")
    with open_office(app) if app.config["JOBS_IN_PROCESS"] else nullcontext():
        serve_until_told(server)
    click.echo("Stopped.")


def _listen(app: Flask) -> Any:
    from waitress.server import create_server  # noqa: PLC0415 - gunicorn and commands do without

    logging.getLogger("waitress").setLevel(logging.ERROR)
    return create_server(
        app,
        sockets=[_socket(app.config["HOST"], app.config["PORT"])],
        threads=THREADS,
        ident="",
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + ROOM_FOR_HEADERS,
        # The application reads X-Forwarded-* itself, from as many proxies as it is told to trust; and whoever asks
        # for /metrics by a proxy must be known by them.
        clear_untrusted_proxy_headers=False,
    )


def _socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as failure:
        raise CannotStart(_why_not(failure, host, port)) from None


def _why_not(failure: OSError, host: str, port: int) -> str:
    if failure.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken. Stop what listens there, or set PORT to another number."
    if failure.errno == errno.EACCES:
        return f"port {port} may not be used by this user. Set PORT to a number above 1023."
    return f"it cannot listen on {host}:{port} ({failure.strerror or failure})."


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Make the database ready for this version: migrations after a backup, roles, the first administrator."""
    try:
        prepare(current_app._get_current_object())  # type: ignore[attr-defined]
    except CannotStart as reason:
        sys.exit(f"Prepaid Desk cannot start: {reason}")
