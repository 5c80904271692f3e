"""Sentences of exercise 09-no-order-lost."""

from enum import Enum, unique

TITLE = "no order lost, none stored twice"
RUSH = "after a rush: 60 orders wait, two of them were sent twice"
DIES_BEFORE = "a machine dies in the middle of its first transaction"
DIES_AFTER = "a machine dies right after its first commit"
LOCKED = "a migration locks the table for an hour"
FAULTS = "everything that AWS says may happen: duplicates, lost answers, another order"

HINTS = (
    "Write down the four steps of an order's way: receive, insert, commit, delete. Now let the machine die between any "
    "two of them. In which sequence does nobody have the order any more, and in which do both sides have it?",
    "What comes twice has to meet something that knows it. `insert into orders (id, name) values (?, ?) on conflict do "
    "nothing` does nothing when the id is there, and `.rowcount` of its cursor tells you (1 or 0) whether it did "
    "something. So which id is the same for both deliveries of an order, and for both messages of one that was sent "
    "twice? And by how much must the stock go down?",
    "A commit takes 0.2 s whether it stores one order or ten: receive with `MaxNumberOfMessages=10`, and store all of "
    "them in one `with database.transaction()`. When it raises `database.Busy` the other worker is writing: wait a "
    "moment before you try again.",
    "In the hour of the migration each receive counts, and the fifth is the last. Keep the messages that you have: "
    "`change_message_visibility_batch` with `VisibilityTimeout=60`, a `time.sleep` shorter than that, and the "
    "transaction again, for as long as it takes. Double the sleep each time, up to half a minute.",
)
RIGHT = "Every order was stored once, whatever died, came twice or was locked; and the database was treated with care."
TOLD_RUSH = "After the rush: {orders} orders stored with {commits} commits and {refusals} refused transactions."
TOLD_BEFORE = "A machine died before its commit: nothing lost, nothing stored twice."
TOLD_AFTER = "A machine died after its commit: nothing lost, nothing stored twice."
TOLD_LOCKED = "An hour without the database: nothing lost, nothing dead-lettered, {refusals} refused transactions, the last order stored {seconds:.0f} s after the table was free."
TOLD_FAULTS = "With everything that AWS says may happen: {orders} orders, each stored once."

ONCE = "Each order is stored once."
STOCK = "One print is taken off the stock for each stored order."
DELETED = "The messages of stored orders are deleted."
COMMITS = "At most {commits} commits for the waiting orders."
REFUSALS = "At most {most} refused transactions."
CALLS = "At most {transactions} transactions and {calls:,} API calls."

UNKNOWN = "the row with the id {id} has the name {name}, which is no order"
SOLD = "{rows} orders are stored, and {sold} prints were taken off the stock"
COUNTED_COMMITS = "{commits} commits stored {rows} orders"
COUNTED_REFUSALS = "{refusals} transactions were refused in the first {at:.2f} s"
COUNTED_TRANSACTIONS = "{transactions} transactions in the first {at:.2f} s; {rows} orders are stored"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_INSERTED = "Messages were received, but no transaction has inserted an order: `with database.transaction() as connection:` and `connection.execute(...)` in it."
    NO_ORDER = "`name` is the order as it stands in the message's Body."
    ERROR = "Its transaction was rolled back because of {error}, and your function went on."
    BURNED = "Each receive counts towards maxReceiveCount, whatever the reason for which no delete followed. The database was busy, not the order bad: keep what you have received (ChangeMessageVisibility), wait, and try the transaction again."
    ENDED_BY_BUSY = "`database.Busy` ended your function, and what it had received was left in flight until its timeout ended: each such receive counts towards maxReceiveCount. The database was busy, not the order bad: catch it, keep what you have received (ChangeMessageVisibility), and try the transaction again after a while."
    UNEXTENDED = "It waited and tried again, but its messages' visibility timeout went on meanwhile and ended: others received them, and each receive counts towards maxReceiveCount. Extend it at each try (ChangeMessageVisibility), by more than you wait."
    UNSTORED = "Its message was received, but no commit stored it: look for what happens to the rest of a batch, or after `Busy`."
    STOCK_COUNTED = "More prints were taken off than orders were new: one that comes a second time inserts no row. Take off what was new: `.rowcount` of the insert is 1 or 0."
    STOCK_FORGOTTEN = "The same transaction that stores new orders has to take as many off the stock: `update stock set remaining = remaining - ?`."
    STOCK_APART = "Orders were stored in one transaction and prints taken off in another: when a machine dies between the two, one of them never happens. Do both in one transaction."
    COMMITS = "A commit costs the same for one order as for ten: receive up to 10 messages in one call and store them in one transaction."
    HOT = "Whoever is refused and tries again too soon is refused again: the other one needs its time. Wait between two tries, longer each time; what you hold meanwhile is yours to extend."
    SHORT_PAUSE = "Between two tries lay {pause:.0f} s: in an hour these are {tries:.0f} tries of each machine. One busy moment is over in a second, an outage isn't: wait longer each time, up to half a minute; what you hold meanwhile is yours to extend."
    AGAIN = "Transactions that change nothing were made again and again: when a commit has succeeded, delete its messages and go on; without messages there is nothing to commit."
