# %% [markdown]
# # 14 · Exercise: a push that finds its telephone again
#
# About `20` minutes. You need lesson 14, *Push to people and devices*.
#
# A shop's app runs on its customers' telephones, some of them Apple's (`APNS`), some with Google's push service (`GCM`). Each time the app starts, it
# sends the shop's server its device token. Of each customer the server stores one endpoint, and pushes to it when there
# is news of an order.
#
# In the course of a day a push service gives an app another token; a customer deletes the app, and has it again later with
# another token; and of those who were customers yesterday, one has an endpoint that somebody has turned off, and one has an endpoint
# that somebody has deleted. **Each app that is there, and has started since its token changed, gets each push**, once on an
# ordinary day. **A customer whose endpoint still exists keeps it**: another team has subscribed it to a topic with offers. A day may take up to `60`
# API calls.
#
# The server runs on two machines. One may die at any moment, and answers may get lost: then somebody may read the same news
# twice, but nobody may miss any.

# %%
import json

from labkit import check, hint, solution

# %% [markdown]
# ## Your two functions
#
# - `register(sns, application, known, token)` is called when an app has started, with a boto3 client, the ARN of the platform
#   application of that telephone, the ARN of the endpoint that is stored for the customer or `None`, and the app's token now. It
#   returns the ARN of the customer's endpoint, which is stored.
# - `push(sns, endpoint, text)` is called when there is news, such as `"order-3 is on its way"`. It doesn't know whose telephone
#   it is, so one message carries the JSON of both push services: Apple's shows `{"aps": {"alert": text}}`, Google's
#   `{"fcmV1Message": {"message": {"notification": {"body": text}}}}`. It returns `True`, or `False` where the endpoint is off:
#   then the shop writes an e-mail.
#
# Both return when they are done. If the machine dies in the middle, the call is made again on the other one. An error that they raise
# stops the check, which shows it.


# %% tags=["solution:14-push-again"]
def register(sns, application, known, token):
    ### BEGIN SOLUTION
    if known is not None:
        now = {"Token": token, "Enabled": "true"}
        try:
            sns.set_endpoint_attributes(EndpointArn=known, Attributes=now)
            return known
        except sns.exceptions.NotFoundException:
            pass
    answer = sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)
    return answer["EndpointArn"]
    ### END SOLUTION


def push(sns, endpoint, text):
    ### BEGIN SOLUTION
    apple = {"aps": {"alert": text}}
    google = {"fcmV1Message": {"message": {"notification": {"body": text}}}}
    texts = {"APNS": json.dumps(apple), "GCM": json.dumps(google)}
    try:
        sns.publish(TargetArn=endpoint, Message=json.dumps(texts), MessageStructure="json")
    except sns.exceptions.EndpointDisabledException:
        return False
    return True
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check plays days in labs of its own and looks at what the telephones have got. How you brought it there is up to you.

# %% tags=["check:14-push-again"]
check("14-push-again", register, push)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("14-push-again", 1)`.

# %%
hint("14-push-again")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("14-push-again")
