"""Notes the order on a condition, then charges it."""

import uuid


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            try:
                condition = "attribute_not_exists(order_id)"
                dynamodb.put_item(TableName="done", Item={"order_id": {"S": order}}, ConditionExpression=condition)
                payment = {"payment_id": {"S": str(uuid.uuid4())}, "order_id": {"S": order}}
                dynamodb.put_item(TableName="payments", Item=payment)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
