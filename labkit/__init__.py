"""Labkit: a private AWS in virtual time, for a course in which every statement is executed."""

import labkit._skip_slow_grammars  # noqa: F401
