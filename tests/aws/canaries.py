"""Which functions of moto and botocore labkit replaces or relies on, and a hash of the source of each.

After an upgrade: read what changed in each function that the tests name, then `python -m tests.aws.canaries` stores
the new hashes.
"""

import inspect
import json
import textwrap
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from pydoc import locate
from types import ModuleType

from labkit.aws import usual
from labkit.aws.adapters import adapters

STORED = Path(__file__).with_name("canaries.json")
RELIED_ON = """
botocore.args.ClientArgsCreator
botocore.client.BaseClient._convert_to_request_dict
botocore.client.BaseClient._emit_api_params
botocore.client.BaseClient._make_api_call
botocore.client.BaseClient._resolve_endpoint_ruleset
botocore.endpoint.Endpoint._do_get_response
botocore.endpoint.Endpoint._send_request
botocore.handlers.generate_idempotent_uuid
botocore.hooks.EventAliaser
botocore.hooks.HierarchicalEmitter
botocore.httpsession.URLLib3Session.send
botocore.parsers.BaseJSONParser
botocore.parsers.JSONParser
botocore.parsers.ResponseParser
botocore.retries.standard.ExponentialBackoff
botocore.retryhandler.delay_exponential
botocore.serialize.JSONSerializer
botocore.session.Session.create_client
botocore.signers.RequestSigner.sign
botocore.validate.ParamValidator
moto.autoscaling.models.FakeAutoScalingGroup.get_propagated_tags
moto.autoscaling.models.FakeAutoScalingGroup.replace_autoscaling_group_instances
moto.autoscaling.models.FakeScalingPolicy
moto.autoscaling.models.InstanceState
moto.cloudwatch.models.Alarm
moto.cloudwatch.models.MetricAggregatedDatum
moto.cloudwatch.models.MetricDatum
moto.cloudwatch.models.Statistics
moto.core.base_backend.BackendDict
moto.core.botocore_stubber.BotocoreStubber.process_request
moto.core.errors.ErrorLookupFactory
moto.core.errors.ErrorShape
moto.core.errors.get_error_model
moto.core.exceptions.ServiceException
moto.core.parse.BaseJSONParser
moto.core.parse.BaseRestParser
moto.core.parse.EC2QueryParser
moto.core.parse.JSONParser
moto.core.parse.QueryParser
moto.core.parse.RequestParser
moto.core.parse.RestJSONParser
moto.core.request.determine_request_protocol
moto.core.responses.BaseResponse._enrich_response
moto.core.responses.ActionResult
moto.core.serialize.BaseJSONSerializer
moto.core.serialize.DefaultAttributePicker
moto.core.serialize.QuerySerializer
moto.core.serialize.ResponseSerializer
moto.core.utils.method_names_from_class
moto.core.responses.BaseResponse.call_action
moto.core.responses.BaseResponse.determine_response_protocol
moto.core.responses.BaseResponse.parse_parameters
moto.core.responses.BaseResponse.serialized
moto.core.responses.BaseResponse.setup_class
moto.moto_server.werkzeug_app.DomainDispatcherApplication
moto.moto_server.werkzeug_app.create_backend_app
moto.dynamodb.models.utilities.dynamo_to_dict
moto.dynamodb.responses.DynamoHandler.call_action
moto.events.models.Rule._send_to_sqs_queue
moto.ec2.models.amis.Ami.__init__
moto.moto_api._internal.moto_random.MotoRandom
moto.mq.models.Broker
moto.mq.models.MQBackend.describe_broker
moto.s3.notifications._send_sqs_message
moto.sns.models.Subscription.publish
moto.sns.models.Topic.publish
moto.sqs.models.Queue.__init__
moto.sqs.models.Queue._set_attributes
moto.sqs.models.Queue._setup_dlq
moto.sqs.models.Queue.attributes
moto.sqs.models.Queue.create_from_cloudformation_json
moto.sqs.models.Queue.update_from_cloudformation_json
moto.sqs.models.SQSBackend.get_queue
moto.sqs.responses.SQSResponse._get_queue_name
moto.stepfunctions.parser.asl.utils.boto_client.boto_client_for
moto.utilities.aws_headers.amz_crc32
moto.utilities.aws_headers.gen_amzn_requestid_long
waitress.server.BaseWSGIServer
waitress.task.ThreadedTaskDispatcher
""".split()


def replaced():
    """The dotted names of moto's own functions that the rules replace."""
    ours = [one for adapter in adapters().values() for one in adapter.replacements()]
    every = (f"{_dotted(kind)}.{name}" for kind, name, _ in ours)
    return [name for name in every if locate(name) is not None]


def _dotted(holder):
    """The name of what holds a function: of a class or a module."""
    return holder.__name__ if isinstance(holder, ModuleType) else f"{holder.__module__}.{holder.__qualname__}"


def passed():
    """The handlers of botocore and boto3 of which the door in process knows what they do."""
    known = {*usual.PASSED, *usual.PASSED_OBJECTS, *usual.KEPT, *usual.KEPT_FOR}
    return [name for name in known if not name.startswith("labkit.")]


def names():
    """All functions that a canary watches."""
    return sorted({*replaced(), *passed(), *RELIED_ON})


def source_hash(name):
    """A hash of a function's source, whatever its indentation; None when there is no such function."""
    found = locate(name)
    if found is None:
        return None
    found = getattr(found, "fget", found)
    return sha256(textwrap.dedent(inspect.getsource(inspect.unwrap(found))).encode()).hexdigest()[:16]


def present():
    """The versions and hashes of what is installed."""
    versions = {package: version(package) for package in ("moto", "botocore")}
    return {"versions": versions, "sources": {name: source_hash(name) for name in names()}}


if __name__ == "__main__":
    STORED.write_text(json.dumps(present(), indent=1) + "\n", "utf-8")
