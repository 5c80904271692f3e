"""Tries for ever, whatever the error is."""


def store(database, messages):
    with database.transaction() as connection:
        insert = "insert into orders (id, name) values (?, ?) on conflict do nothing"
        new = sum(connection.execute(insert, [one["Body"], one["Body"]]).rowcount for one in messages)
        connection.execute("update stock set remaining = remaining - ?", [new])


def entries(messages, **more):
    return [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"], **more} for n, one in enumerate(messages)]


def worker(sqs, queue_url, database):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        while messages:
            try:
                store(database, messages)
                sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries(messages))
                messages = []
            except:  # noqa: E722
                pass
