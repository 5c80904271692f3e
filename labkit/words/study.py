"""Sentences about predictions, checks, hints and progress."""

UNKNOWN_EXERCISE = "There is no exercise {given!r}{close}: the exercises are {names}."
CLOSE_MATCH = " (did you mean {names}?)"
CANNOT_KEEP = "Your progress could not be written to {path} ({reason}); everything else stands."
ONE_COURSE = "LABKIT_COURSE names {path}, which is not a folder: set it to your course's folder."

# Predictions

SURENESS = ("guessing", "fairly sure", "certain")
NEEDS_ID = 'predict needs an id of its own, such as "03-comes-back", not {given!r}.'
NEEDS_OPTIONS = "predict({id!r}): give at least two different options, such as options=[30, 60]."
NO_SUCH_OPTION = "Prediction {id!r} has the options 1 to {last}: write for example predict.answer({id!r}, 1, sure=2)."
NO_SUCH_SURENESS = "sure={given!r}: write 1 for guessing, 2 for fairly sure or 3 for certain."
NOT_ASKED = "Prediction {id!r} is not on this page yet: run the cell with predict({id!r}, ...) first."
NOT_AN_OPTION = "predict.reveal({id!r}, {given!r}): this is none of the options ({options})."
PREDICTION = "Your prediction"
HOW_SURE = "How sure are you?"
COMMIT = "Commit"
CHOOSE = "Choose an answer and how sure you are."
KEPT = "Committed: {answer}, {sure}. You can change it until you have seen what happens."
LOCKED = "You said {answer} ({sure}); what happened: {truth}."
NOT_ANSWERED = "Not answered yet. In the cell below you can also answer with `predict.answer({id!r}, 1, sure=2)` (sure: 1 guessing, 2 fairly sure, 3 certain)."
ANSWERED = "You answered {answer} ({sure})."
TRUTH = "What happened: {truth}."
NO_ANSWER = "You had not committed an answer."
PREDICTED = "You predicted it, and you were {sure}."
NOT_PREDICTED = "You had said {answer}, {sure}."
SURE_AND_WRONG = "Being certain and wrong is where most is learned: read the lines above once more."
CLAIMS = "See: {claims}."


# Lessons

LESSON_HEADS = ("lesson", "title", "minutes", "file", "exercise")
LESSONS_HOW = (
    "Open a lesson by its file in the list at the left; its exercise has the same name in the folder `exercises`."
)
NO_LESSONS = "There are no lessons in the folder {folder}: open the course with `python3 lab.py`."
YES = "yes"
