"""Where a learner works: the private copy of the course, checks, hints and progress."""
