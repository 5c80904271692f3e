"""Asks for nothing."""

import time


def worker(sqs, queue_url, database):
    time.sleep(20)
