"""Calls of SNS to whoever is no queue: people, web servers, apps on devices."""


def reaching_people(lab, call):
    """SNS's letters to people, and an endpoint that no lab reaches."""
    sns = lab.client("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    for protocol, endpoint in (
        ("email", "ann@example.com"),
        ("email-json", "bob@example.com"),
        ("sms", "+14155550100"),
        ("sms", "Ann"),
        ("https", "https://shop.example.com/orders"),
    ):
        call(sns.subscribe, TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)
    for letter in lab.outbox.to("ann@example.com"):
        token = letter.link.rpartition("=")[2]
        arn = call(sns.confirm_subscription, TopicArn=topic, Token=token)["SubscriptionArn"]
        call(sns.confirm_subscription, TopicArn=topic, Token=f"{token}0")
    for parameters in (
        {"TopicArn": topic, "Message": "order-1"},
        {"PhoneNumber": "+14155550100", "Message": "hi"},
        {"PhoneNumber": "+1b771", "Message": "hi"},
        {"PhoneNumber": "+14155550100", "Message": "x" * 1601},
        {"Message": "to nobody"},
    ):
        call(sns.publish, **parameters)
    call(sns.unsubscribe, SubscriptionArn=arn)
    call(sns.unsubscribe, SubscriptionArn="pending confirmation")
    lab.outbox.opt_out("+14155550100")
    for number in ("+14155550100", "+14155550199", "Ann", 7):
        call(sns.check_if_phone_number_is_opted_out, phoneNumber=number)
    call(sns.list_phone_numbers_opted_out)
    call(sns.list_phone_numbers_opted_out, nextToken=7)
    call(sns.publish, PhoneNumber="+14155550100", Message="hi")
    for number in ("+14155550100", "+14155550199", "Ann"):
        call(sns.opt_in_phone_number, phoneNumber=number)
    call(lambda **_: {"letters": [repr(letter) for letter in lab.outbox]})


def pushing(lab, call):
    """Mobile push: applications, endpoints and what Publish does with them."""
    sns = lab.client("sns")
    credentials = {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}
    app = call(sns.create_platform_application, Name="shop", Platform="APNS", Attributes=credentials)
    app = app["PlatformApplicationArn"]
    call(sns.create_platform_application, Name="shop", Platform="TELEX", Attributes=credentials)
    ann = call(sns.create_platform_endpoint, PlatformApplicationArn=app, Token="ann")["EndpointArn"]
    call(sns.create_platform_endpoint, PlatformApplicationArn=app, Token="ann", CustomUserData="Ann")
    for endpoint in (ann, f"{ann}0", "ann"):
        call(sns.get_endpoint_attributes, EndpointArn=endpoint)
        call(sns.set_endpoint_attributes, EndpointArn=endpoint, Attributes={"CustomUserData": "Ann"})
        call(sns.publish, TargetArn=endpoint, Message="hi")
    for one in (app, f"{app}0", "app"):
        call(sns.get_platform_application_attributes, PlatformApplicationArn=one)
        call(
            sns.set_platform_application_attributes, PlatformApplicationArn=one, Attributes={"EventDeliveryFailure": ""}
        )
    lab.outbox.disable("ann")
    for _ in range(2):
        call(sns.publish, TargetArn=ann, Message="hi")
    call(sns.list_endpoints_by_platform_application, PlatformApplicationArn=app)
    for one in (app, app, 7):
        call(sns.delete_platform_application, PlatformApplicationArn=one)
    call(lambda **_: {"letters": [repr(letter) for letter in lab.outbox]})


PLAYERS = (reaching_people, pushing)
