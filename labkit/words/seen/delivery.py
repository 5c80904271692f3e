"""Delivery guarantees (lesson 05): what its experiments saw, and why some claims can only be cited."""

EVIDENCE = {
    "delivery-lost-send": "20 sends, of which answers got lost: {messages} messages of {orders} orders; ids shared by two: {shared}",
    "delivery-sdk-attempts": "One send while every answer got lost: {attempts} messages stored",
    "delivery-crash-repeats": "Dead before the delete: {charges} charges, the second at {now:clock}",
    "delivery-delete-first": "Dead after the delete: {charges} charges, {left} messages left",
    "delivery-exactly-once": "30 orders, {deliveries} deliveries, {charges} charges",
    "delivery-conditional-put": "First put: {first}; second with another amount: {second}; the item holds {amount}",
    "delivery-condition-atomic": "Three consumers at one instant: {accepted} accepted, {rows} row",
    "delivery-check-then-act": "Two consumers looked before they charged: {charges} charges, {rows} row that notes it",
    "delivery-message-id": "Two deliveries of a message: {deliveries} MessageId; two sends of an order: {sends}",
    "delivery-conditional-retry": "The answer to the first attempt was lost; the call ended with {answer}; rows: {rows}",
    "delivery-transaction": "The same transaction again: {second}; the customer owes {owed}",
    "delivery-pass-the-key": "Charges after a crash between two steps: noted before, {before}; noted after, {after}; with a key, {keyed}",
    "delivery-memory": "A set in memory, and a crash before the delete: {charges} charges",
    "delivery-record-kept": "A record dropped after a day, the message back on day {day}: {charges} charges",
}
WORLDS = {
    "no condition": "the condition of a write has no effect",
    "one by one": "a transaction makes its writes one by one",
    "knows repeats": "a standard queue recognises an order that is sent again",
    "deleted returns": "a message whose consumer died after the delete comes back",
    "legacy retry mode": "boto3 in its older retry mode, legacy",
}
CITED = {
    "delivery-transaction-token": "The mock keeps no tokens of transactions.",
}
