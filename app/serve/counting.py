"""What this process counts: requests, postings, refusals. Workers of gunicorn add up in files that they share."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.core import tally

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # set by gunicorn.conf.py
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

disable_created_metrics()  # twice the lines, and nobody reads them
_here = CollectorRegistry()
REQUESTS = Counter("prepaid_requests", "Requests that were answered.", ("method", "route", "status"), registry=_here)
LATENCIES = Histogram(
    "prepaid_request_seconds",
    "How long requests took, to the last byte.",
    ("method", "route"),
    buckets=SECONDS,
    registry=_here,
)
POSTINGS = Counter("prepaid_postings", "Postings that were committed.", ("kind",), registry=_here)
REFUSALS = Counter("prepaid_refusals", "What a rule said no to, repetitions included.", ("code",), registry=_here)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered. route: its template."""
    REQUESTS.labels(method, route, status).inc()
    LATENCIES.labels(method, route).observe(seconds)


@tally.posted.connect
def _count_posting(kind: str) -> None:
    POSTINGS.labels(kind).inc()


@tally.refused.connect
def _count_refusal(code: str) -> None:
    REFUSALS.labels(code).inc()


def counted() -> bytes:
    """All of it in the text format of Prometheus, of every process that serves this house on this machine."""
    if not os.environ.get(SHARED):
        return generate_latest(_here)
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return generate_latest(together)
