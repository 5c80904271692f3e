"""Stores the message's id for the order."""

import time


def store(database, messages):
    with database.transaction() as connection:
        insert = "insert into orders (id, name) values (?, ?) on conflict do nothing"
        new = sum(connection.execute(insert, [one["Body"], one["MessageId"]]).rowcount for one in messages)
        connection.execute("update stock set remaining = remaining - ?", [new])


def entries(messages, **more):
    return [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"], **more} for n, one in enumerate(messages)]


def worker(sqs, queue_url, database):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages, pause = answer.get("Messages", []), 1
        while messages:
            try:
                store(database, messages)
            except database.Busy:
                hidden = entries(messages, VisibilityTimeout=60)
                sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=hidden)
                time.sleep(pause)
                pause = min(2 * pause, 30)
            else:
                sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries(messages))
                messages = []
