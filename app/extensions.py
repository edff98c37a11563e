"""Extension instances, bound to an app in create_app(). The AppBuilder is made there, once per app."""

from contextvars import ContextVar
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError

from config import ROOT

Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

REPLICA = "replica"  # the name of the engine that reports read from, when there is one
reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


class HouseSession(Session):
    """The session of the house. While `reads_replica` is set it reads from the replica, if there is one."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        if reads_replica.get() and REPLICA in self._db.engines:
            return self._db.engines[REPLICA]
        return super().get_bind(*args, **kwargs)

    def close(self) -> None:
        """End what is open. That a connection broke since it was last used changes no answer that is ready."""
        try:
            super().close()
        except DBAPIError:
            self.invalidate()


db = SQLA(metadata=Model.metadata, session_options={"expire_on_commit": False, "class_": HouseSession})
csrf = CSRFProtect()
migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
