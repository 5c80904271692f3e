"""Celery with its broker on `labkit serve` at the address given: three orders, one worker; ends with 0 if well."""

import socket
import sys
from urllib.parse import urlsplit

socket.gethostname = lambda: "shop"  # Celery writes it into each message, and a recording keeps those

from celery import Celery  # noqa: E402
from celery.contrib.testing.worker import start_worker  # noqa: E402

address = urlsplit(sys.argv[1])
shop = Celery("shop", broker=f"sqs://test:test@{address.hostname}:{address.port}//")
shop.conf.update(
    broker_transport_options={
        "region": "us-east-1",
        "is_secure": False,
        "wait_time_seconds": 1,
        "polling_interval": 0.1,
    },
    worker_enable_remote_control=False,
    task_default_queue="orders",
    broker_connection_retry_on_startup=False,
)
packed = []


@shop.task(name="pack")
def pack(order):
    packed.append(order)


with start_worker(shop, perform_ping_check=False, pool="solo"):
    for number in range(3):
        pack.delay(f"order-{number}")
    sqs = shop.connection().default_channel.sqs()
    for _ in range(200):
        if len(packed) == 3:
            break
        sqs.receive_message(QueueUrl=sqs.list_queues()["QueueUrls"][0], VisibilityTimeout=0, WaitTimeSeconds=1)
assert sorted(packed) == ["order-0", "order-1", "order-2"], packed
