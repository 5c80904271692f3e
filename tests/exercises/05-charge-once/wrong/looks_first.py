"""Looks whether the order is noted, charges it, notes it."""

import uuid


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            note = {"order_id": {"S": order}}
            if "Item" not in dynamodb.get_item(TableName="done", Key=note):
                payment = {"payment_id": {"S": str(uuid.uuid4())}, "order_id": {"S": order}}
                dynamodb.put_item(TableName="payments", Item=payment)
                dynamodb.put_item(TableName="done", Item=note)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
