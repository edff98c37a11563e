"""What Flask-AppBuilder asks of us about users: our model, our views, our sessions."""

from app.staff.models import Staff
from app.ui.access import HouseSecurity


class StaffSecurity(HouseSecurity):
    """The framework's security manager, with our administrators."""

    user_model = Staff
