"""The page that tells an owner what each role sees and may do. It is made of what the rooms declare."""

from flask_appbuilder import expose

from app.core.permissions import Action
from app.core.rooms import open_rooms
from app.roles.rights import EXCEPTIONS, role_lines
from app.shop.queries import setting
from app.staff.role_names import role_name
from app.ui.guard import guarded
from app.ui.views import HouseView


class RolesView(HouseView):
    """/roles: nothing here is written by hand, so that it cannot say otherwise than the doors."""

    route_base = "/roles"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "staff")
    def show(self) -> str:
        return self.render_template(
            "roles/roles.html",
            roles=role_lines(open_rooms()),
            exceptions=EXCEPTIONS,
            has_own_alone=setting("clerks_see_own_only"),
            role_name=role_name,
        )
