"""Writing a past: services of days gone by and all that happened to them, each thing as its verb would have written it.

Nothing is asked of the database meanwhile; the rows are written at the end, all at once. Money goes through the
ledger's history. Whoever asks for it writes the record.
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from app.broadband.bills import Bill, Reckoned, payment_columns, reckon, rule_now, stop_date_on, waiting_now
from app.broadband.models import (
    Document,
    DocumentKind,
    Material,
    OrderStatus,
    Package,
    Payment,
    Service,
    ServiceStatus,
    WorkKind,
    WorkOrder,
    WorkOrderLine,
)
from app.broadband.operations.filing import CATEGORY, DOCUMENT, Draft, Fee, Filed, columns_of
from app.broadband.orders.lines import line_columns
from app.core import clock
from app.core.bulk import insert_rows
from app.core.db import Model
from app.core.numbering import take_ids
from app.core.sealed import seal
from app.ledger.history import History, Occasion
from app.ledger.plan import Source
from app.shop.models import Method

ZERO = Decimal(0)
OF_A_PACKAGE = ("package_type", "package_months", "maintenance_fee")


class Size(NamedTuple):
    """How much of everything there will be."""

    services: int
    documents: int
    orders: int
    lines: int


class Past:
    """The past of services while it is written, in the order of time. Services and orders are named by their place.

    places: of customers in the ledger's history, by id; to be kept by whoever takes customers in.
    """

    def __init__(self, history: History, size: Size) -> None:
        self._history, self.places, self._rule = history, dict[int, int](), rule_now()
        self._waiting = waiting_now()
        counts: dict[type[Model], int] = dict(zip((Service, Document, WorkOrder, WorkOrderLine), size, strict=True))
        self._ids = {model: iter(take_ids(model.__table__, count)) for model, count in counts.items()}
        self.services: list[Service] = []
        self._orders: list[WorkOrder] = []
        self._documents: list[dict[str, Any]] = []
        self._payments: list[dict[str, Any]] = []
        self._lines: list[dict[str, Any]] = []

    def open_service(
        self, customer_id: int, package: Package, details: Mapping[str, Any], password: str, when: Occasion
    ) -> int:
        """Take down a service that is to be installed; returns its place."""
        number = next(self._ids[Service])
        service = Service(
            id=number,
            service_no=f"N{number:07d}",
            customer_id=customer_id,
            store_id=when.store_id,
            package_id=package.id,
            fee=package.package_fee,
            **{name: getattr(package, name) for name in OF_A_PACKAGE},
            **details,
            password_sealed=seal(password),
            status=ServiceStatus.PENDING,
            apply_date=_day(when),
            created_at=when.at,
            version=1,
        )
        self.services.append(service)
        return len(self.services) - 1

    def pay(self, place: int, bill: Bill, method: Method | None, when: Occasion) -> None:
        """Take a payment. method: None takes it from the balance."""
        service = self.services[place]
        reckoned = self._reckon(bill, service, when)
        changes = {"stop_date": reckoned.period.end, "anchor_day": reckoned.period.anchor}
        draft = Draft(DocumentKind.PAYMENT, changes, Fee(reckoned.total, method), remark=bill.remark)
        number = self._file(draft, service, when)
        self._payments.append(payment_columns(number, service, bill, reckoned))

    def top_up(self, place: int, bill: Bill, when: Occasion) -> None:
        """Let the customer pay in what a payment comes to, in whole hundreds."""
        service = self.services[place]
        total = self._reckon(bill, service, when).total
        amount = (total / 100).to_integral_value(ROUND_CEILING) * 100
        self._history.recharge(self.places[service.customer_id], amount, Method.WECHAT, when)

    def suspend(self, place: int, fee: Fee, when: Occasion) -> None:
        changes = {"status": ServiceStatus.SUSPENDED, "suspended_on": _day(when)}
        self._file(Draft(DocumentKind.SUSPENSION, changes, fee), self.services[place], when)

    def suspend_by_force(self, place: int, reason: str, when: Occasion) -> None:
        changes = {"status": ServiceStatus.FORCED, "suspended_on": _day(when)}
        self._file(Draft(DocumentKind.FORCED_SUSPENSION, changes, remark=reason), self.services[place], when)

    def reactivate(self, place: int, fee: Fee, when: Occasion) -> None:
        service = self.services[place]
        changes = {
            "status": ServiceStatus.ACTIVE,
            "suspended_on": None,
            "stop_date": stop_date_on(service, _day(when), self._waiting),
        }
        self._file(Draft(DocumentKind.REACTIVATION, changes, fee), service, when)

    def relocate(self, place: int, community_id: int, address: str, fee: Fee, when: Occasion) -> None:
        draft = Draft(DocumentKind.RELOCATION, {"community_id": community_id}, fee, new_address=address)
        self._file(draft, self.services[place], when)

    def transfer(self, place: int, new_customer_id: int, fee: Fee, when: Occasion) -> None:
        draft = Draft(DocumentKind.TRANSFER, {"customer_id": new_customer_id}, fee)
        self._file(draft, self.services[place], when)

    def close_service(self, place: int, remark: str, when: Occasion) -> None:
        """Close a service of which nothing is paid any more, so that nothing goes back."""
        changes = {"status": ServiceStatus.CLOSED, "suspended_on": None, "closed_on": _day(when)}
        self._file(Draft(DocumentKind.CLOSING, changes, remark=remark), self.services[place], when)

    def create_order(self, place: int, kind: WorkKind, columns: Mapping[str, Any], when: Occasion) -> int:
        """Write a work order as a draft; returns its place. columns: fees, and what is asked for."""
        number, service = next(self._ids[WorkOrder]), self.services[place]
        order = WorkOrder(
            id=number,
            work_order_no=f"W{number:08d}",
            service_id=service.id,
            customer_id=service.customer_id,
            store_id=when.store_id,
            work_kind=kind,
            **columns,
            labour_material_fee=ZERO,
            is_labour_agreed=False,
            document_status=OrderStatus.DRAFT,
            created_at=when.at,
            version=1,
        )
        order.total = order.installation_fee + order.handling_fee + order.other_fee
        self._orders.append(order)
        return len(self._orders) - 1

    def add_line(self, place: int, material: Material, quantity: Decimal) -> None:
        """Put a material on an order."""
        order = self._orders[place]
        line = line_columns(material, quantity, None)
        self._lines.append({"id": next(self._ids[WorkOrderLine]), "order_id": order.id, **line})
        order.labour_material_fee += line["amount"]
        order.total += line["amount"]
        order.version += 1

    def move_order(self, place: int, status: OrderStatus, **said: Any) -> None:
        """Let an order come into another state that is not billed."""
        order = self._orders[place]
        for name, value in {"document_status": status, **said}.items():
            setattr(order, name, value)
        order.version += 1

    def bill_order(self, place: int, service_place: int, method: Method, when: Occasion) -> None:
        """Bill an order. An installation switches its service on, which nobody has paid yet."""
        order, service = self._orders[place], self.services[service_place]
        is_new = order.work_kind is WorkKind.INSTALLATION
        changes = {"status": ServiceStatus.ACTIVE, "activation_date": _day(when)} if is_new else {}
        fee = Fee(order.total, method)
        draft = Draft(DocumentKind.WORK_ORDER, changes, fee, remark=order.work_order_no)
        order.document_id = self._file(draft, service, when)
        order.billing_start_at, order.payee = when.at, when.actor.name[:64]
        self.move_order(place, OrderStatus.BILLED)

    def close(self) -> None:
        """Write everything."""
        for model, rows in (
            (Service, [_columns(Service, each) for each in self.services]),
            (Document, self._documents),
            (Payment, self._payments),
            (WorkOrder, [_columns(WorkOrder, each) for each in self._orders]),
            (WorkOrderLine, self._lines),
        ):
            insert_rows(model.__table__, rows)

    def _reckon(self, bill: Bill, service: Service, when: Occasion) -> Reckoned:
        return reckon(bill, service, self._rule._replace(today=_day(when)))

    def _file(self, draft: Draft, service: Service, when: Occasion) -> int:
        number = next(self._ids[Document])
        posting = self._moved(draft.fee, service, number, when)
        filed = Filed(number, when.store_id, _day(when), when.at, posting)
        self._documents.append(columns_of(draft, service, filed, actor=when.actor))
        return number

    def _moved(self, fee: Fee, service: Service, number: int, when: Occasion) -> int | None:
        if not fee.amount:
            return None
        customer, said = self.places[service.customer_id], {"category": CATEGORY, "note": service.service_no}
        source = Source(DOCUMENT, number)
        if fee.method is None:
            return self._history.consume(customer, fee.amount, when, source=source, **said).id
        return self._history.sell(customer, fee.amount, fee.method, when, source=source, **said).id


def _day(when: Occasion) -> date:
    return clock.shop_clock().business_date(when.at)


def _columns(model: type[Model], row: Model) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in model.__table__.c}
