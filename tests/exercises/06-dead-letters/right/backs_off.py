"""Gives each try more time than the one before."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MessageSystemAttributeNames=["ApproximateReceiveCount"])
        for message in answer.get("Messages", []):
            order, handle = message["Body"], message["ReceiptHandle"]
            tries = int(message["Attributes"]["ApproximateReceiveCount"])
            try:
                pay(order, order)
                send(order)
            except Exception:
                sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=15 * 2**tries)
            else:
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
