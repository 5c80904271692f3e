"""Two at once, deleted together; the batch ends with the first refusal."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        done = []
        for message in answer.get("Messages", []):
            if not is_applied(message["Body"]) and not apply(message["Body"]):
                break
            done.append({"Id": str(len(done)), "ReceiptHandle": message["ReceiptHandle"]})
        if done:
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=done)
