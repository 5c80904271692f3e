"""Sentences about where a learner stands."""

NOT_STARTED = "No cell of a lesson has been run yet."
STOPPED = "You stopped in {file}, at “{section}”."
STOPPED_IN = "You stopped in lesson {lesson}."
EXERCISES = "Exercises"
EXERCISE_HEADS = ("exercise", "state", "different tries", "hints seen")
SOLVED = "solved"
TRIED = "tried"
NOT_ATTEMPTED = "not attempted"
PREDICTIONS = "Predictions"
NO_PREDICTIONS = "None was answered and then compared yet."
SURE_AND_WRONG = "You were certain here, and it came out differently:"
SURPRISE = "{id}: {question} You said {answer}; what happened: {truth}."
CALIBRATION_HEADS = ("you were", "predictions", "came true", "share")
UNREADABLE = "{count} lines of {path} cannot be read; they were left as they are."
NOT_KEPT = "This is kept until the kernel stops; a course opened with `python3 lab.py` keeps it for good."
USAGE = "`labkit progress` takes one option, --json."
NO_FOLDER = "There is no folder {folder} yet: open the course once with `python3 lab.py`."
