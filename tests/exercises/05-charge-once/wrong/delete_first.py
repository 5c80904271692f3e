"""Deletes, then charges."""


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            payment = {"payment_id": {"S": order}, "order_id": {"S": order}}
            dynamodb.put_item(TableName="payments", Item=payment)
