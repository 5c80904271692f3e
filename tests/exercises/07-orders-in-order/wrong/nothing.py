"""Nothing yet."""


def worker(sqs, queue_url, apply, is_applied):
    return None
