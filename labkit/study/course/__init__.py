"""The learner's own course: its folder, the journal kept in it, the place where they stopped, and how far they are."""
