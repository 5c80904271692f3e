"""What a backlog per instance does not see (lesson 08)."""

EVIDENCE = {
    "scaling-visible-only": "Three instances, each at work on an order of an hour: {in_flight} messages in flight, {visible} visible; desired capacity after {minutes} minutes: {capacity}",
}
