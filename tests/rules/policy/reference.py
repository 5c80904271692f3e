"""The same decisions slowly and obviously, sentence by sentence of AWS's user guide; shares no code with labkit.

A policy is JSON, a request a dict: who (an ARN, a service or None), action, resource, account, and a context whose keys
are in small letters, each with a list of texts.
"""

from functools import cache

MANY, ONE = "any number of letters", "any one letter"

# Texts and patterns


def letters(text, context=None, wild=True):
    """The letters and wildcards of a text of a policy; with a context its variables are filled in, or None."""
    found, at = [], 0
    while at < len(text):
        end = text.find("}", at)
        if context is not None and text.startswith("${", at) and end > 0:
            filled = filled_in(text[at + 2 : end], context)
            if filled is None:
                return None
            found += filled
            at = end + 1
            continue
        sign = text[at]
        found.append({"*": MANY, "?": ONE}[sign] if wild and sign in "*?" else sign)
        at += 1
    return tuple(found)


def filled_in(name, context):
    """The letters for a variable: a sign, the request's one value, or a default; None where there is nothing."""
    if name in ("*", "?", "$"):
        return [name]
    key, comma, default = name.partition(", ")
    values = context.get(key.lower())
    if values is None:
        return list(default.strip("'")) if comma else None
    return list(values[0]) if len(values) == 1 else None


def fits(pattern, text, crosses=lambda pattern, at: True):
    """Whether a pattern is a whole text; `crosses` says whether the wildcard at a place may stand for a colon."""

    @cache
    def rest_fits(at, begin):
        if at == len(pattern):
            return begin == len(text)
        sign = pattern[at]
        if sign is MANY:
            stands = begin < len(text) and (text[begin] != ":" or crosses(pattern, at))
            return rest_fits(at + 1, begin) or (stands and rest_fits(at, begin + 1))
        if begin == len(text):
            return False
        one = sign is ONE and (text[begin] != ":" or crosses is anywhere)
        return (one or sign == text[begin]) and rest_fits(at + 1, begin + 1)

    return rest_fits(0, 0)


def anywhere(pattern, at):
    return True


def at_the_end_of_its_segment(pattern, at):
    """ "If the * wildcard is the last character of a segment, it can expand beyond the colon"."""
    return at + 1 == len(pattern) or pattern[at + 1] == ":"


def like(pattern, text):
    return fits(pattern, text, anywhere)


def arn_like(pattern, text):
    """Each of the six components by itself; the last one keeps its colons."""
    components, last = [], pattern
    while ":" in last and len(components) < 5:
        at = last.index(":")
        components.append(last[:at])
        last = last[at + 1 :]
    components.append(last)
    parts = text.split(":", 5)
    return len(components) == len(parts) == 6 and all(map(like, components, parts))


# Conditions


SECONDS = {  # the dates that tests use, with the seconds since 1970 as a table of AWS's examples would have them
    "2026": 1767225600,
    "2026-01-01": 1767225600,
    "2026-01-01T00:00:00Z": 1767225600,
    "2026-01-01T01:00:00+01:00": 1767225600,
    "1767225600": 1767225600,
    "2026-01-02": 1767312000,
    "2025-12-31T23:59:59Z": 1767225599,
    "1767225599": 1767225599,
}
NUMBERS = {"1": 1, "1.0": 1, "2": 2, "-1": -1, "1767225600": 1767225600, "1767225599": 1767225599, "2026": 2026}


def bits(text):
    """An address as 32 digits, and how many of them count; None for what is none."""
    base, slash, length = text.partition("/")
    parts = base.split(".")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        return None
    return "".join(f"{int(part):08b}" for part in parts), int(length) if slash else 32


def compares(name, wanted, given, context):
    """Whether one value of the request fits one of the policy; None where a variable is not filled in."""
    if name.startswith(("String", "Arn", "Bool")):
        wild = name.startswith("Arn") or name == "StringLike"
        pattern = letters(wanted, context, wild)
        if pattern is None:
            return None
        if name == "StringLike":
            return like(pattern, given)
        if name.startswith("Arn"):
            return arn_like(pattern, given)
        text = "".join(pattern)
        if name == "Bool":
            return text.lower() == given.lower() and text.lower() in ("true", "false")
        return text.lower() == given.lower() if name == "StringEqualsIgnoreCase" else text == given
    if name == "IpAddress":
        network, address = bits(wanted), bits(given)
        if network is None or address is None or address[1] != 32 or "/" in given:
            return False
        return address[0][: network[1]] == network[0][: network[1]]
    table = (
        NUMBERS if name.startswith("Numeric") else SECONDS | {one: two for one, two in NUMBERS.items() if one != "2026"}
    )
    left, right = table.get(given), table.get(wanted)
    if left is None or right is None:
        return False
    order = name.removeprefix("Numeric").removeprefix("Date")
    return {
        "Equals": left == right, "LessThan": left < right, "LessThanEquals": left <= right,
        "GreaterThan": left > right, "GreaterThanEquals": left >= right,
    }[order]  # fmt: skip


def meets(written, key, wanted, context, variables):
    """Whether a request meets one key under one operator."""
    wanted = wanted if isinstance(wanted, list) else [wanted]
    quantifier, _, rest = written.rpartition(":")
    if_exists = rest.endswith("IfExists")
    name = rest.removesuffix("IfExists")
    given = context.get(key.lower())
    empty = given is None or all(value == "" for value in given)
    if name == "Null":
        return ("true" if empty else "false") in wanted
    negated = "Not" in name
    name = name.replace("Not", "")
    if given is None or not given:
        # "the condition is true" for what is negated, with IfExists, and with ForAllValues; false with ForAnyValue
        return if_exists or quantifier == "ForAllValues" or (negated and quantifier != "ForAnyValue")
    if empty and quantifier:
        return quantifier == "ForAllValues"
    found = [[compares(name, one, value, context if variables else None) for one in wanted] for value in given]
    if negated and any(None in row for row in found):
        return False
    rows = [any(row) for row in found]  # several values of a key: OR
    if quantifier == "ForAllValues":
        return all(row != negated for row in rows)
    if quantifier == "ForAnyValue":
        return any(row != negated for row in rows)
    return not any(rows) if negated else any(rows)  # NOR


# Statements


def acting_as(who):
    """Who somebody is, from the account inward."""
    if who is None:
        return []
    if not who.startswith("arn:"):
        return [("Service", who)]
    account, (kind, _, rest) = who.split(":")[4], who.split(":")[5].partition("/")
    chain = [("AWS", account)]
    if kind == "assumed-role":
        chain.append(("AWS", f"arn:aws:iam::{account}:role/{rest.split('/')[0]}"))
    if kind == "federated-user":
        chain.append(("AWS", f"arn:aws:iam::{account}:user/{rest}"))
    return chain if kind == "root" else [*chain, ("AWS", who)]


def named(element):
    """All that a Principal element names, an account always by its number."""
    found = []
    for kind, texts in ({"AWS": element} if element == "*" else element).items():
        for text in texts if isinstance(texts, list) else [texts]:
            is_root = text.startswith("arn:aws:iam::") and text.endswith(":root")
            found.append((kind, text.split(":")[4] if is_root else text))
    return found


def nearness(element, who):
    """3 where it names somebody or everybody, 2 for what they act through, 1 for their account, 0 for none of it."""
    names, chain = named(element), acting_as(who)
    if ("AWS", "*") in names:
        return 3
    if not chain:
        return 0
    if chain[-1] in names or (chain[-1][0], "*") in names:
        return 3
    if any(one in names for one in chain[1:-1]):
        return 2
    return 1 if chain[0] in names else 0


def listed(texts):
    return texts if isinstance(texts, list) else [texts]


def means_action(texts, action):
    return any(like(letters(text.lower()), action.lower()) for text in listed(texts))


def means_resource(texts, resource, context, variables):
    """Whether a Resource means the request's; None where a variable is not filled in and nothing else means it."""
    found = []
    for text in listed(texts):
        parts = text.split(":", 5)
        if len(parts) < 6 or not variables:
            pattern = letters(text)
        else:
            last = letters(parts[5], context)
            pattern = None if last is None else letters(":".join(parts[:5]) + ":") + last
        whole = text == "*"
        found.append(None if pattern is None else whole or fits(pattern, resource, at_the_end_of_its_segment))
    return True if True in found else None if None in found else False


def completed(texts):
    """ "AWS automatically completes the ARN by adding wildcard characters to all missing fields"."""
    return [":".join([*(parts := text.split(":")), *["*"] * (6 - len(parts))]) if "arn:" in text else text
            for text in listed(texts)]  # fmt: skip


def applies(statement, request, variables, identity):
    """Whether a statement applies to a request."""
    if identity:
        statement = statement | {name: completed(statement[name]) for name in statement if "Resource" in name}
    context, resource = request["context"], request["resource"]
    if not identity and "Principal" in statement and not nearness(statement["Principal"], request["who"]):
        return False
    if not identity and "NotPrincipal" in statement:
        chain, names = acting_as(request["who"]), named(statement["NotPrincipal"])
        if ("AWS", "*") in names or (chain and all(one in names for one in chain)):
            return False
    if "Action" in statement and not means_action(statement["Action"], request["action"]):
        return False
    if "NotAction" in statement and means_action(statement["NotAction"], request["action"]):
        return False
    if "Resource" in statement and not means_resource(statement["Resource"], resource, context, variables):
        return False
    if "NotResource" in statement:
        texts = listed(statement["NotResource"])
        if any(means_resource(text, resource, context, variables) is not False for text in texts):
            return False
    return all(
        meets(operator, key, wanted, context, variables)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


# The decision


def decide(request, policies):
    """allowed, explicit deny or implicit deny, over policies as pairs of a kind and JSON."""
    found = []  # for each policy its kind, the statements that allow, and whether one denies
    for kind, policy in policies:
        identity = kind not in ("resource", "key")
        said = [
            one for one in policy["Statement"]
            if applies(one, request, policy.get("Version") == "2012-10-17", identity)
        ]  # fmt: skip
        found.append(
            (kind, [one for one in said if one["Effect"] == "Allow"], any(one["Effect"] == "Deny" for one in said))
        )
    if any(denies for _, _, denies in found):
        return "explicit deny"
    return "allowed" if is_allowed(request, found) else "implicit deny"


def is_allowed(request, found):
    """Whether no kind of policy that must allow stays silent."""
    silent = {kind for kind, allows, _ in found if not allows}
    if silent & {"service control", "resource control", "endpoint"}:
        return False
    near = 0
    for kind, allows, _ in found:
        for one in allows if kind in ("resource", "key") else []:
            near = max(near, nearness(one["Principal"], request["who"]) if "Principal" in one else 3)
    who = request["who"]
    account = who.split(":")[4] if who is not None and who.startswith("arn:") else None
    if any(kind == "key" for kind, _, _ in found) and near == 0:
        return False
    if account is None:
        return near > 0
    has_own = who.endswith(":root") or any(kind == "identity" and allows for kind, allows, _ in found)
    held_back = bool(silent & {"boundary", "session"})
    if "federated-user" in who and not any(kind == "session" for kind, _, _ in found):
        held_back = True
    if account == request["account"]:
        return near == 3 or (near == 2 and not held_back) or (has_own and not held_back)
    return near > 0 and has_own and not held_back
