"""Sentences of exercise 09-no-order-lost."""

TITLE = "no order lost, none stored twice"
STORY = (
    "An art shop puts its orders into the queue `orders` (visibility timeout 30 s; after 5 receives without a delete a "
    "message goes to the queue `dead-letters`). Two workers store them in the database, which lets one transaction write "
    "at a time and refuses a second one at once with `database.Busy`; a commit takes 0.2 s. Each order becomes one row "
    "of the table `orders` (`id`, the primary key, which you choose, and `name`, the order) and takes one print off "
    "`stock` (`remaining`). A web server that has not seen SQS's answer sends an order again. Machines die. And tonight "
    "a migration locks the table for an hour."
)
BUDGET = "For 60 waiting orders at most {commits} commits and {refusals} refused transactions; in the hour of the migration at most {outage} refused ones."
RUSH = "after a rush: 60 orders wait, two of them were sent twice"
DIES_BEFORE = "a machine dies in the middle of its first transaction"
DIES_AFTER = "a machine dies right after its first commit"
OUTAGE = "a migration locks the table for an hour"
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
TOLD_RUSH = "After the rush: {orders} orders stored with {commits} commits (at most {most}) and {refusals} refused transactions (at most {most_refusals})."
TOLD_DEATH = "A machine died {when}: nothing lost, nothing stored twice."
TOLD_OUTAGE = "An hour without the database: nothing lost, nothing dead-lettered, {refusals} refused transactions (at most {most}), the last order stored {seconds:.0f} s after the table was free."
TOLD_FAULTS = "With everything that AWS says may happen: {orders} orders, each stored once."

ONCE = "Each of the {count} orders is stored once."
STOCK = "The stock has gone down by {count}, one print for each order."
DELETED = "The messages of stored orders are deleted."
COMMITS = "At most {most} commits for {count} waiting orders."
REFUSALS = "At most {most} refused transactions."

NOTHING_STORED = "no order was stored"
NOT_STORED = "{name} is not in the table"
NO_ORDER = "the row with the id {id} has the name {name}, which is no order"
STORED = "at {at:.2f} s: {by} committed {name} with the id {id}"
DIED = "at {at:.2f} s: the machine of {by} died {when}"
SOLD = "{rows} orders are stored, and {sold} prints were taken off the stock"
LEFT = "{name} is stored, but its message is still there at the end, in the queue {queue}"
DEAD = "at {at:.2f} s: the message of {name} moved to the dead-letter queue, after {receives} receives"
COUNTED_COMMITS = "{commits} commits stored {rows} orders"
COUNTED_REFUSALS = "{refusals} transactions were refused in the first {at:.2f} s"
COUNTED_TRANSACTIONS = "{transactions} transactions in the first {at:.2f} s; {rows} orders are stored"
COUNTED_CALLS = "{calls} API calls in the first {at:.2f} s; {rows} orders are stored"

WHY_NOT_RECEIVED = "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)` in a loop."
WHY_NOT_INSERTED = "Messages were received, but no transaction has inserted an order: `with database.transaction() as connection:` and `connection.execute(...)` in it."
WHY_NO_ORDER = "`name` is the order as it stands in the message's Body."
WHY_DELETED_FIRST = "The message was deleted before its order was committed. When the commit does not come (a dead machine, a refused transaction), nobody has the order any more: commit first, then delete."
WHY_DELETED_UNSTORED = (
    "The message was deleted although its order was never stored: DeleteMessage says that the work is done."
)
WHY_BURNED = "Each receive counts towards maxReceiveCount, whatever the reason for which no delete followed. The database was busy, not the order bad: keep what you have received (ChangeMessageVisibility), wait, and try the transaction again."
WHY_HIDDEN = "Its message is hidden until {at:.0f} s, by a visibility timeout of {seconds} s. SQS notices neither that a machine has died nor that the database is back: shorter steps, extended while you wait, find out sooner."
WHY_STOPPED = "Nobody has received its message: the workers had stopped asking, or were busy with something else."
WHY_UNSTORED = (
    "Its message was received, but no commit stored it: look for what happens to the rest of a batch, or after `Busy`."
)
WHY_MESSAGE_ID = "The id is the message's. An order that the web server sent twice is two messages, each with an id of its own. The order has one name: that is the key."
WHY_DELIVERY_KEY = "The two rows have different ids, so the primary key could not know that they are the same order. The id must be the same at each delivery and in each copy of the message: the order itself."
WHY_STOCK_COUNTED = "An order that came a second time inserted no row, but took another print. Take off what was new: `.rowcount` of the insert is 1 or 0."
WHY_STOCK_FORGOTTEN = "The same transaction that stores new orders has to take as many off the stock: `update stock set remaining = remaining - ?`."
WHY_NO_DELETE = "The order is stored, but nothing told SQS so: a received message comes back, receive after receive, until it lies in the dead-letter queue. Delete it after the commit, also when it was stored before."
WHY_COMMITS = "A commit costs the same for one order as for ten: receive up to 10 messages in one call and store them in one transaction."
WHY_HOT = "A transaction that is refused and begun again at once is refused again: the other one needs its time. Wait between two tries, longer each time; what you hold meanwhile is yours to extend."
WHY_CALLS = (
    "The run was stopped after so many calls: let some time pass between two of them, and take several messages in one."
)
WHY_ENDLESS = (
    "The same transaction was made again and again: when a commit has succeeded, delete its messages and go on."
)
