"""The wait as an attribute of the queue, set at the start; no receive names it."""


def worker(sqs, queue_url, handle, told_to_stop):
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"ReceiveMessageWaitTimeSeconds": "20"})
    while not told_to_stop():
        for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
