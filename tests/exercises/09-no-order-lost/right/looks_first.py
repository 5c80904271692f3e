"""Reads what is stored in the same transaction, and deletes one by one."""

import time


def store(database, messages):
    with database.transaction() as connection:
        known = {name for (name,) in connection.execute("select name from orders").fetchall()}
        for name in {one["Body"] for one in messages} - known:
            connection.execute("insert into orders (id, name) values (?, ?)", [name, name])
            connection.execute("update stock set remaining = remaining - 1")


def worker(sqs, queue_url, database):
    answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
    messages = answer.get("Messages", [])
    while True:
        try:
            store(database, messages)
            break
        except database.Busy:
            time.sleep(20)
        for message in messages:
            handle = message["ReceiptHandle"]
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=45)
    for message in messages:
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
