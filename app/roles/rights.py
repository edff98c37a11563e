"""What the rights of a role are called: one sentence for each grant that a room declares."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.core.errors import N_
from app.core.feature import Feature
from app.core.permissions import ROLES, Action, Grant

# A room that declares a new grant says here what it means; a test looks whether each is said.
WORDS: Mapping[tuple[str, Action], str] = {
    ("counter", Action.VIEW): N_("Use the counter"),
    ("customers", Action.VIEW): N_("See the customer list, with balances"),
    ("customers", Action.EDIT): N_("Enter customers and change their particulars"),
    ("customers", Action.REMOVE): N_("Delete customers"),
    ("id-numbers", Action.VIEW): N_("See ID numbers, one at a time and recorded, and find a customer by his"),
    ("customer-imports", Action.VIEW): N_("See customer lists that are taken over"),
    ("customer-imports", Action.POST): N_("Take over a customer list with its balances"),
    ("wallets", Action.EDIT): N_("Freeze and close wallets, and set credit limits"),
    ("postings", Action.VIEW): N_("See account details and totals of today, in the own stores"),
    ("postings", Action.EXPORT): N_("Take account details out as a file"),
    ("old-postings", Action.VIEW): N_("See account details and totals of every day and every store"),
    ("old-postings", Action.REVERSE): N_("Reverse postings of earlier days"),
    ("reversals", Action.REVERSE): N_("Reverse postings of today, in the own stores"),
    ("recharges", Action.POST): N_("Post recharges"),
    ("consumptions", Action.POST): N_("Post consumptions"),
    ("refunds", Action.POST): N_("Give money back"),
    ("sales", Action.POST): N_("Sell things for money"),
    ("adjustments", Action.POST): N_("Correct balances"),
    ("debts", Action.POST): N_("Force a reversal into debt"),
    ("totals", Action.VIEW): N_("See the overview, the all-time totals and what is owed to customers"),
    ("stores", Action.VIEW): N_("See the stores"),
    ("stores", Action.EDIT): N_("Open stores and change them"),
    ("settings", Action.VIEW): N_("See the settings and payment methods"),
    ("settings", Action.EDIT): N_("Change the settings and payment methods"),
    ("help", Action.VIEW): N_("Read the instructions and precautions"),
    ("help", Action.EDIT): N_("Write the instructions and precautions"),
    ("profile", Action.VIEW): N_("See the own profile"),
    ("profile", Action.EDIT): N_("Change the own profile and password"),
    ("staff", Action.VIEW): N_("See administrators and what each role may do"),
    ("staff", Action.EDIT): N_("Make administrators, and change their roles, stores and passwords"),
    ("staff", Action.REMOVE): N_("Remove administrators"),
    ("operation-records", Action.VIEW): N_("Read the operation records"),
    ("operation-records", Action.EXPORT): N_("Take operation records out as a file"),
    ("totals", Action.EXPORT): N_("Take the figures of a period out as a file"),
    ("customers", Action.EXPORT): N_("Take the customer list and statements out as a file"),
    ("merges", Action.POST): N_("Make one of two customers who are the same person"),
    ("shifts", Action.VIEW): N_("See the own shift"),
    ("shifts", Action.POST): N_("Open, count and close the own shift, and take over another's cash"),
    ("all-shifts", Action.VIEW): N_("See the shifts of everybody, with their differences"),
    ("all-shifts", Action.EDIT): N_("Close a shift that somebody forgot"),
    ("approvals", Action.VIEW): N_("See what waits for a second person"),
    ("approvals", Action.APPROVE): N_("Approve or decline what others ask for"),
    ("notices", Action.VIEW): N_("See what customers were told, of today and in the own stores"),
    ("notices", Action.POST): N_("See what customers of the own stores were told on every day, and send it again"),
    ("notices", Action.EXPORT): N_("Take what customers were told out as a file"),
    ("clerk-watch", Action.VIEW): N_("See the clerk watch"),
    ("clerk-watch", Action.EXPORT): N_("Take the clerk watch out as a file"),
    ("api-keys", Action.VIEW): N_("See the keys of programs"),
    ("api-keys", Action.EDIT): N_("Make and revoke keys for programs"),
    ("backups", Action.VIEW): N_("See the backups"),
    ("backups", Action.POST): N_("Make a backup"),
    ("backups", Action.EXPORT): N_("Download a backup: everything there is"),
    ("archives", Action.VIEW): N_("Look into archives of old months"),
    ("custom-fields", Action.VIEW): N_("See the custom fields"),
    ("custom-fields", Action.EDIT): N_("Define custom fields and hide stock fields"),
    ("jobs", Action.VIEW): N_("See the work that is done by itself"),
    ("jobs", Action.POST): N_("Start that work at once"),
    ("work-orders", Action.VIEW): N_("See the work orders that are his to do"),
    ("all-work-orders", Action.VIEW): N_("See all work orders, with what they cost"),
    ("work-orders", Action.EDIT): N_("Write work orders, accept, schedule and cancel them"),
    ("work-progress", Action.EDIT): N_("Start and finish the work of orders"),
    ("work-orders", Action.POST): N_("Bill work orders"),
    ("work-orders", Action.EXPORT): N_("Take work orders out as a file"),
    ("communities", Action.VIEW): N_("See the communities"),
    ("communities", Action.EDIT): N_("Enter, change and remove communities"),
    ("communities", Action.EXPORT): N_("Take the communities out as a file"),
    ("packages", Action.VIEW): N_("See the packages"),
    ("packages", Action.EDIT): N_("Enter, change and remove packages"),
    ("packages", Action.EXPORT): N_("Take the packages out as a file"),
    ("materials", Action.VIEW): N_("See the materials"),
    ("materials", Action.EDIT): N_("Enter, change and remove materials"),
    ("materials", Action.EXPORT): N_("Take the materials out as a file"),
    ("installers", Action.VIEW): N_("See the installers"),
    ("installers", Action.EDIT): N_("Enter, change and remove installers"),
    ("installers", Action.EXPORT): N_("Take the installers out as a file"),
    ("employees", Action.VIEW): N_("See the employees, their ID numbers masked"),
    ("employees", Action.EDIT): N_("Enter, change and remove employees"),
    ("employees", Action.EXPORT): N_("Take the employees out as a file"),
    ("business-types", Action.VIEW): N_("See the business types"),
    ("business-types", Action.EDIT): N_("Enter, change and remove business types"),
    ("business-types", Action.EXPORT): N_("Take the business types out as a file"),
    ("reminders", Action.VIEW): N_("See which broadband services stop soon or have stopped"),
    ("reminders", Action.POST): N_("Write down calls about broadband services, and mute reminders"),
    ("reminders", Action.EXPORT): N_("Take the list of reminders out as a file"),
    ("salesperson-figures", Action.VIEW): N_("See what came of the reminders, by salesperson"),
    ("salesperson-figures", Action.EXPORT): N_("Take the figures of salespersons out as a file"),
    ("services", Action.VIEW): N_("See broadband services"),
    ("services", Action.POST): N_("Open broadband services, suspend, relocate and transfer them"),
    ("services", Action.EDIT): N_("Suspend broadband services by force, and close them"),
    ("services", Action.EXPORT): N_("Take the list of broadband services out as a file"),
    ("broadband-imports", Action.VIEW): N_("See subscriber lists that are taken over"),
    ("broadband-imports", Action.POST): N_("Take over a subscriber list"),
    ("broadband-passwords", Action.VIEW): N_("See the whole password of a broadband line, recorded each time"),
    ("broadband-payments", Action.POST): N_("Take broadband payments"),
    ("broadband-documents", Action.VIEW): N_("See broadband documents of today, in the own stores"),
    ("broadband-documents", Action.EXPORT): N_("Take broadband documents out as a file"),
}
EXCEPTIONS = (
    N_("The customer at the counter: his balance and his last movements, of all stores."),
    N_("The statement of one customer, of all stores."),
    N_("The account details of one customer who is asked for by his number, of all stores."),
)


class PageLine(NamedTuple):
    """A page that stands in the menu of a role. label: a message."""

    label: str
    category: str


class RoleLine(NamedTuple):
    """One role: what it may do (messages), and which pages stand in its menu.

    sees_all: every posting of every day and store; sees_today: those of today in the own stores.
    """

    role: str
    rights: list[str]
    pages: list[PageLine]
    sees_all: bool
    sees_today: bool


def role_lines(rooms: Iterable[Feature]) -> list[RoleLine]:
    """What every role may do in these rooms, the mightiest first."""
    opened = tuple(rooms)
    return [_line(role, opened) for role in ROLES]


def _line(role: str, rooms: tuple[Feature, ...]) -> RoleLine:
    granted = frozenset[Grant]().union(*(room.grants_of(role) for room in rooms))
    pages = [page for room in rooms for page in room.pages if page.category and page.shows in granted]
    sees_all = Grant(Action.VIEW, "old-postings") in granted
    return RoleLine(
        role,
        rights=words_of(granted),
        pages=[PageLine(str(page.label), page.category) for page in pages],
        sees_all=sees_all,
        sees_today=not sees_all and Grant(Action.VIEW, "postings") in granted,
    )


def words_of(granted: Iterable[Grant]) -> list[str]:
    """The sentences for these grants, in the order of the list above; what has none is told by its names."""
    order = {name: place for place, name in enumerate(WORDS)}
    names = sorted(((grant.resource, grant.action) for grant in granted), key=lambda name: (order.get(name, 999), name))
    if ("old-postings", Action.VIEW) in names:  # the wider right says it all
        names = [name for name in names if name != ("postings", Action.VIEW)]
    return [WORDS.get(name, f"{name[1].value}: {name[0]}") for name in names]
