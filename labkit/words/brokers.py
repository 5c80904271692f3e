"""Sentences about real brokers on loopback."""

IN_ACTOR = "A real broker lives in real time, not inside an actor: use it in a cell, best after lab.close()."
REAL_TIME = "A real broker lives in real time and a lab is open: close the lab first (lab.close()), then let the application connect."
TOO_LONG = "It took more than {seconds} s and {what} was not to be seen: run the cell again; on a busy machine that may be enough."
ENDED = "the end of the broker's process"
ACTIVE = "an active broker"
ENDED_EARLY = "The broker {name} ended while it started ({reason}): run the cell again, or see `labkit doctor`."
NO_ACTIVEMQ = "ActiveMQ is not installed here (missing: {missing}): run `pip install -c constraints.txt -e '.[mq]'` in the course's folder."
OTHER_JAR = "{path} is not the file that the course was tested with: install the pinned version again, `pip install --force-reinstall --no-deps -c constraints.txt jmspy`."
NO_BROKER = "Amazon MQ has no broker {given!r} in this lab: give the BrokerId that create_broker returned."
NOT_ACTIVE = "No broker of {name} is active now: wait for one with wait()."
ENGINE = "No {engine} broker can run here: see `labkit doctor` for what is missing."
NO_PLACE = "Each start of its brokers takes half a second more than it could: {folder} cannot be written to."
NOT_ASCII = "Each start of its brokers takes half a second more than it could: the path to the packages has letters outside ASCII."
NOT_MADE = "Java could not be prepared for quick starts of ActiveMQ, which runs all the same: {reason}"
NO_USER = "The broker has no user {given!r}: name one that create_broker made it with ({known})."
OWN_USER = (
    "The application uses {given!r} already: make the new broker with a second user and give that one to the bridge."
)
NOT_ON_WINDOWS = "The brokers of this course are not written for Windows: read on, or use Linux or macOS."
RECORDED_LESSON = (
    "No broker can run here, so the cells that need one show what they showed on {day}, and say so. ({reason})"
)
RECORDED_CELL = "Recorded on {day}, not run here:"
NOT_BUILT = "it can only be built where its broker runs: {reason}"

# What an answer's programs meet

LINE_IS_OVER = "this line is over, the broker at its other end is gone: connect() gives a new one"
NOBODY_SERVES = "no broker serves at either endpoint"
NOT_PORTABLE = (
    "{name} runs on a machine of its own, and something that it uses cannot go there ({reason}): make that inside the "
    "function."
)
