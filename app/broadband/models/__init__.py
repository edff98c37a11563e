"""The tables of the room, by noun."""

from app.broadband.models.basics import BusinessType, Community, Employee, Installer, Material, Package, Usage
from app.broadband.models.documents import Document, DocumentKind, Payment
from app.broadband.models.orders import OrderStatus, WorkKind, WorkOrder, WorkOrderLine
from app.broadband.models.reminders import Call, CallOutcome, Reminder
from app.broadband.models.subscriptions import Service, ServiceStatus

__all__ = [
    "BusinessType",
    "Call",
    "CallOutcome",
    "Community",
    "Document",
    "DocumentKind",
    "Employee",
    "Installer",
    "Material",
    "OrderStatus",
    "Package",
    "Payment",
    "Reminder",
    "Service",
    "ServiceStatus",
    "Usage",
    "WorkKind",
    "WorkOrder",
    "WorkOrderLine",
]
