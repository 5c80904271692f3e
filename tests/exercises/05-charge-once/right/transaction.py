"""A payment with a new key and a note with a condition, in one step."""

import uuid


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            note = {"TableName": "done", "Item": {"order_id": {"S": order}}}
            note["ConditionExpression"] = "attribute_not_exists(order_id)"
            payment = {"payment_id": {"S": str(uuid.uuid4())}, "order_id": {"S": order}}
            writes = [{"Put": note}, {"Put": {"TableName": "payments", "Item": payment}}]
            try:
                dynamodb.transact_write_items(TransactItems=writes)
            except dynamodb.exceptions.TransactionCanceledException:
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
