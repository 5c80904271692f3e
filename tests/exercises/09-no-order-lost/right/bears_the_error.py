"""Inserts row by row and takes the error of the key for what it is."""

import sqlite3
import time


def store(database, messages):
    with database.transaction() as connection:
        for message in messages:
            try:
                connection.execute("insert into orders values (:name, :name)", {"name": message["Body"]})
            except sqlite3.IntegrityError:
                continue
            connection.execute("update stock set remaining = remaining - 1")


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
