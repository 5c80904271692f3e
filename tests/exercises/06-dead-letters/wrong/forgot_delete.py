"""Never deletes."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            try:
                pay(message["Body"], message["Body"])
                send(message["Body"])
            except (ConnectionError, ValueError):
                continue
