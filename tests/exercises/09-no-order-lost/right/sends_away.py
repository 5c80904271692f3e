"""Tries for a minute, then sends the orders away for twenty: few receives, few transactions."""

import time


def store(database, messages):
    with database.transaction() as connection:
        insert = "insert into orders (id, name) values (?, ?) on conflict do nothing"
        new = sum(connection.execute(insert, [one["Body"], one["Body"]]).rowcount for one in messages)
        connection.execute("update stock set remaining = remaining - ?", [new])


def entries(messages, **more):
    return [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"], **more} for n, one in enumerate(messages)]


def is_stored(database, messages):
    for _ in range(12):
        try:
            store(database, messages)
            return True
        except database.Busy:
            time.sleep(2)
    return False


def worker(sqs, queue_url, database):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        if messages and is_stored(database, messages):
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries(messages))
        elif messages:
            away = entries(messages, VisibilityTimeout=1200)
            sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=away)
            time.sleep(60)
