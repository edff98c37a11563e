"""Asking for a run, in the transaction that wants it: what is rolled back was never asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.db import is_postgresql
from app.core.jobs.models import JobRun, RunState
from app.core.permissions import Action, Grant
from app.extensions import db

ENQUEUED = "enqueued"  # in the session's info: there is something to wake a worker for, once it is committed


def enqueue(name: str, arguments: Mapping[str, Any] | None = None, *, actor: Actor) -> int:
    """Have a job run soon after this transaction is committed, in the name of the actor. Returns the run's id.

    arguments: plain JSON.
    """
    row = _row(name, arguments or {}, actor)
    db.session.info[ENQUEUED] = True
    return db.session.execute(insert(JobRun).values(**row).returning(JobRun.id)).scalar_one()


def enqueue_due(name: str, due_at: datetime, *, actor: Actor) -> bool:
    """The same for a moment at which it was due. Whether it was not enqueued for that moment before."""
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    row = _row(name, {}, actor) | {"due_at": due_at}
    made = insert_(JobRun).values(**row).on_conflict_do_nothing(index_elements=["name", "due_at"])
    db.session.info[ENQUEUED] = True
    return db.session.scalar(made.returning(JobRun.id)) is not None


def _row(name: str, arguments: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    return {
        "name": name,
        "arguments": dict(arguments),
        "actor": kept(actor),
        "state": RunState.QUEUED,
        "enqueued_at": clock.real_now(),
        "attempt": 0,
    }


def kept(actor: Actor) -> dict[str, Any]:
    """An actor as plain JSON, without the address that he asked from."""
    stores = None if actor.stores is None else sorted(actor.stores)
    grants = sorted([str(grant.action), grant.resource] for grant in actor.grants)
    return {"kind": actor.kind, "id": actor.id, "name": actor.name, "stores": stores, "grants": grants}


def actor_of(kept: Mapping[str, Any]) -> Actor:
    """The actor that was kept."""
    stores = None if kept["stores"] is None else frozenset(kept["stores"])
    grants = frozenset(Grant(Action(action), resource) for action, resource in kept["grants"])
    return Actor(ActorKind(kept["kind"]), kept["id"], kept["name"], grants, stores)
