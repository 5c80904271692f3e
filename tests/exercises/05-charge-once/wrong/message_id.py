"""The MessageId as the key: the same in each delivery, but not in each send."""


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            payment = {"payment_id": {"S": message["MessageId"]}, "order_id": {"S": order}}
            dynamodb.put_item(TableName="payments", Item=payment)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
