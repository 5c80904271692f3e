"""A queue in front of a database (lesson 09)."""

EVIDENCE = {
    "dbfront-1": "{orders} orders in a minute, 60 of them within 3 s, written directly: {refused} were refused by the database, {missing} are missing in it",
    "dbfront-average": "{orders} orders in a minute, in a database that can take {capacity}: {refused} were refused",
    "dbfront-2": "{orders} orders through a queue with one worker: {stored} stored, {refused} transactions refused, {left} messages left",
    "dbfront-accepted": "Rows right after the send: {at_once}; after a worker has run: {later}",
    "dbfront-waiting": "20 orders at once and one worker: the first waited {first} s, the last {last} s",
    "dbfront-batch": "Ten orders in one receive: {stored} stored with {commits} commit, {left} messages left",
    "dbfront-after-commit": "A worker died between commit and delete: {after} order stored; between delete and commit: {before}",
    "dbfront-idempotent": "An order delivered again after a crash: {commits} commits, {rows} row, {sold} print taken from the stock",
    "dbfront-order-key": "An order sent twice: {MessageId} rows with the message id as key, {Body} with the order's own",
    "dbfront-outage-receives": "The table locked for an hour, maxReceiveCount 3, each message let go: of 5 orders {stored} stored, {dead} in the dead-letter queue",
    "dbfront-outage-hold": "The table locked for an hour, maxReceiveCount 3, the message held: of 5 orders {stored} stored, {dead} in the dead-letter queue",
    "dbfront-standing-backlog": "An order every 0.15 s, a commit of 0.2 s: after 3, 6 and 9 s {backlogs} orders wait",
}
WORLDS = {
    "never dead-lettered": "a world in which no message moves to a dead-letter queue",
    "id from body": "a world in which the message id follows from the body",
    "one at once": "a world in which a receive returns one message, however many it asks for",
    "arriving evenly": "the same experiment with orders that arrive evenly",
    "letting go": "the same experiment with a worker that lets each message come back",
    "a quick database": "the same experiment with a database that commits at once",
}
CITED = {
    "dbfront-lambda": "Lambda is not run here yet.",
    "dbfront-proxy": "RDS Proxy is not run here.",
    "dbfront-3": "A name, not a behaviour; no page of AWS with it was found.",
}
