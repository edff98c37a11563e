"""What a browser keeps of a sign-in: the secret of its session and the store that was chosen, in a signed cookie."""

from flask import g, request, session

from app.staff.models import SessionKind
from app.staff.queries import Place, SignedIn, actor_for, find_session, open_stores

_TOKEN = "token"  # noqa: S105 - the name under which the cookie keeps it
_STORE = "store"


def recognise() -> None:
    """Find out who asks: fills `g.actor`, `g.user`, `g.session_id`, `g.stores` and `g.store` for this request."""
    found = _session()
    if found is None:
        return
    g.user, g.session_id = found.staff, found.session_id
    g.actor = actor_for(found.staff, request.remote_addr)
    g.stores = open_stores(g.actor.stores)
    g.store = _chosen(g.stores)


def _session() -> SignedIn | None:
    if _TOKEN not in session:
        return None
    found = find_session(str(session[_TOKEN]), SessionKind.BROWSER)
    if found is None:
        session.pop(_TOKEN)
    return found


def _chosen(stores: tuple[Place, ...]) -> Place | None:
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
