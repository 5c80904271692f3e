"""Ten at a time, deleted in one batch after the payments."""


def worker(sqs, queue_url, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        for message in messages:
            order = {"S": message["Body"]}
            dynamodb.put_item(TableName="payments", Item={"payment_id": order, "order_id": order})
        if messages:
            entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
