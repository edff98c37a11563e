"""What Flask-AppBuilder asks of us about users: our model, our views, our sessions."""

from flask_appbuilder.security.sqla.manager import SecurityManager

from app.staff.models import Staff


class StaffSecurity(SecurityManager):
    """The framework's security manager, with our administrators."""

    user_model = Staff
