"""Time in a lab: lengths, the scheduler of actors, and the switch between virtual and real time."""
