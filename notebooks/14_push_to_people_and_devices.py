# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 14 · Push to people and devices
#
# At two in the morning a shop's orders begin to fail. The alarm does what it is there for: it publishes to the topic
# `alarms`. Two ends are subscribed to it, the mailbox of the team and the web server of their pager. Nobody wakes up. No
# call has failed, and in the morning both ends work. By the end of this lesson the same night wakes the team.
#
# **You will be able to**
#
# 1. let a mailbox, a telephone, an app and a web server hear of a message, and say which of them has to agree first;
# 2. say for each kind of end when SNS tries again and when it stops;
# 3. set what can be set, so that nothing is given up without a trace.
#
# About {minutes} minutes. Needs lesson 10. Exams: SAA-C03 domain 2 (resilient), DVA-C03 domain 1, SOA-C03 domain 1.

# %%
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from labkit import Lab, claims_of, predict, retries

TEAM, PHONE = "team@example.com", "+14155550100"

# %% [markdown]
# Lesson 10 delivered to queues. A topic has other subscribers, and those of this lesson stand outside AWS: mailboxes
# (protocol `email`), telephones (`sms`), apps on devices (`application`) and web servers (`http` and `https`). What
# subscribes is an **endpoint**, called *end* here for short.


# %%
def open_desk():
    """A lab with a topic."""
    lab = Lab(seed=14)
    sns = lab.client("sns")
    return lab, sns, lab.client("sqs"), sns.create_topic(Name="alarms")["TopicArn"]


lab, sns, sqs, topic = open_desk()
topic

# %% [markdown]
# Nothing leaves this lab: what SNS sends to people and devices lies in `lab.outbox`, and `got` brings the first lines of
# what one of them has got. `say_yes` opens the link of the last letter that asks, as a person does.


# %%
def say_yes(lab, sns, topic):
    link = [letter.link for letter in lab.outbox if letter.link][-1]
    token = link.rpartition("Token=")[2]
    return sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]


def got(lab, address):
    return [letter.text.split("\n")[0] for letter in lab.outbox.to(address)]


# %% [markdown]
# The pager is a real web server on your machine, of Python's own library. It notes what comes and answers with the status of
# the moment. `listen` subscribes it, `repaired` lets it work again after so many seconds, and `dead_letters` makes a queue for
# later, with the policy that lets SNS in.


# %%
class Pager(BaseHTTPRequestHandler):
    status, got = 200, []

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.got.append(json.loads(self.rfile.read(size)))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *about):
        pass


# %%
server = HTTPServer(("127.0.0.1", 0), Pager)
threading.Thread(target=server.serve_forever, daemon=True).start()


def listen(sns, topic, **attributes):
    Pager.status = 200
    Pager.got.clear()
    address = f"http://127.0.0.1:{server.server_port}/pager"
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=address, Attributes=attributes)
    token = Pager.got[-1]["Token"]
    return sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]


def repaired(after):
    time.sleep(after)
    Pager.status = 200


# %%
def dead_letters(sqs, topic):
    """A queue for what is given up: its URL, and the RedrivePolicy that names it."""
    url = sqs.create_queue(QueueName="dead-alarms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    allow |= {"Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})})
    return url, json.dumps({"deadLetterTargetArn": arn})


# %% [markdown]
# ## Who has to agree
#
# Subscribing a mailbox brings no ARN yet. SNS writes to it and asks whether it wants the messages.

# %%
lab, sns, sqs, topic = open_desk()
sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=TEAM)["SubscriptionArn"]

# %%
predict(
    "14-pending",
    "Nobody has opened that letter yet, and an alarm is published. What does the mailbox hold then?",
    ["the question and the alarm", "the question alone", "nothing: Publish raises an error"],
)

# %%
sns.publish(TopicArn=topic, Message="orders fail")
lab.outbox

# %%
predict.reveal("14-pending", "the question alone")

# %% [markdown]
# Until the **token** in the link comes back, the subscription is pending and gets nothing {ends-pending}. Does the alarm follow
# once somebody agrees?

# %%
say_yes(lab, sns, topic)
sns.publish(TopicArn=topic, Message="orders fail again")
got(lab, TEAM)[1:]

# %% [markdown]
# It doesn't. That is half of the night in the shop: the mailbox had been subscribed for weeks, and nobody had clicked. The list
# of subscriptions would have told.
#
# You may read that the token is good for three days. It was; now it is {=ends-token} {ends-token}. The boss is subscribed
# too, and comes back from a long weekend:

# %% tags=["raises-ClientError:InvalidParameter"]
sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="boss@example.com")
found = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
print({one["Endpoint"]: one["SubscriptionArn"].split(":")[-1] for one in found})
lab.clock.advance("3 d")
say_yes(lab, sns, topic)

# %% [markdown]
# Subscribing once more sends a letter once more. A web server is asked in the same way, and so is whoever belongs to
# another account. A telephone, an app, and a queue or function of your own account are not asked {ends-not-asked}. What the
# mailbox gets is the text, with a link below it that ends the subscription; the envelope of lesson 10 comes with the
# protocol `email-json` {ends-mail-text}.

# %% [markdown]
# ## A telephone

# %%
lab, sns, sqs, topic = open_desk()
sns.publish(PhoneNumber=PHONE, Message="Order 7 is on its way.")
got(lab, PHONE)

# %% [markdown]
# The same `Publish`, to a number instead of a topic {snspub-4}. A number can also be subscribed. One message takes up to
# {=ends-sms-size} {ends-sms-size}. The limits that you meet first are others: a new account is in a sandbox and sends to a
# few verified numbers {ends-sandbox}, and once the month's messages have cost what the account may spend, SNS stops
# {ends-sms-spend}.
#
# The owner of the telephone has had enough, and answers STOP.

# %%
predict(
    "14-stop",
    "What does the next Publish to this number do?",
    ["it raises an error", "it succeeds, and the text arrives", "it succeeds, and nothing arrives"],
)

# %%
lab.outbox.opt_out(PHONE)
published = sns.publish(PhoneNumber=PHONE, Message="Order 8 is on its way.")
print(lab.passport(published["MessageId"]))
sns.check_if_phone_number_is_opted_out(phoneNumber=PHONE)["isOptedOut"]

# %%
predict.reveal("14-stop", "it succeeds, and nothing arrives")

# %% [markdown]
# As with a topic, the answer says that SNS has the message {publish-saved}. Whether somebody wants no more of them, you
# have to ask {ends-opted-out}. If the owner changes their mind, `OptInPhoneNumber` brings them back, once in {=ends-opt-in}
# {ends-opt-in}.

# %% [markdown]
# ## An app on a device
#
# To a device the last step belongs to its maker: Apple's push service (APNs), Google's (Firebase Cloud Messaging), Amazon's
# (ADM). A **platform application** is your app at one of them, with the credentials that you got there {snspub-5}. Google's
# still has the name of its predecessor, `GCM` {snspub-8}.


# %%
def register(sns, platform, token):
    """The endpoint of the shop's app on one device; the credentials are made up."""
    secrets = {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}
    app = sns.create_platform_application(Name="shop", Platform=platform, Attributes=secrets)
    arn = app["PlatformApplicationArn"]
    return sns.create_platform_endpoint(PlatformApplicationArn=arn, Token=token)["EndpointArn"]


lab, sns, sqs, topic = open_desk()
ann, ben = register(sns, "APNS", "token-ann"), register(sns, "GCM", "token-ben")
ann.split(":")[-1].rpartition("/")[0]

# %% [markdown]
# The push service has given the app on Ann's telephone a **device token**. The endpoint stands for that token, and
# registering the same token again finds the same endpoint {snspub-6}. It can be published to directly {snspub-7}, and it
# can subscribe. Each push service wants JSON of its own, so one message carries a text for each {ends-payloads}:

# %%
for endpoint in (ann, ben):
    sns.subscribe(TopicArn=topic, Protocol="application", Endpoint=endpoint)
apple = {"aps": {"alert": "Order 7 is here"}}
google = {"fcmV1Message": {"message": {"notification": {"body": "Order 7 is here"}}}}
texts = {"default": "Order 7 is here", "APNS": json.dumps(apple), "GCM": json.dumps(google)}
sns.publish(TopicArn=topic, Message=json.dumps(texts), MessageStructure="json")
lab.outbox

# %% [markdown]
# JSON within JSON: each value is a *text*. Now Ann deletes the app. SNS doesn't know that until it pushes.

# %%
lab.outbox.disable("token-ann")
sns.publish(TargetArn=ann, Message="Order 8 is here")
sns.get_endpoint_attributes(EndpointArn=ann)["Attributes"]

# %% [markdown]
# Apple's answer was that it knows no such token, and SNS has turned the endpoint off {ends-disabled}. The next push fails
# loudly:

# %% tags=["raises-ClientError:EndpointDisabled"]
sns.publish(TargetArn=ann, Message="Order 9 is here")

# %% [markdown]
# She installs the app again. Its new token belongs to the old endpoint, which nothing but you turns on: creating it again
# doesn't {ends-register}.

# %%
now = {"Token": "token-ann-2", "Enabled": "true"}
sns.set_endpoint_attributes(EndpointArn=ann, Attributes=now)
sns.publish(TargetArn=ann, Message="Order 9 is here")
got(lab, "token-ann-2")

# %% [markdown]
# ## A web server

# %%
lab, sns, sqs, topic = open_desk()
listen(sns, topic)
sns.publish(TopicArn=topic, Message="orders fail")
[one["Type"] for one in Pager.got], list(Pager.got[-1])

# %% [markdown]
# The first POST was the question, and `listen` answered it with its token. Opening the `SubscribeURL` in it does the same.
# The second is the envelope of lesson 10.
#
# Whoever knows the address can send such a document. So a server verifies the signature before it believes a word, the
# question's too, and looks whether the `TopicArn` is the right one {ends-signature}. And it answers first and works
# afterwards: after {=ends-timeout} without an answer the try has failed, and the same message comes again {ends-timeout}.

# %% [markdown]
# ## When nobody answers
#
# Not every failure is worth another try. What a repetition can't heal is a **client-side error**: the server answers `404`,
# the queue has been deleted. SNS tries once {ends-client-errors}. When the server answers `503` or doesn't answer at all,
# that is a **server-side error**, and SNS tries again, each kind of end in its own way:
#
# | end | tries again | for |
# |---|---|---|
# | SQS, Lambda, Firehose | {=ends-managed} {ends-managed} | 23 days |
# | mailbox, telephone, app | {=missing-sns-retries} {missing-sns-retries} | 6 hours |
# | web server, unless you set something else | {=ends-http-default} {ends-http-default} | a minute |
#
# At two o'clock the orders fail. The web server is back ten minutes later, the mailbox after an hour.

# %%
predict(
    "14-two-ends",
    "Both ends are subscribed and confirmed. Who has the alarm in the morning?",
    ["both", "the mailbox", "the web server", "nobody"],
)

# %%
lab, sns, sqs, topic = open_desk()
listen(sns, topic)
sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=TEAM)
say_yes(lab, sns, topic)
Pager.status = 503
lab.outbox.refuse(TEAM, during="1 h")
lab.start(repaired, 600)
published = sns.publish(TopicArn=topic, Message="orders fail")
lab.run(until="1 d")
retries(lab, published["MessageId"])

# %%
predict.reveal("14-two-ends", "the mailbox")

# %% [markdown]
# After a minute SNS had given up on the web server {ends-http-default}. That is the other half of the shop's night. A
# mailbox or a telephone may be away for hours, and an outage of SQS or Lambda costs patience and no message. Where a
# message must not get lost, let a queue take it, and let your own worker call the web server.

# %% [markdown]
# ## As long as you set
#
# For web servers, and for no other end {ends-own-policy}, you can set a **delivery policy**, at the subscription or at the
# topic for all of its web servers. It counts the retries of four phases: at once, at the shortest pause, with growing
# pauses, at the longest. `numRetries` is the sum, what the other three leave is the growing phase, and `backoffFunction`
# says how it grows. Here are thirty retries, for a web server that stays away all day.

# %%
healthy = {"numRetries": 30, "numNoDelayRetries": 2, "numMinDelayRetries": 3, "numMaxDelayRetries": 5}
healthy |= {"minDelayTarget": 10, "maxDelayTarget": 300, "backoffFunction": "exponential"}
lab, sns, sqs, topic = open_desk()
pager = listen(sns, topic, DeliveryPolicy=json.dumps({"healthyRetryPolicy": healthy}))
Pager.status = 503
published = sns.publish(TopicArn=topic, Message="orders fail")
lab.clock.advance("1 d")
retries(lab, published["MessageId"])

# %% [markdown]
# One try and thirty retries, the pauses a little longer or shorter each time, so that not all messages come back in one
# instant. All retries of a message together may take {=ends-http-policy} {ends-http-policy}. An hour is the most:

# %% tags=["raises-ClientError:InvalidParameter"]
longer = json.dumps({"healthyRetryPolicy": healthy | {"numRetries": 40, "numMaxDelayRetries": 15}})
where = {"SubscriptionArn": pager, "AttributeName": "DeliveryPolicy"}
sns.set_subscription_attributes(**where, AttributeValue=longer)

# %% [markdown]
# ## What nobody took
#
# After the last try SNS discards the copy. Unless the *subscription* has a **dead-letter queue**: then it goes there, after
# client-side errors as well {ends-dead-letters}. It is an SQS queue, and its policy must let SNS in, as in lesson 10. Here
# the web server gets the question and one try, which it refuses.

# %%
lab, sns, sqs, topic = open_desk()
url, redrive = dead_letters(sqs, topic)
listen(sns, topic, RedrivePolicy=redrive)
Pager.status = 404
sns.publish(TopicArn=topic, Message="orders fail")
(letter,) = sqs.receive_message(QueueUrl=url)["Messages"]
len(Pager.got), json.loads(letter["Body"])["Message"]

# %% [markdown]
# ## That night again
#
# The mailbox is confirmed. The web server is tried once a minute for an hour. Both subscriptions have a dead-letter queue.
# At two o'clock the orders fail; the web server is down until a quarter to three, and the mailbox takes nothing until the
# next night.

# %%
lab, sns, sqs, topic = open_desk()
url, redrive = dead_letters(sqs, topic)
each_minute = {"numRetries": 60, "minDelayTarget": 60, "maxDelayTarget": 60}
listen(sns, topic, RedrivePolicy=redrive, DeliveryPolicy=json.dumps({"healthyRetryPolicy": each_minute}))
kept = {"RedrivePolicy": redrive}
sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=TEAM, Attributes=kept)
say_yes(lab, sns, topic).split(":")[-2]

# %%
lab.clock.advance("2 h")
Pager.status = 503
lab.outbox.refuse(TEAM, during="1 d")
lab.start(repaired, 2700)
published = sns.publish(TopicArn=topic, Message="orders fail")
lab.run(until="1 d")
(letter,) = sqs.receive_message(QueueUrl=url)["Messages"]
found = lab.passport(published["MessageId"]).rows()
assert [row[1] for row in found] == ["delivered", "dead-lettered"]
assert json.loads(letter["Body"])["Message"] == "orders fail"
retries(lab, published["MessageId"])

# %% [markdown]
# The pager rings at a quarter to three, and the mailbox's copy waits in the dead-letter queue. After an outage of more than
# an hour the web server's would wait there too, so somebody has to hear when that queue is not empty. Three quarters of an
# hour are long for an alarm all the same: let a third end, such as a telephone, hear it too.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A new account's text messages go to verified numbers {ends-sandbox} and stop at a spend limit {ends-sms-spend} | every number gets them | ask AWS early |
# | SQS and Lambda are tried for 23 days {ends-managed} | they are never down | the table |
# | {=missing-sns-retries} in 6 hours {missing-sns-retries} | 51 tries | the sum of AWS's phases of retries; the first try comes before them |
# | SNS waits {=ends-timeout} for a web server {ends-timeout} | the same, in real time | `503` in this lesson |
#
# Two things stand on none of AWS's pages: whether a text to a number that has opted out is tried again (here it isn't), and
# how a plain text is wrapped for a push service (here it is handed on as it is).
#
# Text messages and pushes have prices of their own, on AWS's page; those of text messages differ from country to country.
# To clean up, delete the topic, the endpoints with their platform applications, and the queue. With the AWS CLI:
#
# ```bash
# aws sns subscribe --topic-arn "$TOPIC" --protocol email --notification-endpoint team@example.com
# aws sns list-subscriptions-by-topic --topic-arn "$TOPIC"
# aws sns set-subscription-attributes --subscription-arn "$SUBSCRIPTION" \
#   --attribute-name RedrivePolicy --attribute-value "{\"deadLetterTargetArn\": \"$QUEUE_ARN\"}"
# aws sns publish --phone-number +14155550100 --message "Order 7 is on its way."
# aws sns check-if-phone-number-is-opted-out --phone-number +14155550100
# ```
#
# and in CloudFormation:
#
# ```yaml
# Alarms:
#   Type: AWS::SNS::Topic
# DeadAlarms:
#   Type: AWS::SQS::Queue
# PagerHears:
#   Type: AWS::SNS::Subscription
#   Properties:
#     TopicArn: !Ref Alarms
#     Protocol: https
#     Endpoint: https://pager.example.com/alarms
#     DeliveryPolicy:
#       healthyRetryPolicy: {numRetries: 60, minDelayTarget: 60, maxDelayTarget: 60}
#     RedrivePolicy:
#       deadLetterTargetArn: !GetAtt DeadAlarms.Arn
# ```

# %% [markdown]
# ## In five lines
#
# - Mailboxes and web servers have to agree first; until then they get nothing, and it does not follow {ends-pending}.
# - `Publish` doesn't say that somebody has opted out {ends-opted-out}; to an app that has gone the first push fails in
#   silence, the next one with an error {ends-disabled}.
# - Mailboxes, telephones and apps are tried for hours {missing-sns-retries}, a web server for a minute {ends-http-default}.
# - A delivery policy makes that an hour at most {ends-http-policy}.
# - What is given up is discarded, unless the subscription has a dead-letter queue {ends-dead-letters}.
#
# **Recall, without looking.** A mailbox was subscribed to the alarms a month ago, and no alarm has come: what do you look
# at? A customer has installed your app again, and pushes fail with `EndpointDisabled`: which two things do you set? A web
# server answers `404` for ten minutes, because of a wrong route: what has become of the messages?
#
# <details><summary>The answers</summary>
#
# 1. Whether the subscription is still pending {ends-pending}; its token is good for {=ends-token} {ends-token}.
# 2. The endpoint's token, and that it is on {ends-register}.
# 3. Each was tried once {ends-client-errors}, and is in the subscription's dead-letter queue, if it has one {ends-dead-letters}.
#
# </details>
#
# The exercise: a shop whose pushes reach its customers' telephones, whatever they have done with the app. Open
# `exercises/14_push_to_people_and_devices.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("14")
