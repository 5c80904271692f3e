"""Takes up to ten, asks between two orders, and gives the rest back at once when told."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=18, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        while messages and not told_to_stop():
            message = messages.pop(0)
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        if messages:
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                for number, message in enumerate(messages)
            ]
            sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)
