"""Takes other parameters than the check gives."""


def worker(queue_url):
    return queue_url.upper()
