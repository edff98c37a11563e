"""The plug of the customers' room."""

from app.core.feature import Feature
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.customers import commands

_IMPORTS = frozenset({Grant(Action.VIEW, "customer-imports"), Grant(Action.POST, "customer-imports")})

customers = Feature(
    name="customers",
    package=__package__,
    grants={SUPER_ADMIN: _IMPORTS},
    commands=(commands.customers,),
)
