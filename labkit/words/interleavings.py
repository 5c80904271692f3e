"""Sentences about every order of events."""

OTHER_CLIENT = "This {service} client does not belong to the check: use the client that your function is given."
NO_REST = "After {calls} calls your function had not come to rest: a consumer polls, works and deletes, and does not call on and on while nothing changes."
NOT_THE_SAME = "Your function did something else when the same events came again: let it depend only on what it is given, not on chance, the clock or memory that another run can see."
