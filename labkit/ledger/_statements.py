"""What is said about AWS: the claims of the course, with verdict, evidence and sources, and what learners believe."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from labkit.ledger._numbers import amount, check_quotas, load_quotas
from labkit.ledger._reading import DATA, Entry, load, load_sources, one_name_each, records, sources_of, unknown
from labkit.ledger._records import Claim, LedgerError, Misconception, Quota, Source

FILES = (
    "integration",
    "sqs_standard",
    "sqs_visibility",
    "sqs_long_polling",
    "sqs_delivery",
    "sqs_dead_letters",
    "sqs_fifo",
    "sqs_scaling",
    "sqs_database",
    "sqs",
    "sns",
    "sns_fan_out",
    "sns_fifo",
    "sns_ends",
    "kinesis",
    "kinesis_reading",
    "firehose",
    "comparisons",
    "kinesis_ordering",
    "mq",
    "mq_rabbitmq",
)
LESSON = r"\d\d[a-z]?", "a lesson's number such as '03' or '22b'"
VERDICTS = ("holds", "imprecise", "outdated", "wrong")
STATUSES = ("confirmed", "unconfirmed")
EVIDENCE = ("documented", "recorded")
OF_AWS = {"page", "model"}
RECORDED = {"recording", "thread"}
ORIGIN = r"notes, line \d+|left out of the notes|misconception \d+|gap row \d+|documentation"


def claims() -> tuple[Claim, ...]:
    """All claims, in the order of the lessons that teach them and of the notes they come from."""
    return tuple(load_claims().values())


def claim(name: str) -> Claim:
    """One claim by its id, such as `vis-2`. Raises LedgerError with the nearest ids when there is none."""
    table = load_claims()
    if name not in table:
        raise unknown("claim", name, table)
    return table[name]


def claims_of_lesson(number: str) -> tuple[Claim, ...]:
    """The claims that one lesson teaches, by its two-digit number: `claims_of_lesson("03")`.

    Raises LedgerError when no claim belongs to a lesson of that number.
    """
    found = tuple(entry for entry in claims() if entry.lesson == number)
    if not found:
        known = sorted({entry.lesson for entry in claims() if entry.lesson})
        raise LedgerError(f"No claim belongs to lesson {number!r}; lessons with claims are {', '.join(known)}.")
    return found


@cache
def cited(folder: Path | None = None) -> frozenset[str]:
    """The ids of the claims that the text of some lesson links to, as `labkit build` has written them down."""
    files = sorted(((folder or DATA) / "cited").glob("*.yaml"))
    return frozenset(name for file in files for name in _cited(f"cited/{file.name}", folder))


def _cited(file: str, folder: Path | None) -> list[str]:
    names, known = load(file, folder or DATA), load_claims(folder)
    for name in names:
        if name not in known:
            raise LedgerError(f"{file}: {unknown('claim', str(name), known)}")
    return names


@cache
def load_claims(folder: Path | None = None) -> dict[str, Claim]:
    """Claims by id, every field of every record checked, together with the quotas and sources they name."""
    check_quotas(folder)
    known, quotas = load_sources(folder), load_quotas(folder)
    entries = one_name_each(record for file in FILES for record in records(f"claims/{file}.yaml", "id", folder))
    return {record.name: _claim(record, known, quotas) for record in entries}


def _claim(record: Entry, known: dict[str, Source], quotas: dict[str, Quota]) -> Claim:
    entry = Claim(
        id=record.matching("id", r"[a-z0-9]+(-[a-z0-9]+)+", "lower-case words joined by hyphens"),
        section=record.text("section"),
        lesson=record.matching("lesson", *LESSON) if "lesson" in record.fields else None,
        claim=record.matching("claim", r"[^\n]+\.", "one sentence that ends with a full stop"),
        truth=record.text("truth"),
        verdict=record.one_of("verdict", VERDICTS),
        status=record.one_of("status", STATUSES),
        value=record.optional("value"),
        quota=record.optional("quota"),
        sources=sources_of(record, known),
        evidence=record.one_of("evidence", EVIDENCE),
        origin=record.matching("origin", ORIGIN, "such as 'notes, line 98', 'misconception 5' or 'gap row 13'"),
        probe=record.optional("probe"),
        cited=record.optional("cited"),
        note=record.optional("note"),
    )
    record.finish()
    if entry.probe is None and entry.cited is None:
        record.refuse("probe", "is missing, and 'cited' does not say why there is no experiment")
    _check_value(record, entry, quotas)
    _check_evidence(record, entry)
    return entry


def _check_value(record: Entry, entry: Claim, quotas: dict[str, Quota]) -> None:
    if entry.value is None:
        if entry.quota is not None:
            record.refuse("value", f"is missing, though the claim names the quota {entry.quota!r}")
        return
    try:
        number, unit = amount(entry.value)
    except ValueError as problem:
        record.refuse("value", str(problem))
    if entry.quota is None:
        return
    if entry.quota not in quotas:
        record.refuse("quota", str(unknown("quota", entry.quota, quotas)).rstrip("."))
    quota = quotas[entry.quota]
    if (number, unit) != (quota.value, quota.unit):
        record.refuse("value", f"is {entry.value!r}, but {quota.name} is {quota.value} {quota.unit}")


def _check_evidence(record: Entry, entry: Claim) -> None:
    hows = {source.how for source in entry.sources}
    if entry.evidence == "recorded" and not hows & RECORDED:
        record.refuse("evidence", "is 'recorded', but no source is a recording or a thread that quotes AWS")
    if entry.evidence == "documented" and not any(source.documents for source in entry.sources):
        record.refuse("evidence", "is 'documented', but no source is a page of AWS's own documentation")
    if not hows & (OF_AWS | {"recording"}):
        record.refuse("sources", "name neither a page of AWS nor a recording of its answers")


def misconceptions() -> tuple[Misconception, ...]:
    """All misconceptions, in the order of the services they concern."""
    return tuple(load_misconceptions().values())


@cache
def load_misconceptions(folder: Path | None = None) -> dict[str, Misconception]:
    """Misconceptions by id, every field checked, the claims and sources they name included."""
    known, table = load_sources(folder), load_claims(folder)
    entries = one_name_each(records("misconceptions.yaml", "id", folder))
    return {record.name: _misconception(record, known, table) for record in entries}


def _misconception(record: Entry, known: dict[str, Source], table: dict[str, Claim]) -> Misconception:
    entry = Misconception(
        id=record.matching("id", r"[a-z0-9]+(-[a-z0-9]+)+", "lower-case words joined by hyphens"),
        belief=record.text("belief"),
        truth=record.text("truth"),
        experiment=record.optional("experiment"),
        runs=record.optional("runs"),
        lesson=record.matching("lesson", *LESSON) if "lesson" in record.fields else None,
        claims=record.texts("claims") if "claims" in record.fields else (),
        sources=sources_of(record, known),
    )
    record.finish()
    if entry.experiment is None and entry.runs is None:
        record.refuse("experiment", "is missing, and no rule runs the belief instead")
    for name in entry.claims:
        if name not in table:
            record.refuse("claims", f"names {name!r}, which is no claim")
    return entry
