"""A bucket's events through a topic: which settings S3 takes, whom it asks first, and what it writes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_fan_out as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.topic_bench import lets, policy_of, subscribe, texts, topic
from labkit.probes.worlds import MOCK_ALONE

INVALID = "InvalidArgument"
ANY = ["s3:ObjectCreated:*"]
BUCKET = "photos"


def _bucket(bench: Bench) -> Any:
    s3 = bench.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    return s3


def _notify(bench: Bench, **configuration: Any) -> str:
    return bench.answer(
        "put_bucket_notification_configuration", "s3", Bucket=BUCKET, NotificationConfiguration=configuration
    )


def _let_s3(bench: Bench, uploads: str) -> None:
    policy = policy_of(lets("s3", "SNS:Publish", uploads, {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{BUCKET}"}}))
    bench.client("sns").set_topic_attributes(TopicArn=uploads, AttributeName="Policy", AttributeValue=policy)


@probe(
    "snssec-7",
    "A bucket's notifications to a topic whose policy names nobody else: {before}; that lets S3 publish: {after}",
    wrong=MOCK_ALONE,
)
def s3_looks_first(bench: Bench) -> None:
    _bucket(bench)
    uploads = topic(bench, "uploads")
    wanted = [{"TopicArn": uploads, "Events": ANY}]
    bench.see("before", _notify(bench, TopicConfigurations=wanted), INVALID)
    _let_s3(bench, uploads)
    bench.see("after", _notify(bench, TopicConfigurations=wanted), ACCEPTED)


@probe(
    "s3fan-1",
    "Two settings that overlap: {overlap}; of one prefix with other suffixes: {suffixes}; for other events: {events}",
    wrong=MOCK_ALONE,
)
def one_setting_an_event(bench: Bench) -> None:
    _bucket(bench)
    uploads = topic(bench, "uploads")
    _let_s3(bench, uploads)

    def setting(events: list[str], **rules: str) -> dict[str, Any]:
        found = [{"Name": name, "Value": value} for name, value in rules.items()]
        return {"TopicArn": uploads, "Events": events, "Filter": {"Key": {"FilterRules": found}}}

    jpg, png = (setting(ANY, prefix="2026/", suffix=suffix) for suffix in (".jpg", ".png"))
    removed = setting(["s3:ObjectRemoved:*"], prefix="2026/")
    for name, two, expected in (
        ("overlap", [jpg, setting(ANY, prefix="2026/")], INVALID),
        ("suffixes", [jpg, png], ACCEPTED),
        ("events", [jpg, removed], ACCEPTED),
    ):
        bench.see(name, _notify(bench, TopicConfigurations=two), expected)


@probe("s3fan-2", "One object; first queue: {first}; second queue: {second}", wrong=answers.ONE_SUBSCRIBER)
def one_setting_many_queues(bench: Bench) -> None:
    s3, uploads = _bucket(bench), topic(bench, "uploads")
    queues = {name: subscribe(bench, uploads, name) for name in ("first", "second")}
    _let_s3(bench, uploads)
    _notify(bench, TopicConfigurations=[{"TopicArn": uploads, "Events": ANY}])
    s3.put_object(Bucket=BUCKET, Key="cat.jpg", Body=b"cat")
    for name, url in queues.items():
        events = [json.loads(text) for text in texts(bench, url)]
        names = sorted(one.get("Event") or one["Records"][0]["eventName"] for one in events)
        bench.see(name, names, ["ObjectCreated:Put", "s3:TestEvent"])


@probe("s3fan-key", "The object: {key}; in its event: {said}; decoded: {decoded}", wrong=wrong.KEY_AS_IT_IS)
def keys_are_encoded(bench: Bench) -> None:
    s3, uploads, key = _bucket(bench), topic(bench, "uploads"), "my cat.jpg"
    url = subscribe(bench, uploads, "thumbnails")
    _let_s3(bench, uploads)
    _notify(bench, TopicConfigurations=[{"TopicArn": uploads, "Events": ANY}])
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"cat")
    events = [json.loads(text) for text in texts(bench, url)]
    said = [one["Records"][0]["s3"]["object"]["key"] for one in events if "Records" in one]
    bench.see("key", key)
    bench.see("said", said[0] if said else "", "my+cat.jpg")
    bench.see("decoded", unquote_plus(said[0]) if said else "", key)
