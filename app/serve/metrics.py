"""GET /metrics: for a monitor that has the token, or that runs on this machine and asks directly."""

import hmac
import ipaddress
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.extensions import db
from app.jobs import queries as jobs
from app.ledger.nightly import VERIFY
from app.ledger.queries import count_open_holds
from app.notices.queries import count_unsent
from app.serve.counting import counted
from config import VERSION

# What proxies say of whom they ask for. Who comes by one is elsewhere, whatever his address looks like from here.
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP")
FORM = "text/plain; version=0.0.4; charset=utf-8"

metrics = Blueprint("metrics", __name__)


@metrics.get("/metrics")
def show() -> Response:
    """What was counted, how jobs went, and whether the ledger holds; 200 even while the database is away."""
    if not (_has_token() or _is_here()):
        return Response("A token is needed.\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    found = CollectorRegistry()
    found.register(_FromDatabase())
    return Response(counted() + generate_latest(found), headers={"Cache-Control": "no-store"}, content_type=FORM)


def _has_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _is_here() -> bool:
    if any(name.startswith(FORWARDED) for name in request.environ):
        return False
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


class _FromDatabase(Collector):
    """What the database knows, for every process alike."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("prepaid_info", "What runs here.", {"version": VERSION}, 1)
        try:
            known = list(_of_jobs())
            known.append(_gauge("prepaid_holds_open", "Amounts that are set aside.", {}, count_open_holds()))
            known.append(_of_notices())
        except SQLAlchemyError:
            known = []
        finally:
            db.session.remove()
        yield _gauge("prepaid_database_up", "Whether the database answers.", {}, bool(known))
        yield from known


def _of_jobs() -> Iterator[Metric]:
    yield _gauge("prepaid_jobs_waiting", "Runs that wait for a worker.", {}, jobs.count_waiting())
    is_done = GaugeMetricFamily("prepaid_job_last_done", "Whether the last run was done.", labels=["job"])
    age = GaugeMetricFamily("prepaid_job_last_age_seconds", "Since the last run ended.", labels=["job"])
    took = GaugeMetricFamily("prepaid_job_last_seconds", "How long the last run took.", labels=["job"])
    since = GaugeMetricFamily("prepaid_job_done_age_seconds", "Since a run was last done.", labels=["job"])
    now = clock.real_now()
    for run in jobs.ended():
        is_done.add_metric([run.name], run.is_done)
        age.add_metric([run.name], (now - run.ended_at).total_seconds())
        took.add_metric([run.name], run.seconds)
        if run.done_at:
            since.add_metric([run.name], (now - run.done_at).total_seconds())
        if run.name == VERIFY:
            yield _gauge("prepaid_ledger_holds", "Whether the last proof of the ledger held.", {}, run.is_done)
    yield from (is_done, age, took, since)


def _of_notices() -> Metric:
    made = GaugeMetricFamily("prepaid_notices", "Messages to customers that were not sent, by state.", labels=["state"])
    for state, count in count_unsent().items():
        made.add_metric([state.value], count)
    return made


def _gauge(name: str, meaning: str, labels: dict[str, str], value: float) -> Metric:
    made = GaugeMetricFamily(name, meaning, labels=list(labels))
    made.add_metric(list(labels.values()), value)
    return made
