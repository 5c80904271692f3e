"""Answers of 14-push-again."""

import json

from labkit.study.crash import Stopped
from labkit.words.push_again import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "14-push-again",
    unprotected={"return known": "CreatePlatformEndpoint finds the endpoint by its token: going on costs a call"},
    read="token_alone",
    text="""
Not yet: a push that finds its telephone again
In the run “a day of five telephones”:
What was called:
  - at 35.07 s: worker B: SetEndpointAttributes(EndpointArn='endpoint/APNS') -> ok
  - at 45.08 s: worker B: Publish(Message='{"APNS":...', TargetArn='endpoint/APNS') -> EndpointDisabled
What came back:
  - order-7 did not arrive at cem's app, whose token was another-token-of-cem
  - the endpoint had the token 'another-token-of-cem' and was off when the push began
What was expected:
  - Each app that is on its telephone, and has started since its token changed, gets each push.
Why:
  - The endpoint of cem has the right token and is off, so nothing reaches it: whoever registers must turn it on, with `Enabled`.
`hint('14-push-again')` helps in steps.
""",
)
NOW = '{"Token": token, "Enabled": "true"}'
SET = "sns.set_endpoint_attributes(EndpointArn=known, Attributes=now)"
CREATE = "sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)"
PUBLISH = 'sns.publish(TargetArn=endpoint, Message=json.dumps(texts), MessageStructure="json")'
TEXTS = '{"APNS": json.dumps(apple), "GCM": json.dumps(google)}'
KNOWN, ARN = "if known is not None:", 'return answer["EndpointArn"]'

ANSWERS.edits(
    ("title_and_body", {'{"alert": text}': '{"alert": {"title": "Your order", "body": text}}'}, None),
    ("old_form_of_google", {'{"fcmV1Message": {"message": {"notification": {"body": text}}}}': '{"notification": {"body": text}}'}, None),
    ("with_default", {TEXTS: '{"default": text, "APNS": json.dumps(apple), "GCM": json.dumps(google)}'}, None),
    ("token_alone", {NOW: '{"Token": token}'}, Mistake.STILL_OFF),
    ("turns_on_alone", {NOW: '{"Enabled": "true"}'}, Mistake.OLD_TOKEN),
    ("trusts_what_is_stored", {SET: ""}, Mistake.GONE),
    ("always_another", {KNOWN: "if False:"}, Stopped.REFUSED),
    ("forgets_to_return", {ARN: ""}, Mistake.NO_ARN),
    ("returns_the_answer", {ARN: "return answer"}, Mistake.NO_ARN),
    ("goes_on", {"return known": ""}, None),
    ("says_nothing", {PUBLISH: "print(text)"}, Mistake.NOT_PUBLISHED),
    ("plain_text", {PUBLISH: "sns.publish(TargetArn=endpoint, Message=text)"}, Mistake.NO_PAYLOAD),
    ("default_alone", {TEXTS: '{"default": text}'}, Mistake.NO_PAYLOAD),
    ("apple_alone", {TEXTS: '{"default": text, "APNS": json.dumps(apple)}'}, Mistake.NO_PAYLOAD),
    ("json_for_nobody", {', MessageStructure="json"': ""}, Mistake.NO_PAYLOAD),
    ("objects_for_texts", {TEXTS: '{"APNS": apple, "GCM": google}'}, Stopped.REFUSED),
    ("alert_without_aps", {'{"aps": {"alert": text}}': '{"alert": text}'}, Mistake.WRONG_PAYLOAD),
    ("another_text", {'{"alert": text}': '{"alert": "news"}'}, Mistake.OTHER_TEXT),
    ("nothing_is_off", {"return False": "return True"}, Mistake.SAID_YES),
    ("nothing_returned", {"return True": ""}, Mistake.SAID_NO),
    ("twice", {PUBLISH: f"{PUBLISH}\n{PUBLISH}"}, Mistake.TWICE),
    ("does_not_expect_off", {"sns.exceptions.EndpointDisabledException": "ValueError"}, Stopped.REFUSED),
    ("does_not_expect_deletion", {"sns.exceptions.NotFoundException": "ValueError"}, Stopped.REFUSED),
    ("waits_until_it_is_on", {"return False": "import time\nwhile True:\n    time.sleep(60)"}, Mistake.STILL_AT_IT),
    ("turns_on_before_each_push", {PUBLISH: f'sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={{"Enabled": "true"}})\n{PUBLISH}'}, Mistake.SAID_YES),
)


@ANSWERS.right
class AsAwsSays:
    """Looks first and sets what differs, as AWS's page has it; looks before each push too."""

    def register(sns, application, known, token):
        try:
            found = sns.get_endpoint_attributes(EndpointArn=known or "")["Attributes"]
        except Exception:
            answer = sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)
            known = answer["EndpointArn"]
            found = sns.get_endpoint_attributes(EndpointArn=known)["Attributes"]
        if found["Token"] != token or found["Enabled"] != "true":
            sns.set_endpoint_attributes(EndpointArn=known, Attributes={"Token": token, "Enabled": "true"})
        return known

    def push(sns, endpoint, text):
        if sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]["Enabled"] == "false":
            return False
        shown = json.dumps({"aps": {"alert": text}}), json.dumps({"notification": {"title": text}})
        both = json.dumps({"default": "news", "APNS": shown[0], "GCM": shown[1]})
        sns.publish(TargetArn=endpoint, Message=both, MessageStructure="json")
        return True


@ANSWERS.wrong(Mistake.NEW_ENDPOINT)
class EachTokenItsOwn:
    """Deletes the endpoint and creates one: off and deleted are cured, and the offers are lost."""

    def register(sns, application, known, token):
        if known:
            sns.delete_endpoint(EndpointArn=known)
        return sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)["EndpointArn"]

    def push(sns, endpoint, text):
        shown = json.dumps({"aps": {"alert": text}}), json.dumps({"notification": {"title": text}})
        both = json.dumps({"APNS": shown[0], "GCM": shown[1]})
        try:
            sns.publish(TargetArn=endpoint, Message=both, MessageStructure="json")
        except sns.exceptions.EndpointDisabledException:
            return False
        return True
