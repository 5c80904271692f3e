"""Remembers in a set which orders are charged."""

import uuid

charged = set()


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            if order not in charged:
                payment = {"payment_id": {"S": str(uuid.uuid4())}, "order_id": {"S": order}}
                dynamodb.put_item(TableName="payments", Item=payment)
                charged.add(order)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
