"""Counts the scenes first, by rendering them all."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, VisibilityTimeout=60)
        for message in answer.get("Messages", []):
            number = len(list(render(message["Body"])))
            for scene in render(message["Body"]):
                print(f"scene {scene} of {number}")
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
