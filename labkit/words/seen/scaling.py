"""Monitoring and scaling (lesson 08): what the experiments saw, where they come out different."""

EVIDENCE = {
    "metric-active": "Seven hours after its last message was deleted: values {values} until {last:clock}, then no data points; a queue with a message had {kept}",
    "metric-counts": "Two receives without a message: NumberOfEmptyReceives {empty}; one message moved to a dead-letter queue: NumberOfMessagesSent {sent} there, visible {there}",
    "metric-age": "Oldest message in seconds after two receives of it, in the next minute, and after the third receive: {ages}",
    "metric-periods": "One message a minute, by minute: {minutes}; asked for by two minutes from 00:01:40 on: {sums} from minutes {begins}",
    "metric-math": "30 messages, no instance in the first minutes, then two; messages over instances by minute: {values}",
    "alarm-states": "Sums 9, 1, 9, 1, 1 against more than 5 in 2 of 3 minutes; states from the beginning on: {states}",
    "alarm-missing": "Missing, ignore, breaching, notBreaching: {with_data} with six messages sent, {without} ten minutes later",
    "alarm-actions": "An alarm that lasts six minutes: desired capacity by minute {capacities}; the topic was told {told}",
    "asg-1": "State of the alarm with an empty queue: {before}; a minute after six messages: {after}",
    "asg-2": "{messages} messages, 10 instances, a target of {target}; desired capacity by minute: {capacities}",
    "scaling-target-alarms": "Alarms that the policy made: {alarms}; desired capacity with an empty queue in minutes 13 to 16: {capacities}",
    "scaling-warmup": "A breach that lasts and instances that take a minute to launch and five to warm up; desired capacity by minute: {capacities}",
    "scaling-steps": "Steps of 0, 10 and 30 percent; desired capacity at 50, 60 and 70 against a threshold of 50: {capacities}",
    "scaling-protection": "Two instances, one protected, desired capacity {desired}: {left} left, the protected one: {busy_left}; protection taken away: {then} left",
    "scaling-termination": "Terminated 10 s into a job of 20 s: {done} jobs done, the message was received again {back:clock} after its first receive",
    "scaling-length": "60 messages before one consumer: the last waited {quick:clock} with a second of work each, {slow:clock} with twenty",
    "tier-1": "60 orders waiting: {back} instances wanted in the back, {front} in the front",
    "tier-2": "Wanted in front and back: {requests} after many requests, {orders} after many orders",
}

WORLDS = {
    "same work": "A world in which every message takes the same work",
}

CITED: dict[str, str] = {}
