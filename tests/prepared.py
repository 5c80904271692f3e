"""What forked kernels begin with (`--fork-kernels-from tests.prepared`): what lessons import, and their first calls."""

from importlib import import_module

import labkit

for name in ("ipywidgets", "plotly.graph_objects"):
    import_module(name)

for name in labkit.__all__:
    getattr(labkit, name)

# The first calls of a process load AWS's models, which takes longer than a thousand others.
with labkit.Lab() as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="order-1")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
