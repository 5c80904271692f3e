"""Ten at once, hidden long enough for all of them."""


def worker(sqs, queue_url, apply, is_applied):
    answer = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20, VisibilityTimeout=150,
        MessageSystemAttributeNames=["MessageGroupId"],
    )  # fmt: skip
    refused = []
    for message in answer.get("Messages", []):
        if message["Attributes"]["MessageGroupId"] in refused:
            continue
        if not is_applied(message["Body"]) and not apply(message["Body"]):
            refused.append(message["Attributes"]["MessageGroupId"])
            continue
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
