"""Labkit: a private AWS in virtual time, for a course in which every statement is executed."""
