"""The signature verifies by AWS's documented procedure, whatever the message holds (row 56)."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate

from labkit import Lab
from labkit.aws.sns import signing

FIELDS = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")


def verify(document):
    """As the page sns-verify-signature-of-message says: names and values, sorted by name, a line each."""
    text = "".join(f"{name}\n{document[name]}\n" for name in FIELDS if name in document)
    algorithm = {"1": hashes.SHA1, "2": hashes.SHA256}[document["SignatureVersion"]]()
    key = load_pem_x509_certificate(signing.certificate()).public_key()
    key.verify(base64.b64decode(document["Signature"]), text.encode(), padding.PKCS1v15(), algorithm)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("more", [{}, {"Subject": "paid"}])
def test_row_56_the_signature_verifies_and_no_other_does(sns, topic, queues, version, more):
    sns.set_topic_attributes(TopicArn=topic, AttributeName="SignatureVersion", AttributeValue=version)
    queues.subscribe(topic, "payments")
    sns.publish(TopicArn=topic, Message="bücher 📚\nline two", **more)
    document = json.loads(queues.bodies("payments")[0])
    assert document["SignatureVersion"] == version
    verify(document)
    for name in FIELDS:
        if name in document:
            with pytest.raises(InvalidSignature):
                verify(document | {name: document[name] + "x"})


def test_the_same_message_is_signed_the_same_in_every_lab():
    def body():
        with Lab(seed=7) as lab:
            sns, sqs = lab.client("sns"), lab.client("sqs")
            topic = sns.create_topic(Name="orders")["TopicArn"]
            url = sqs.create_queue(QueueName="payments")["QueueUrl"]
            arn = "arn:aws:sqs:us-east-1:123456789012:payments"
            lets = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": arn}}
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(lets)})
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
            sns.publish(TopicArn=topic, Message="order-1")
            return sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]

    assert body() == body()
