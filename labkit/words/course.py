"""Sentences of the `labkit` command: the learner's copy of the course, opening it, and the doctor."""

NO_COURSE = "There is no course in {root}: set LABKIT_COURSE to the folder that holds lab.py."
NO_LESSON = "No lesson is called {given!r}; there are: {names}."
NONE_YET = "none yet"
NOT_A_NOTEBOOK = "{name} of the course is damaged and will not open: get the course's files again."
NOW_NEWER = "{name} is the newer version now; you had not changed the old one."
NEWER_BESIDE = "A newer {name} lies beside yours as {beside}; yours is as you left it."
AS_SHIPPED = "{name} is already as the course ships it."
BACK = "{name} is back."
RESET = "{name} is as the course ships it again; yours is kept as {kept}."
RESET_USAGE = "Say which lesson to bring back, for example: labkit reset 03"

OPEN_AT = "The course is open at\n\n    {address}\n"
ALREADY_OPEN = "The course is already open at\n\n    {address}\n"
HOW_TO_CLOSE = "Your work is in {folder}; Ctrl-C here closes the course."
OPEN_USAGE = "Say one lesson or none, for example: labkit open 03"

USAGE = "Usage: labkit COMMAND   (or: python3 lab.py COMMAND)"
NO_COMMAND = "labkit has no command {given!r}; {hint}"
DID_YOU_MEAN = "did you mean `labkit {name}`?"
THERE_ARE = "there are: {names}."
CANNOT_WRITE = (
    "{path} cannot be written to ({reason}): copy the course to a folder of your own, or free some disk space."
)
OPEN = "[LESSON]  open the course, or one lesson of it, in JupyterLab"
CLAIMS = "[ID ...] [--json]  every claim with its state: shown, cited or open"
DOCTOR = "[--json]  what is installed, found and missing here, and what to do"
RESET_SUMMARY = "LESSON  bring a lesson back as it was shipped, keeping yours beside it"
BUILD = "[LESSON ...] [--check]  for authors: build the notebooks from their sources, or say which are out of date"

DOCTOR_USAGE = "`labkit doctor` takes one option, --json."
NO_NETWORK_NEEDED = (
    "No network is needed from here on, no AWS account and no password: everything runs on this machine."
)
ALL_WELL = "Everything that the course needs is here."
NOT_WELL = "Mend what is marked !! and run `labkit doctor` again."
OTHER_SYSTEM = "The course is tested on Linux only; tell us what fails here."
PACKAGES_RIGHT = "{count} installed, each in the version that constraints.txt pins"
PACKAGES_WRONG = "Run `python3 lab.py` again with the folder .venv deleted: it installs the pinned versions."
NO_PINS = "constraints.txt is missing: get the course's files again."
NOT_INSTALLED = "not installed"
NOT_FOUND = "not found"
CHROMIUM = "Only the browser test of `lab.py test` needs it. Debian: apt-get install chromium"
AWS_CLI = "Only the CLI lines at a lesson's end, against `labkit serve`, need it. Debian: apt-get install awscli"
RABBITMQ = (
    "Only what is shown on a real RabbitMQ needs it. Debian: apt-get install rabbitmq-server; "
    "conda: conda install -c conda-forge rabbitmq-server"
)
POSTGRESQL = (
    "Lesson 09 runs on it where LABKIT_DATABASE names one, and on SQLite without. Debian: apt-get install postgresql"
)
ACTIVEMQ_FOUND = "the wheels are here, with a Java of their own"
ACTIVEMQ = (
    "Only what is shown on a real ActiveMQ needs it, and no Java of yours: {installer} -c constraints.txt -e '.[mq]'"
)
FREE_SPACE = "{megabytes} MB free"
LITTLE_SPACE = "Free some space: with less than {needed} MB your work may not be saved."
WRITABLE = "{folder} can be written to"
NOT_WRITABLE = "Copy the course to a folder of your own: your work cannot be saved in {folder}."
PORT_FREE = "127.0.0.1:{port} is free"
PORT_TAKEN = "127.0.0.1:{port} is taken, so JupyterLab takes the next free one"
SERVE_PORT_TAKEN = "127.0.0.1:{port} is taken"
SERVE_PORT = "`labkit serve` needs another one: labkit serve --port 0 takes any that is free"
QUEUES_LEFT = "queues on another endpoint: {count}"
NOTHING_LEFT = "nothing on another endpoint"
CLEAN_UP = "`labkit cleanup` lists and deletes them."
NO_LOOPBACK = "This machine lets no program listen on 127.0.0.1; JupyterLab must: ask whoever looks after it."
CHECK = "ID [FILE]  judge the answer to an exercise"
PROGRESS = "[--json]  where you stopped, your exercises and your predictions"
