"""`labkit claims`: every claim with its state, after the probes have run; or one claim with its evidence."""

from __future__ import annotations

import argparse
import json
import sys
from itertools import groupby

from labkit.ledger import Claim, LedgerError, claim, claims, claims_of_lesson
from labkit.probes.states import STATES, ClaimState, in_wrong_world, states, summary
from labkit.words import probes as words
from labkit.words import say

VERDICTS = ("holds", "imprecise", "outdated", "wrong")


def main(arguments: list[str]) -> int:
    """Run the command: 0 when every probe that ran came out as AWS says, 1 when one did not, 2 when called wrongly."""
    try:
        options = _parser().parse_args(arguments)
        chosen = _chosen(options)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except LedgerError as problem:
        print(problem, file=sys.stderr)
        return 2
    found = [state for state in states(chosen) if options.state in (None, state.state)]
    if options.json:
        print(json.dumps([state.as_record() for state in found], indent=2, ensure_ascii=False))
    elif options.ids:
        print("\n\n".join(_whole(state) for state in found))
    else:
        print(_overview(found))
    return 1 if any(state.finding is not None and not state.finding.holds for state in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("labkit claims", description=say(words.COMMAND))
    parser.add_argument("ids", nargs="*", metavar="ID", help=say(words.HELP_ID))
    parser.add_argument("--json", action="store_true", help=say(words.HELP_JSON))
    parser.add_argument("--lesson", help=say(words.HELP_LESSON))
    parser.add_argument("--state", choices=STATES, help=say(words.HELP_STATE))
    parser.add_argument("--verdict", choices=VERDICTS, help=say(words.HELP_VERDICT))
    return parser


def _chosen(options: argparse.Namespace) -> list[Claim]:
    """The claims that were asked for. Raises `LedgerError` for an unknown id or a lesson without claims."""
    chosen = [claim(one) for one in options.ids] if options.ids else list(claims())
    if options.lesson is not None:
        lesson = claims_of_lesson(options.lesson.zfill(2))
        chosen = [one for one in chosen if one in lesson]
    return [one for one in chosen if options.verdict in (None, one.verdict)]


def _overview(found: list[ClaimState]) -> str:
    lines = []
    for section, group in groupby(found, key=lambda state: state.claim.section):
        lines.append(section)
        lines += [f"  {one.claim.id:28} {one.state:6} {one.claim.verdict:10} {one.claim.claim}" for one in group]
    return "\n".join([*lines, "", summary(found)])


def _whole(state: ClaimState) -> str:
    claim, wrong = state.claim, in_wrong_world(state)
    lines = [
        (words.CLAIM, f"{claim.id}: {claim.claim}"),
        (words.TRUTH, claim.truth),
        (words.VERDICT, claim.verdict),
        (words.STATE, state.state),
        (words.SEEN, state.seen),
    ]
    if state.finding is not None and not state.finding.holds:
        lines.append((words.EXPECTED, state.finding.expected))
    if wrong is not None:
        lines += [(words.WRONG_WORLD, state.against), (words.SEEN_THERE, wrong.seen)]
    # The line of somebody's notes says nothing to a reader who has not got them.
    origin = "" if claim.origin.startswith("notes") else claim.origin
    known = [(words.EXPERIMENT, claim.probe), (words.ORIGIN, origin), (words.NOTE, claim.note)]
    lines += [(name, text) for name, text in known if text]
    lines += [(words.SOURCE, f"{one.title}, {one.url}, {one.read} ({one.how})") for one in claim.sources]
    return "\n".join(f"{say(name):20} {text}" for name, text in lines)
