"""A lab on another endpoint: the same lesson code in real time, and nothing of it left there afterwards."""
