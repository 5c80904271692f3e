"""Sends the bad order to the dead-letter queue itself."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            try:
                pay(order, order)
                send(order)
            except ConnectionError:
                continue
            except ValueError:
                dead = sqs.get_queue_url(QueueName="dead-orders")["QueueUrl"]
                sqs.send_message(QueueUrl=dead, MessageBody=order)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
