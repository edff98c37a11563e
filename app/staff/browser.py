"""What a browser keeps of a sign-in: the secret of its session and the store that was chosen, in a signed cookie."""

from typing import NamedTuple

from flask import g, request, session

from app.core import alongside
from app.core.actor import Actor, ActorKind
from app.core.permissions import Action, Grant
from app.shop.queries import StoreLine
from app.staff import second_factor, seen
from app.staff.models import SessionKind, Staff, StaffSession
from app.staff.queries import SignedIn, find_session, open_stores
from app.staff.rights import actor_for

_TOKEN = "token"  # noqa: S105 - the name under which the cookie keeps it
_STORE = "store"
_PENDING = "pending"
_PENDING_SECONDS = 5 * 60
_OWN_ACCOUNT = frozenset({Grant(Action.VIEW, "profile"), Grant(Action.EDIT, "profile")})


def recognise() -> None:
    """Find out who asks: fills `g.actor`, `g.user`, `g.session_id`, `g.stores` and `g.store` for this request."""
    found = _session()
    if found is None:
        return
    g.user, g.session_id = found.staff, found.session_id
    alongside.keep(found.alongside)
    seen.note(StaffSession, found.session_id, found.last_seen_at)
    if found.must_set_up:
        g.actor, g.must_set_up = _with_nothing(found.staff), True
        return
    g.actor = actor_for(found.staff, request.remote_addr, found.rights)
    g.stores = open_stores(g.actor.stores)
    g.store = _chosen(g.stores)


def _with_nothing(staff: Staff) -> Actor:
    """Who must set up a second factor first may look after himself, and reaches no store."""
    return Actor(ActorKind.STAFF, staff.id, staff.username, _OWN_ACCOUNT, frozenset(), request.remote_addr)


def _session() -> SignedIn | None:
    if _TOKEN not in session:
        return None
    found = find_session(str(session[_TOKEN]), SessionKind.BROWSER)
    if found is None:
        session.pop(_TOKEN)
    return found


def _chosen(stores: tuple[StoreLine, ...]) -> StoreLine | None:
    """The store that he chose; the first one until he does, so that work always has a place that is shown."""
    chosen = (store for store in stores if store.id == session.get(_STORE))
    return next(chosen, stores[0] if stores else None)


def enter(token: str) -> None:
    """Make this browser the owner of a session. Of an earlier one nothing is left but the language."""
    locale = session.get("locale")
    session.clear()
    session[_TOKEN] = token
    if locale:
        session["locale"] = locale


def leave() -> None:
    """Let this browser forget its session, its form tokens too."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def choose_store(store_id: int) -> None:
    """Remember in which store this browser works until the next sign-in."""
    session[_STORE] = store_id


class Pending(NamedTuple):
    """The first step of a sign-in. mark: of the password hash that was found right, as `finish_sign_in` takes it."""

    username: str
    mark: str


def keep_pending(pending: Pending) -> None:
    """Remember the first step for five minutes, sealed: the browser itself cannot tell whether it was right."""
    session[_PENDING] = second_factor.seal({"name": pending.username, "mark": pending.mark}, _PENDING)


def pending() -> Pending | None:
    """The first step that was made in this browser within five minutes."""
    kept = second_factor.unseal(session.get(_PENDING), _PENDING, _PENDING_SECONDS)
    return Pending(kept["name"], kept["mark"]) if kept else None
