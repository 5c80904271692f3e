"""Sentences about hints and solutions."""

TITLE = "Hint {step} of {last}"
STEP = "hint({id!r}, {given!r}): give the hint's number, for example hint({id!r}, 1)."
BEFORE = "Back: `hint({id!r}, {step})`."
AFTER = "Next: `hint({id!r}, {step})`."
LAST = "This is the last hint; `solution({id!r})` opens after three different tries."
PREVIOUS_BUTTON = "Previous hint"
NEXT_BUTTON = "Next hint"
SOLUTION = "A solution: {title}"
LEFT = "The solution opens when your answer is right or after {left} more tries; a try is a check of changed code that ran. `hint({id!r})` helps meanwhile."
LEFT_ONE = "The solution opens when your answer is right or after one more try; a try is a check of changed code that ran. `hint({id!r})` helps meanwhile."
NO_SOURCE = (
    "The solution is not where it should be, in {path} of the course's folder: bring that file back from the course."
)
