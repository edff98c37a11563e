"""What a room may tell customers: it declares it as data, and app/notices brings it to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeKind:
    """One thing that a room tells customers. Its name, "room.what", is stored: never rename it.

    label: what staff call it. subject, body: messages with named places such as %(day)s, put into the customer's
    language when they are sent; the subject is one line.
    """

    name: str
    label: str
    subject: str
    body: str
