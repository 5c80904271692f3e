"""A payment without its key."""


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            dynamodb.put_item(TableName="payments", Item={"order_id": {"S": order}})
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
