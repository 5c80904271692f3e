"""The other words in which verdicts are proven: the same fields, no word as it was, and they catch what reads words."""

import importlib
import pkgutil
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path
from string import Formatter

import pytest

import labkit.words
from labkit.words import say
from tests.translated import OtherWords, other_words

ROOT = Path(__file__).parents[2]


def sentences(value):
    """Every text in a value of a module: in tuples, lists and dicts as well."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return (
        [text for one in value for text in sentences(one)]
        if isinstance(value, (tuple, list, type({}.values())))
        else []
    )


def catalogue():
    """Every sentence of labkit.words, by module and name, those that are a code's value among them."""
    for found in pkgutil.iter_modules(labkit.words.__path__):
        module = importlib.import_module(f"labkit.words.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.__name__:
                yield from ((f"{found.name}.{name}.{one.name}", one.value) for one in value)
            elif name.isupper():
                yield from ((f"{found.name}.{name}", text) for text in sentences(value))


def fields(sentence):
    return sorted((field, spec, conversion) for _, field, spec, conversion in Formatter().parse(sentence) if field)


def test_each_sentence_keeps_its_fields_and_no_word():
    """A sentence that said the same in both wordings would prove nothing."""
    every = list(catalogue())
    assert len(every) > 900
    for name, english in every:
        other = other_words(english)
        assert fields(other) == fields(english), name
        words = set(re.findall("[A-Za-z]{3,}", "".join(text for text, *_ in Formatter().parse(english))))
        kept = words & set(re.findall("[A-Za-z]{3,}", "".join(text for text, *_ in Formatter().parse(other))))
        assert not kept, f"{name} keeps {kept}"


def test_the_order_of_words_and_fields_is_another():
    assert other_words("{order} has {count:,} payments") == " рбщнеофу{count:,} ибу {order}"
    assert other_words('Item={{"S": {given!r}}}').format(given="a") == "}'a'\"У\": Йфен={"


READS_WORDS = """
import pytest
from labkit.words import say

def verdict(paid):
    return say("{order} has no payment" if paid == 0 else "{order} has {paid} payments", order="order-1", paid=paid)

@pytest.mark.verdicts
def test_by_words():
    assert verdict(0).endswith("has no payment")

@pytest.mark.verdicts
def test_by_numbers():
    assert "order-1" in verdict(2)
"""


@pytest.mark.parametrize(("options", "failed"), [([], 0), (["-p", "tests.translated"], 1)])
def test_a_verdict_that_reads_words_is_caught(tmp_path, options, failed):
    """A check that decides by the end of a sentence passes in English, and fails in other words."""
    sample = tmp_path / "test_sample.py"
    sample.write_text(READS_WORDS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *options,
        "-c",
        "pyproject.toml",
        str(sample),
    ]
    done = subprocess.run([*command, f"--rootdir={ROOT}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == failed, done.stdout
    assert ("test_by_words" in done.stdout) == bool(failed)
    assert ("1 failed, 1 passed" if failed else "2 passed") in done.stdout


def test_a_whole_sentence_is_said_in_other_words(monkeypatch):
    monkeypatch.setattr(labkit.words, "_catalogue", OtherWords())
    assert say("{name} slept", name="Ann") == " умерфAnn"
