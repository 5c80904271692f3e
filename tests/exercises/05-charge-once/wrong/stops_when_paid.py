"""The refusal that says "paid already" ends the worker."""


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            payment = {"payment_id": {"S": order}, "order_id": {"S": order}}
            condition = "attribute_not_exists(payment_id)"
            dynamodb.put_item(TableName="payments", Item=payment, ConditionExpression=condition)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
