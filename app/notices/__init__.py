"""Notices: the outbox by which the rooms of the house tell customers things.

What is promised:

- A room declares what it may say as data, `Feature.notices = (NoticeKind(...),)` (app/core/notices.py), and says it
  with `give(customer_id, kind, key=..., values=..., actor=...)` (operations.py), in the transaction of the fact that it
  tells of: what is rolled back was never said. A key is used once, whoever comes with it how often: the database keeps
  them apart. True: it was put into the outbox; False: it was given before.
- A notice is there in the app at once: on the customer's page, later in the portal. Everything else goes out through a
  channel, as a delivery of its own; a channel that is not set up, or for which he has no address, gets none.
- What is kept is the kind and typed values, not the text. It is put into words when it is sent or read, in the
  customer's language (the deployment's where he has chosen none), with amounts and days as that language writes them.
- The job `notices.send` sends what is due, each delivery **at most once**: it is claimed by a statement that names what
  it expects, committed before the message leaves, and sent outside of any transaction. Whoever dies in between, or is
  cut off before he hears what became of it, leaves it "unknown": it is never sent again by itself. Staff see it, and
  may send it again by hand. So is what waits in a backup that is restored: it may have left since.
- Refused for now: tried again after growing pauses (outbox.PAUSES), then failed. Refused for good: failed at once.
  Where the channel itself is away or does not let us in, the run ends, and the others wait without being tried.
- Nothing leaves during the shop's quiet hours; it waits until they are over.
- A deleted customer is told nothing more. Erasing a person empties the values of his notices and the addresses; so does
  the job `notices.forget` with those that are older than the account details that are kept. Keys stay for ever.

A channel is an adapter (channels.py): a member of `Channel`, where the customer's address stands, and a `Gateway` with
`send(address, subject, body, key)`. The key is the same whenever one delivery is sent, so that a channel that can tell
repetitions apart may do so.
"""
