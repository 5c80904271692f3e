"""Amazon MQ (lesson 22): what the experiments on the control plane saw; what brokers do is shown by the lesson's cells."""

EVIDENCE = {
    "missing-mq-deployment": "ActiveMQ as one broker / a pair / a cluster: {activemq}; RabbitMQ: {rabbitmq}",
    "mq-3": "Addresses for OpenWire, created as one broker: {single}; in the mode that was chosen: {chosen}",
    "mq-endpoints": "Protocols of the endpoints: {schemes}; hosts of the form that AWS gives them: {hosts}",
    "mq-two-endpoints": "A pair: its two hosts end in {ends} and differ in nothing else: {same}",
    "mq-password": "Passwords of 11 and 12 characters, with a comma, with 3 different characters: {answers}",
}
WORLDS = {
    "not asked for": "the same experiment without a choice, which means one broker",
}
_ON_BROKERS = "Shown on real brokers by the cells above, not by a probe: a broker takes seconds to start."
CITED = {
    "mq-1": _ON_BROKERS,
    "mq-2": "What AWS looks after can't be run here.",
    "mq-network": _ON_BROKERS,
    "mq-reboot": _ON_BROKERS,
    "mq-maintenance": "A weekly window; nothing in a lab is maintained.",
    "mq-hang": "Open: no page says when AWS replaces a broker that hangs; here nobody does.",
}
