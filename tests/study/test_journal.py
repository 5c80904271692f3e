"""The journal loses nothing: torn lines, kill -9, two writers, a clock that jumps."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from labkit.study.course.journal import Journal, folder_of, journal
from labkit.words import LabError

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from labkit.study.course.journal import Journal
journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    journal.append({"kind": "test", "by": sys.argv[2], "number": number, "padding": "x" * 500})
    print(number, flush=True)
"""


def writer(path, name, count):
    """Another process that appends."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def numbers(path, name):
    return [entry["number"] for entry in Journal(path).entries() if entry.get("by") == name]


def test_an_entry_is_one_readable_line_with_its_real_time(tmp_path):
    path = tmp_path / "new" / "progress.jsonl"
    Journal(path).append({"kind": "check", "id": "03-heartbeat", "note": "é\ud800"})
    (line,) = path.read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert entry["kind"] == "check"
    assert abs(time.time() - time.mktime(time.strptime(entry["at"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 60


@pytest.mark.parametrize("cut", [1, 2, 10, 30])
def test_a_torn_last_line_stays_in_the_file_and_spoils_nothing(tmp_path, cut):
    path = tmp_path / "progress.jsonl"
    kept = Journal(path)
    kept.append({"number": 1})
    kept.append({"number": 2})
    torn = path.read_bytes()[:-cut]
    path.write_bytes(torn)
    kept.append({"number": 3})
    complete = [1, 2, 3] if cut == 1 else [1, 3]
    assert [entry["number"] for entry in kept.entries()] == complete
    assert path.read_bytes().startswith(torn)
    assert kept.torn() == len([1, 2, 3]) - len(complete)


def test_lines_that_are_no_entries_are_passed_over(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_bytes(b'\xff\xfe\n[1]\n"text"\n\n{"number": 1}\n')
    assert Journal(path).entries() == [{"number": 1}]
    assert Journal(path).torn() == 3


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_what_was_appended_before_kill_9_is_there_after_it(tmp_path, rounds):
    """At seeded instants the writer is killed; every number that it had reported as written is in the file."""
    path, moments = tmp_path / "progress.jsonl", random.Random(3)
    for round_number in range(rounds):
        name = f"writer {round_number}"
        with writer(path, name, 10_000) as process:
            process.stdout.readline()
            killed = Timer(moments.uniform(0.0, 0.03), process.send_signal, [signal.SIGKILL])
            killed.start()
            reported = [int(line) for line in process.stdout if line.strip().isdigit()]
            killed.join()
        written = numbers(path, name)
        assert written == list(range(len(written)))
        assert len(written) >= len(reported) - 1
        assert Journal(path).append({"kind": "test", "by": "survivor", "number": round_number}) == ""
    assert numbers(path, "survivor") == list(range(rounds))


@pytest.mark.parametrize("cut", range(0, 44, 6))
def test_a_write_that_was_cut_off_anywhere_loses_only_itself(tmp_path, monkeypatch, cut):
    """As kill -9 in the middle of the write leaves the file, at every kind of place in the line."""
    path = tmp_path / "progress.jsonl"
    Journal(path).append({"number": 1})
    write = os.write
    with monkeypatch.context() as patches:
        patches.setattr(os, "write", lambda file, line: write(file, line[:cut]))
        Journal(path).append({"number": 2})
    Journal(path).append({"number": 3})
    assert [entry["number"] for entry in Journal(path).entries()] == [1, 3]


def test_two_notebooks_at_once_write_every_line_whole(tmp_path):
    path = tmp_path / "progress.jsonl"
    with writer(path, "first", 100) as first, writer(path, "second", 100) as second:
        first.communicate()
        second.communicate()
    assert numbers(path, "first") == numbers(path, "second") == list(range(100))
    assert Journal(path).torn() == 0


def test_order_is_that_of_writing_when_the_clock_jumps_back(tmp_path, monkeypatch):
    path = tmp_path / "progress.jsonl"
    for number, second in enumerate((2_000_000_000, 1_000_000_000)):
        monkeypatch.setattr("labkit.study.course.journal.time.time_ns", lambda second=second: second * 10**9)
        Journal(path).append({"number": number})
    entries = Journal(path).entries()
    assert [entry["number"] for entry in entries] == [0, 1]
    assert entries[0]["at"] > entries[1]["at"]


def test_real_time_is_kept_inside_a_lab(tmp_path):
    from labkit import Lab

    with Lab():
        Journal(tmp_path / "progress.jsonl").append({"number": 1})
    assert Journal(tmp_path / "progress.jsonl").entries()[0]["at"] > "2026-01-02"


def test_a_folder_that_cannot_be_written_is_told_and_the_entry_kept_in_memory(tmp_path):
    (tmp_path / "file").write_text("")
    broken = Journal(tmp_path / "file" / "progress.jsonl")
    assert "could not be written" in broken.append({"number": 1})
    assert broken._memory[0]["number"] == 1


def test_without_a_course_the_journal_lives_in_memory():
    journal().append({"number": 1})
    assert journal().path is None
    assert [entry["number"] for entry in journal().entries()] == [1]


def test_the_course_keeps_its_journal_with_the_learner_s_notebooks(course):
    assert folder_of(course) == course
    (course / "lab.py").write_text("")
    assert folder_of(course) == course / "my_course"
    assert journal().path == course / "my_course" / "progress.jsonl"


def test_a_course_that_is_a_file_is_refused_in_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path / "file"))
    with pytest.raises(LabError, match="is not a folder"):
        journal()
