"""Taking what was said in calls out of them."""

from sqlalchemy import update

from app.broadband.models import Call
from app.core.actor import Actor
from app.extensions import db


def erase_calls(customer_id: int, *, actor: Actor) -> bool:
    """Empty the remarks of calls to a customer; whether there were any. The caller writes the record."""
    emptied = update(Call).where(Call.customer_id == customer_id, Call.remark.is_not(None)).values(remark=None)
    return db.session.execute(emptied.execution_options(synchronize_session=False)).rowcount > 0
