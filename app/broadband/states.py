"""What may be done with a service in which state."""

from app.broadband.models import Service, ServiceStatus
from app.broadband.refusals import ServiceClosed, WrongState

OPEN = (ServiceStatus.PENDING, ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED, ServiceStatus.FORCED)
PAYABLE = (ServiceStatus.PENDING, ServiceStatus.ACTIVE, ServiceStatus.FORCED)


def require(service: Service, *states: ServiceStatus) -> None:
    """Raises ServiceClosed or WrongState when the service is in none of these states."""
    if service.status is ServiceStatus.CLOSED and ServiceStatus.CLOSED not in states:
        raise ServiceClosed
    if service.status not in states:
        raise WrongState(state=service.status.value)
