"""Labs whose pictures are looked at, and what all pictures are checked for."""

from base64 import b64decode
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from labkit import Lab

SVG = "{http://www.w3.org/2000/svg}"


class Image(HTMLParser):
    """The one <img> of a picture: its alternative text and the SVG in its address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.alt = ""
        self.svg: ElementTree.Element | None = None
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            given = dict(attributes)
            self.alt = given["alt"]
            head, _, data = given["src"].partition(",")
            assert head == "data:image/svg+xml;base64"
            self.svg = ElementTree.fromstring(b64decode(data))

    def texts(self) -> list[str]:
        """All texts in the picture."""
        return ["".join(text.itertext()) for text in self.svg.iter(f"{SVG}text")]


@pytest.fixture
def lab():
    with Lab(seed=7) as lab:
        yield lab


@pytest.fixture
def orders(lab):
    """The URL of an empty queue."""
    return lab.client("sqs").create_queue(QueueName="orders")["QueueUrl"]


@pytest.fixture
def shop(lab, orders):
    """Three orders, one delayed; Ann deletes the first, forgets the second; the third stays."""
    sqs = lab.client("sqs")
    for number in (1, 2):
        sqs.send_message(QueueUrl=orders, MessageBody=f"order-{number}")
    sqs.send_message(QueueUrl=orders, MessageBody="order-3", DelaySeconds=50)

    def ann():
        handles = [sqs.receive_message(QueueUrl=orders)["Messages"][0]["ReceiptHandle"] for _ in range(2)]
        sqs.delete_message(QueueUrl=orders, ReceiptHandle=handles[0])

    lab.start(ann, name="Ann")
    lab.run(until="60 s")
    sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=1)
    sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=10)
    sqs.receive_message(QueueUrl=orders)
    lab.clock.advance("30 s")
    return lab
