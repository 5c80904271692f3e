"""ARNs of a policy: what a Resource names, and what the ARN operators of a condition compare."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.rules.policy.wildcards import Matcher, Plain, Wild, is_plain, matcher

COMPONENTS = 6


def resource_matcher(given: tuple[Plain, ...]) -> Matcher:
    """Return what says whether a Resource names an ARN: segment by segment, between colons.

    Only a star that ends its segment may stand for what is beyond the next colon, too.
    """
    if given == (Wild.MANY,) or is_plain(given):
        return matcher(given)
    segments = _segments(given)
    forms = [matcher(segment) for segment in segments]
    crosses = [bool(segment) and segment[-1] is Wild.MANY for segment in segments]

    def names(arn: str) -> bool:
        found = arn.split(":")
        if len(found) == len(forms) and all(form(segment) for form, segment in zip(forms, found, strict=True)):
            return True
        return True in crosses and _names_across(forms, crosses, found)

    return names


def _names_across(forms: Sequence[Matcher], crosses: Sequence[bool], found: Sequence[str]) -> bool:
    """Whether the forms can be laid over the segments one after the other, a crossing one over several."""
    reached = {0}
    for form, crossing in zip(forms, crosses, strict=True):
        starts = [start for start in reached if start < len(found) and form(found[start])]
        reached = {end for start in starts for end in range(start + 1, len(found) + 1 if crossing else start + 2)}
    return len(found) in reached


def completed(text: str) -> str:
    """An ARN with fewer than six fields, with * for the others, as AWS completes it in identity-based policies."""
    missing = COMPONENTS - 1 - text.count(":")
    return text + ":*" * missing if text.startswith("arn:") and missing > 0 else text


def arn_matcher(given: tuple[Plain, ...]) -> Matcher:
    """Return what says whether an ARN is like this one: each of six components by itself; else nothing is."""
    components = [matcher(component) for component in _segments(given, COMPONENTS)]
    if len(components) < COMPONENTS:
        return lambda text: False
    if is_plain(given):
        return matcher(given)

    def is_like(arn: str) -> bool:
        found = arn.split(":", COMPONENTS - 1)
        return len(found) == COMPONENTS and all(one(text) for one, text in zip(components, found, strict=True))

    return is_like


def _segments(given: tuple[Plain, ...], most: int = 0) -> list[tuple[Plain, ...]]:
    """The pieces between colons; the last of `most` keeps its colons."""
    segments: list[list[Plain]] = [[]]
    for piece in given:
        if isinstance(piece, Wild):
            segments[-1].append(piece)
            continue
        left = most - len(segments) if most else -1
        first, *others = piece.split(":", left) if left else [piece]
        segments[-1] += [first] if first else []
        segments += [[other] if other else [] for other in others]
    return [tuple(segment) for segment in segments]
