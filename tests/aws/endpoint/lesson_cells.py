"""Which cells of the lessons run in real time against another endpoint, and why the others do not."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
SPEED = 30

INSIDE = "shows what happened inside a queue, which only a lab without endpoint can see"
FAULTS = "asks for faults, which an endpoint does not do on demand"
LATENCY = "chooses how long a call takes, which an endpoint does not"
AGAIN = "plays a story several times from the same start, and real time has passed"
OWN_LABS = "runs experiments in labs of their own, in virtual time"
TABLES = "makes a DynamoDB table, and on another endpoint a lab makes only what it knows how to delete: queues"
LONG = "waits five minutes or longer of the endpoint's time"
TO_THE_MILLISECOND = "comes a millisecond before or after the end of a visibility timeout"
NEEDS = "needs the lab of a cell that is left out, or what that cell found"
DELAYS = "asserts the delays of two workers, to which a busy machine adds its own, thirtyfold"
MIDNIGHT = "reads the minute of the clock, taking for granted that the lab began at midnight"
ALARMS = "puts an alarm, and a lab on an endpoint knows how to delete queues only"
HOW_OFTEN = "counts calls or rounds seconds, which comes out a little different each time"
WHO = "any of the idle workers may get an order; what they do with it is compared"

# What a cell may contain that belongs to a lab without endpoint, in whichever lesson.
LAB_ONLY = {
    "swimlanes(": INSIDE,
    "queue_depth(": INSIDE,
    "outcomes_over_time(": INSIDE,
    "lab.passport(": INSIDE,
    "lab.history.changes(": INSIDE,
    "lab.table(": INSIDE,
    "group_lanes(": INSIDE,
    "what_if(": AGAIN,
    "claims_of(": OWN_LABS,
    "every_order(": OWN_LABS,
    "found.replay(": OWN_LABS,
    "open_table(": TABLES,
    "faults=": FAULTS,
    "latency=": LATENCY,
}

# Cells of one lesson by a piece of their code that no other cell of it has.
LEFT_OUT: dict[str, dict[str, str]] = {
    "02": {'advance("4 days")': LONG, 'advance("2 h")': LONG},
    "03": {'advance("19.999 s")': TO_THE_MILLISECOND, "theirs = ": TO_THE_MILLISECOND, "34.999 s": TO_THE_MILLISECOND},
    "04": {'max(delays["patient"])': DELAYS},
    "05": {},
    "06": {
        "letter = ": LONG,
        "before = waiting(sqs, url)": LONG,
        "Monday's worker": LONG,
        'advance("72 h")': LONG,
        "lab.start(patient_worker": MIDNIGHT,
        'alarm_on("NumberOfMessagesSent"': ALARMS,
    },
    "07": {"opening_hours()": LATENCY, "opening_hours(Dedup": LATENCY, "time.sleep(5 * 60)": LONG},
}
# Decimals, which are seconds, may differ by a few everywhere; these cells differ in more.
COMPARED_LESS: dict[str, dict[str, str]] = {
    "02": {"round(done[-1][0] - start)": HOW_OFTEN},
    "03": {"lab.start(customers)": WHO, "lab.start(careful_worker": WHO},
    "04": {"Counter(call.by": HOW_OFTEN, "*[0] * 50": HOW_OFTEN},
    "05": {},
    "06": {"MaxNumberOfMessagesPerSecond": HOW_OFTEN},
    "07": {"lab.start(slow_clerk": WHO},
}


class Cell(NamedTuple):
    """A code cell: its name, what it is, and why it does not run or is compared less strictly."""

    name: str
    source: str
    outputs: list
    left_out: str | None
    compared_less: str | None


def cells_of(lesson):
    """The code cells of a lesson in order, each with its reason if it has one."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    book = nbformat.read(path, as_version=4)
    section, lab_is_left_out, cells = "", False, []
    opens = opening(cell.source for cell in book.cells if cell.cell_type == "code")
    for cell in book.cells:
        if cell.cell_type == "markdown":
            section = next((line[3:] for line in cell.source.splitlines() if line.startswith("## ")), section)
            continue
        reason = reason_of(lesson, cell.source)
        if opens.search(cell.source) and not defines_only(cell.source):
            lab_is_left_out = reason is not None
        elif lab_is_left_out and reason is None and not defines_only(cell.source):
            reason = NEEDS
        name = f"{lesson} / {section} / {cell.source.splitlines()[0]}"
        cells.append(Cell(name, cell.source, cell.outputs, reason, find(COMPARED_LESS[lesson], cell.source)))
    return cells


def opening(sources):
    """What opens a lab in a lesson: Lab, and the lesson's own functions that make one."""
    functions = [part for source in sources for part in re.split(r"^(?=def )", source, flags=re.MULTILINE)]
    own = [re.match(r"def (\w+)", part)[1] for part in functions if part.startswith("def ") and "Lab(" in part]
    return re.compile(rf"\b({'|'.join(['Lab', *own])})\(")


def reason_of(lesson, source):
    """Why a cell is left out: for itself first, then for what it contains; a function is not left out for its body."""
    own = find(LEFT_OUT[lesson], source)
    return own or (None if defines_only(source) else find(LAB_ONLY, source))


def defines_only(source):
    """Whether the cell only makes functions, or imports."""
    return all(re.match(r"def |from |import |@|#|\s|$", line) for line in source.splitlines())


def find(reasons, source):
    """The reason of the first piece of code that the cell contains."""
    return next((reason for piece, reason in reasons.items() if piece in source), None)


def stale(lesson):
    """Entries that name no cell, or more than one."""
    sources = [cell.source for cell in cells_of(lesson)]
    entries = [*LEFT_OUT[lesson], *COMPARED_LESS[lesson]]
    return [piece for piece in entries if sum(piece in source for source in sources) != 1]
