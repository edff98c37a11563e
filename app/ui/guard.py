"""Who is asking, and whether he may: the one door of every page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import abort, g, redirect, request
from werkzeug.wrappers import Response

from app.core.actor import Actor
from app.core.permissions import Action, Grant

View = TypeVar("View", bound=Callable[..., Any])


def signed_in() -> Actor | None:
    """The actor of this request, or None when nobody is signed in."""
    return g.get("actor")


def current_actor() -> Actor:
    """The actor of this request. Answers 401, which pages turn into the way to the sign-in, when there is none."""
    return signed_in() or abort(401)


def store_id() -> int:
    """The store that the one who asks works in now; the way to choosing one when he has none chosen."""
    return g.store.id if g.get("store") else abort(redirect("/store"))


def to_sign_in() -> Response:
    """The way to the sign-in page and back. Only a path is carried along, so that it leads nowhere else."""
    if request.method not in ("GET", "HEAD") or request.path == "/":
        return redirect(f"{request.script_root}/login/")
    here = request.full_path.rstrip("?")
    return redirect(f"{request.script_root}/login/?next={quote(here, safe='/')}")


def admit(grant: Grant) -> Response | None:
    """None when the one who asks may; the way to the sign-in when he is nobody; 403 when he may not."""
    actor = signed_in()
    if actor is None:
        return to_sign_in()
    return None if actor.may(*grant) else abort(403)


def guarded(action: Action, resource: str) -> Callable[[View], View]:
    """Close a view method to all but those who have the grant. Stands below `@expose`."""
    grant = Grant(action, resource)

    def close(method: View) -> View:
        @wraps(method)
        def door(*args: Any, **kwargs: Any) -> Any:
            return admit(grant) or method(*args, **kwargs)

        door.guard = grant  # type: ignore[attr-defined]
        return door  # type: ignore[return-value]

    return close


def by_method(method: View) -> View:
    """Close a method of a generated view by the grant that the view's class names for it."""

    @wraps(method)
    def door(view: Any, *args: Any, **kwargs: Any) -> Any:
        return admit(view.grant_of(method.__name__)) or method(view, *args, **kwargs)

    door.is_guarded_by_class = True  # type: ignore[attr-defined]
    return door  # type: ignore[return-value]


def guard_of(view_function: Callable[..., Any]) -> Grant | None:
    """The grant that opens a registered view function; None when it is not guarded."""
    if getattr(view_function, "is_guarded_by_class", False):
        return view_function.__self__.grant_of(view_function.__name__)  # type: ignore[attr-defined]
    return getattr(view_function, "guard", None)
