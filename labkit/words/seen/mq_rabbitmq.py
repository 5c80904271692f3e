"""RabbitMQ behind Amazon MQ (lesson 22b); what its nodes do is shown by the lesson's cells."""

EVIDENCE = {
    "mqr-one-name": "Instances of a cluster that DescribeBroker lists: {instances}; ports of their endpoints: {ports}",
    "mqr-amqp-alone": "Protocols of the endpoints: {schemes}",
}
WORLDS = {
    "activemq instead": "the same experiment with ActiveMQ and its pair",
}
_ON_BROKERS = "Shown on a real RabbitMQ by the cells above, not by a probe: a cluster takes half a minute to start."
CITED = {
    "mqr-quorum-default": _ON_BROKERS,
    "mqr-imported-type": _ON_BROKERS,
    "mqr-definitions": _ON_BROKERS,
    "mqr-shovel": _ON_BROKERS,
    "mqr-quorum-majority": _ON_BROKERS,
    "mqr-quorum-not-for": "AWS's advice; two queues of a lab are too small to show it.",
    "mqr-classic-one-node": _ON_BROKERS,
    "mqr-minority": _ON_BROKERS,
    "mqr-upgrade": "An upgrade by AWS can't be run here.",
    "mqr-instance": "Instance types exist on AWS alone.",
}
