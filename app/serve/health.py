"""Two questions that machines ask: does the process live, and can it work?"""

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.serve import readiness

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> dict[str, str]:
    """The process lives. Asks no database: one that is away must not get the process killed."""
    return {"status": "ok"}


@health.get("/readyz")
def readyz() -> tuple[dict[str, str], int]:
    """The database answers, is migrated to this version, and guards its history; otherwise 503 and why."""
    try:
        with db.engine.connect() as connection:
            reason = readiness.why_not_ready(connection)
    except SQLAlchemyError:
        reason = "database"
    if reason:
        return {"status": "not ready", "reason": reason}, 503
    return {"status": "ok"}, 200
