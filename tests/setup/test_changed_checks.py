"""`lab.py check`: what changed leads to the tests that can fail for it, the nearest first, and they do fail."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import changed_checks, steps
from tests.imports import Leads

FILES = {
    "labkit/__init__.py": """
        from importlib import import_module
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from labkit.orders import Order as Order
        HOMES = {"Order": "labkit.orders"}
        def __getattr__(name):
            if name not in HOMES:
                raise AttributeError(name)
            return getattr(import_module(HOMES[name]), name)
    """,
    "labkit/orders.py": "class Order:\n    paid = False\n",
    "labkit/shop.py": "def sell():\n    from labkit.orders import Order\n    return Order()\n",
    "labkit/plain.py": "",
    "labkit/rules/__init__.py": "",
    "labkit/rules/one.py": "",
    "labkit/rules/all.py": "from pkgutil import iter_modules\nfrom labkit import rules\nfound = iter_modules(rules)\n",
    "labkit/rules/data/claims.yaml": "- id: vis-1",
    "tests/conftest.py": "",
    "tests/test_orders.py": "import labkit.orders\ndef test_unpaid(): assert not labkit.orders.Order.paid\n",
    "tests/test_by_name.py": "from labkit import Order\n",
    "tests/test_shop.py": "from labkit.shop import sell\ndef test_sells(): assert not sell().paid\n",
    "tests/test_text.py": "CODE = '''\nfrom labkit import Order\n'''\n",
    "tests/test_script.py": "PROGRAM = 'program.py'\nCOMMAND = '-m', 'labkit.plain'\n",
    "tests/program.py": "",
    "tests/test_rules.py": "import labkit.rules.all\n",
    "tests/exercises/test_answers.py": "",
    "tests/exercises/03-heartbeat/wrong/late.py": "",
    "notebooks/03_orders.py": "# %%",
    "notebooks/03_orders.ipynb": ["%matplotlib inline\nfrom labkit import Order"],
    "solutions/03_orders.py": "# %%",
    "exercises/03_orders.ipynb": ["from labkit.plain import nothing"],
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project in which everything leads somewhere in one of the ways there are."""
    for name, content in FILES.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        cells = [{"cell_type": "code", "source": source} for source in content if isinstance(content, list)]
        place.write_text(json.dumps({"cells": cells}) if cells else textwrap.dedent(content))
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(changed_checks, "ROOT", tmp_path)
    return tmp_path


def nearest(project, *changed):
    tests, notebooks = changed_checks.chosen(Leads(project), changed)
    return [Path(file).stem.removeprefix("test_") for file in tests], notebooks


@pytest.mark.parametrize(
    ("changed", "tests", "notebooks"),
    [
        ("labkit/orders.py", ["by_name", "orders", "text", "shop"], ["notebooks/03_orders.ipynb"]),
        ("labkit/plain.py", ["script"], ["exercises/03_orders.ipynb"]),
        ("labkit/rules/one.py", ["rules"], []),
        ("labkit/rules/data/claims.yaml", ["rules"], []),
        ("tests/program.py", ["script"], []),
        ("tests/test_text.py", ["text"], []),
        ("tests/exercises/03-heartbeat/wrong/late.py", ["answers"], []),
        ("notebooks/03_orders.py", [], ["notebooks/03_orders.ipynb"]),
        ("solutions/03_orders.py", [], ["exercises/03_orders.ipynb"]),
        ("README.md", [], []),
    ],
)
def test_a_change_leads_to_its_tests_and_notebooks(project, changed, tests, notebooks):
    """By imports in functions and in text, names handed on, strings, packages that are searched, records, sources."""
    assert nearest(project, changed) == (tests, notebooks)


def test_fixtures_lead_to_every_test_of_their_folder(project):
    assert len(nearest(project, "tests/conftest.py")[0]) == sum("/test_" in name for name in FILES)


def git(project, *words):
    who = ["-c", "user.name=shop", "-c", "user.email=shop@example.com"]
    subprocess.run(["git", *who, *words], cwd=project, check=True, capture_output=True)


@pytest.mark.live
def test_a_change_that_breaks_something_makes_the_check_fail(project, monkeypatch, capfd):
    """Committed or not, the tests that fail for it are chosen and fail; what was not run is said."""
    monkeypatch.setattr(changed_checks, "quick_steps", lambda: [steps.Step("lint", ["python", "-c", ""])])
    monkeypatch.setattr(changed_checks, "MOST", 3)
    monkeypatch.setenv("PYTHONPATH", str(Path(steps.__file__).parents[1]))
    (project / "pytest.ini").write_text("[pytest]\npythonpath = .\nmarkers =\n  slow\n  live\n  browser\n")
    (project / "notebooks/03_orders.ipynb").unlink()
    git(project, "init", "--initial-branch", "main")
    git(project, "add", ".")
    git(project, "commit", "--message", "All is well")
    assert changed_checks.main([]) == 0
    assert ": nothing" in capfd.readouterr().out

    (project / "labkit/orders.py").write_text("class Order:\n    paid = True\n")
    assert changed_checks.main([]) == 1
    told = capfd.readouterr().out
    assert ": 1: labkit/orders.py" in told
    assert "FAILED tests/test_orders.py::test_unpaid" in told
    assert "Left out: 1 test files that lead there by longer ways" in told

    git(project, "switch", "--create", "free")
    git(project, "commit", "--all", "--message", "Everything is free")
    monkeypatch.setattr(changed_checks, "MOST", 4)
    assert changed_checks.main([]) == 1
    told = capfd.readouterr().out
    assert "FAILED tests/test_orders.py::test_unpaid" in told
    assert "FAILED tests/test_shop.py::test_sells" in told
    assert changed_checks.main(["--since", "HEAD"]) == 0


@pytest.mark.live
def test_when_the_time_is_over_no_test_begins_and_those_left_out_are_named(tmp_path):
    (tmp_path / "test_small.py").write_text("def test_one(): pass\ndef test_two(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.until", "--until", "0", str(tmp_path)]
    told = subprocess.run(command, cwd=Path(steps.__file__).parents[1], capture_output=True, text=True, check=True)
    assert "LEFT OUT for lack of time, 2: " in told.stdout
    assert "test_small.py (2)" in told.stdout
