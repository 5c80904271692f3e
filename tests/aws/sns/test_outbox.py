"""People: what arrives as an e-mail or a text message, who is asked first, who wants none (rows 61 and 76, n04)."""

import json

import pytest

from labkit import Lab, LabError
from labkit.causes import Obstacle, Step
from tests.aws.letting import let_sns

ANN, PHONE = "ann@example.com", "+14155550100"


@pytest.fixture
def mailed(lab, sns, topic):
    """Subscribe Ann by e-mail and confirm her; returns the subscription's ARN."""

    def make(protocol="email", **attributes):
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=ANN, Attributes=attributes)
        token = lab.outbox[-1].link.rpartition("Token=")[2]
        return sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]

    return make


def ends(lab, message):
    return [(one.step, one.obstacle) for one in lab.history.deliveries() if one.message == message]


def test_an_unconfirmed_reader_gets_the_question_and_nothing_else(lab, sns, topic):
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ANN)
    sns.publish(TopicArn=topic, Message="too early")
    (asked,) = lab.outbox
    assert (asked.to, asked.protocol, asked.subject) == (
        ANN,
        "email",
        "AWS Notification - Subscription Confirmation",
    )
    assert f"Action=ConfirmSubscription&TopicArn={topic}&Token=" in asked.link
    assert asked.link in asked.text


def test_an_e_mail_has_the_text_and_a_link_that_ends_the_subscription(lab, sns, topic, mailed):
    arn = mailed()
    id = sns.publish(TopicArn=topic, Message="order-1 is paid")["MessageId"]
    sns.publish(TopicArn=topic, Message="order-2 is paid", Subject="Paid")
    plain, named = lab.outbox.to(ANN)[1:]
    assert plain.text.startswith("order-1 is paid\n\n--\n")
    assert f"Action=Unsubscribe&SubscriptionArn={arn}" in plain.text
    assert (plain.message, plain.subject, plain.link) == (id, "AWS Notification Message", None)
    assert named.subject == "Paid"
    sns.unsubscribe(SubscriptionArn=arn)
    sns.publish(TopicArn=topic, Message="order-3")
    assert [one.subject for one in lab.outbox[3:]] == ["AWS Notification - Unsubscribe Confirmation"]


def test_email_json_is_the_signed_document(lab, sns, topic, mailed):
    mailed("email-json")
    sns.publish(TopicArn=topic, Message="order-1", Subject="Paid")
    document = json.loads(lab.outbox[-1].text)
    assert (document["Type"], document["Message"], document["Subject"]) == ("Notification", "order-1", "Paid")
    assert "Signature" in document
    assert json.loads(lab.outbox[0].text)["Type"] == "SubscriptionConfirmation"


def test_each_protocol_reads_its_own_text(lab, sns, topic, mailed):
    mailed()
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PHONE)
    texts = {"default": "for all", "email": "Dear Ann", "sms": "hi"}
    sns.publish(TopicArn=topic, Message=json.dumps(texts), MessageStructure="json")
    assert lab.outbox.to(ANN)[-1].text.startswith("Dear Ann\n")
    assert lab.outbox.to(PHONE)[-1].text == "hi"


def test_a_telephone_needs_no_confirmation_and_reads_the_topics_display_name(lab, sns, topic):
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PHONE)
    sns.publish(TopicArn=topic, Message="order-1")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Shop")
    sns.publish(TopicArn=topic, Message="order-2", Subject="is for mails")
    assert [(one.text, one.subject) for one in lab.outbox] == [("order-1", None), ("Shop> order-2", None)]


def test_a_text_message_without_a_topic(lab, sns, refused):
    """Public case n04."""
    assert refused(sns.publish, PhoneNumber="+1b771", Message="hi") == (
        "InvalidParameter",
        "Invalid parameter: PhoneNumber Reason: +1b771 is not valid to publish to",
    )
    assert refused(sns.publish, Message="hi")[0] == "InvalidParameter"
    first, second = (sns.publish(PhoneNumber=PHONE, Message=one)["MessageId"] for one in ("hi", "there"))
    assert [(one.to, one.text, one.message) for one in lab.outbox] == [(PHONE, "hi", first), (PHONE, "there", second)]
    assert sns.list_topics()["Topics"] == sns.list_subscriptions()["Subscriptions"] == []
    told = str(lab.passport(first))
    assert f"published it to sms {PHONE}" in told
    assert "delivered" in told
    assert "topic" not in told


def test_1_600_characters_are_the_most(lab, sns, topic, refused):
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PHONE)
    sns.publish(PhoneNumber=PHONE, Message="é" * 1600)
    assert refused(sns.publish, PhoneNumber=PHONE, Message="e" * 1601)[0] == "InvalidParameter"
    id = sns.publish(TopicArn=topic, Message="e" * 1601)["MessageId"]
    assert ends(lab, id)[-1] == (Step.DISCARDED, Obstacle.TOO_LONG)
    assert len(lab.outbox) == 1


def test_who_answers_stop_gets_no_more_until_opted_in(lab, sns, topic, refused):
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PHONE)
    assert not sns.check_if_phone_number_is_opted_out(phoneNumber=PHONE)["isOptedOut"]
    lab.outbox.opt_out(PHONE)
    assert sns.check_if_phone_number_is_opted_out(phoneNumber=PHONE)["isOptedOut"]
    assert not sns.check_if_phone_number_is_opted_out(phoneNumber="+14155550199")["isOptedOut"]
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == [PHONE]
    direct = sns.publish(PhoneNumber=PHONE, Message="hi")["MessageId"]
    by_topic = sns.publish(TopicArn=topic, Message="hi")["MessageId"]
    assert {ends(lab, one)[-1] for one in (direct, by_topic)} == {(Step.DISCARDED, Obstacle.OPTED_OUT)}
    assert len(lab.outbox) == 0
    sns.opt_in_phone_number(phoneNumber=PHONE)
    sns.publish(PhoneNumber=PHONE, Message="hi again")
    assert [one.text for one in lab.outbox] == ["hi again"]
    assert refused(sns.check_if_phone_number_is_opted_out, phoneNumber="Ann")[0] == "InvalidParameter"


def test_a_mailbox_that_is_back_in_time_gets_its_mail_late(lab, sns, topic, mailed):
    mailed()
    lab.outbox.refuse(ANN, during="2 h")
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    assert len(lab.outbox) == 1
    lab.clock.advance("3 h")
    assert [one.message for one in lab.outbox[1:]] == [id]
    assert lab.outbox[-1].at - lab.history.start > 7_200_000_000


def test_a_mailbox_that_stays_away_is_tried_fifty_times_more_over_six_hours(lab, sns, sqs, topic, mailed):
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    mailed(RedrivePolicy=json.dumps({"deadLetterTargetArn": let_sns(sqs, url, topic)}))
    lab.outbox.refuse(ANN, during="1 d")
    id = sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    lab.clock.advance("1 d")
    last = lab.history.deliveries()[-1]
    assert ends(lab, id)[1:-1] == [(Step.RETRIED, Obstacle.UNREACHABLE)] * 50
    assert (last.step, last.attempt) == (Step.DEAD_LETTERED, 51)
    assert 6 < (last.at - lab.history.start) / 3_600_000_000 < 8.5
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


def test_it_shows_itself(lab, sns):
    assert "nothing" in repr(lab.outbox)
    assert "nothing" in lab.outbox._repr_html_()
    sns.publish(PhoneNumber=PHONE, Message="<b>order-1</b> is\n paid" + "!" * 80)
    lines = repr(lab.outbox).splitlines()
    assert lines[1].split() == ["lab", "time", "by", "to", "subject", "text"]
    assert "<b>order-1</b> is paid!" in lines[2]
    assert lines[2].endswith("…")
    assert "&lt;b&gt;order-1" in lab.outbox._repr_html_()
    assert "<b>" not in lab.outbox._repr_html_()


def test_wrong_use_is_told_in_a_sentence(lab):
    for call, given in ((lab.outbox.opt_out, "Ann"), (lab.outbox.opt_out, None), (lab.outbox.refuse, None)):
        with pytest.raises(LabError, match=r"lab\.outbox\."):
            call(given)


def test_two_labs_of_one_seed_send_the_same_letters():
    def letters():
        with Lab(seed=3) as lab:
            sns = lab.client("sns")
            topic = sns.create_topic(Name="orders")["TopicArn"]
            sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ANN)
            sns.publish(PhoneNumber=PHONE, Message="hi")
            return list(lab.outbox)

    assert letters() == letters()
