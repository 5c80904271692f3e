"""Fair queues (lesson 08): what their experiments saw."""

EVIDENCE = {
    "fair-1": "Beside {few} messages of one tenant in flight the next receive brought one of the {before} tenant, beside {enough} one of the {after} tenant",
    "fair-2": "Behind a noisy tenant's backlog came a message without a group; received: {received}",
    "fair-3": "Two messages of a noisy tenant waited, then two of a quiet one came; one receive brought: {received}",
    "fair-4": "A second before five minutes without a send the {before} tenant came first, a second later the {after} one, with the same backlog",
    "missing-fair-queues": "Group of the first message: {group}; received while it was in flight: {next}",
}
WORLDS = {
    "noisy for ever": "a world in which a noisy tenant stays noisy, backlog or not",
}
