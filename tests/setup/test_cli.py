"""The `labkit` command: fast to ask, clear when it is called wrongly."""

import importlib
import subprocess
import sys

import pytest

from labkit import cli
from labkit.words import error


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(capsys, arguments):
    assert cli.main(arguments) == 0
    shown = capsys.readouterr().out
    assert all(f"labkit {name}" in shown for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_exists_and_explains_itself(capsys, name):
    module, _, function = cli.COMMANDS[name].target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert cli.main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"  labkit {name}")


def test_help_loads_neither_boto3_nor_jupyter():
    code = (
        "import sys, labkit.cli; labkit.cli.main([]); print(sorted({'boto3', 'moto', 'jupyterlab'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.endswith("[]\n")


def test_a_typing_mistake_names_the_nearest_command(capsys):
    assert cli.main(["docter"]) == 2
    assert capsys.readouterr().err == "labkit has no command 'docter'; did you mean `labkit doctor`?\n"


def test_an_unknown_command_names_those_that_exist(capsys):
    assert cli.main(["quux"]) == 2
    assert "there are: open, claims, doctor" in capsys.readouterr().err


def failing(monkeypatch, problem):
    def command(arguments):
        raise problem

    monkeypatch.setattr(cli, "load", lambda name: command)


@pytest.mark.parametrize(
    ("problem", "code", "told"),
    [
        (error("Do this instead."), 2, "Do this instead.\n"),
        (
            PermissionError(13, "Permission denied", "my_course"),
            2,
            "my_course cannot be written to (Permission denied)",
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_in_a_command_is_one_sentence(monkeypatch, capsys, problem, code, told):
    failing(monkeypatch, problem)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr().err.startswith(told)


def test_a_reader_that_has_enough_is_no_error():
    code = "import sys, labkit.cli as cli; cli.overview = lambda: 'line\\n' * 100_000; sys.exit(cli.main([]))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0
