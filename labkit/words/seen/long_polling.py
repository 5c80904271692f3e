"""Long polling (lesson 04): what its experiments saw, and why some claims can only be cited."""

EVIDENCE = {
    "longpoll-1": "Empty polls with a wait of {waits} s took {took} s; a wait of {above} s: {answer}",
    "longpoll-2": "Two idle minutes: {one} polls with a wait of 1 s, {longest} with one of {wait} s",
    "longpoll-3": "The slowest of four orders came {long} s after its send by long polls, {short} s by a poll every {pause} s",
    "longpoll-4": "Wait of a new queue: {default} s; a minute of long polls: {long} polls, slowest order {delay} s; of a poll every {pause} s: {short} polls",
    "longpoll-5": "On a queue that waits {of_queue} s a receive without a wait took {without} s, one with WaitTimeSeconds={of_call} took {named} s",
    "longpoll-not-filled": "Three messages a second apart, one long poll for ten: {received} message at {now:clock}",
    "longpoll-one-wakes": "One message at 00:00:05.000 for {waiting} consumers that wait: {woken} received it; the others returned at {others:clock}",
    "longpoll-false-empty": "One message waits: {short} of {polls} short polls came back empty, and {long} of {polls} long polls",
    "longpoll-idle-day": "{minutes} idle minutes: {polls} polls, so {day} a day and {month} in 30 days",
    "longpoll-two-queues": "An express order waited {in_turn} s for a consumer that polls two queues in turn, {own} s for one of its own",
    "longpoll-lost-answer": "The answer to the first try was lost; the second brought {received} messages; visible / in flight / delayed: {counts}; received again at {back:clock}",
}
CITED = {
    "longpoll-billed": "A lab sends no bill.",
    "longpoll-client-timeout": "No time passes on a lab's connection, so a read timeout cannot strike.",
    "longpoll-visibility-and-client": "No time passes on a lab's connection, so a read timeout cannot strike.",
    "longpoll-ghost": "Users report it and AWS does not say; a lab ends the poll of an actor that ends.",
}
