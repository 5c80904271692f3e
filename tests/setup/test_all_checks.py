"""The run of all checks: a failure anywhere is a failure of the run, and nothing can be left out silently."""

import os
import re
import textwrap
from pathlib import Path

import grimp
import pytest

from tests import all_checks, conftest, steps
from tests.arrows import AllowedArrows, NoCircles
from tests.steps import AT_LAST, COMPUTING, WAITING, Count, Step


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project for steps to run in."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setenv("CI", "")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def run_pytest(project, text):
    (project / "test_small.py").write_text(textwrap.dedent(text))
    return count_of("pytest", "-q", "-p", "no:cacheprovider", "test_small.py")


def count_of(*command):
    (result,) = steps.run([Step("small", list(command))])
    return result.count


@pytest.mark.live
def test_passing_failing_and_skipped_tests_are_counted(project, capfd):
    counted = run_pytest(
        project,
        """
        import pytest
        def test_right(): pass
        def test_wrong(): assert 1 == 2
        @pytest.mark.skip
        def test_left_out(): pass
        """,
    )
    assert counted == Count(passed=1, failed=1, skipped=1)


@pytest.mark.live
def test_a_step_that_finds_no_test_fails(project, capfd):
    assert run_pytest(project, "").failed == 1


@pytest.mark.live
def test_a_step_that_breaks_before_its_first_test_fails(project, capfd):
    assert run_pytest(project, "import there_is_no_such_module").failed == 1


def test_a_program_counts_by_its_exit_code(project, capfd):
    assert count_of("python", "-c", "") == Count(1, 0, 0)
    assert count_of("python", "-c", "raise SystemExit(3)").failed == 1


def test_a_step_does_not_know_the_learners_course(project, monkeypatch):
    monkeypatch.setenv("LABKIT_COURSE", str(project))
    code = "import os; raise SystemExit('LABKIT_COURSE' in os.environ)"
    assert count_of("python", "-c", code).failed == 0


def test_the_last_line_counts_and_a_failure_gives_exit_code_1(monkeypatch, capsys):
    monkeypatch.setattr(all_checks, "OPTIONAL_PROGRAMS", ())
    assert all_checks.close([Count(3, 0, 0), Count(1, 0, 0)]) == 0
    assert capsys.readouterr().out == "4 passed, 0 failed\n"
    assert all_checks.close([Count(3, 0, 2), Count(1, 1, 0)]) == 1
    assert capsys.readouterr().out == "4 passed, 1 failed, 2 skipped\n"


def test_a_missing_program_is_named_and_in_ci_it_is_a_failure(monkeypatch, capsys):
    missing = all_checks.OPTIONAL_PROGRAMS[0]._replace(commands=("there-is-no-such-program",))
    monkeypatch.setattr(all_checks, "OPTIONAL_PROGRAMS", (missing,))
    monkeypatch.setenv("CI", "")
    assert all_checks.close([Count(1, 0, 0)]) == 0
    assert capsys.readouterr().out.startswith("Not run without Chromium: ")
    monkeypatch.setenv("CI", "true")
    assert all_checks.close([Count(1, 0, 0)]) == 1


@pytest.mark.live
@pytest.mark.parametrize("inside_ci", [False, True])
def test_a_skipped_test_is_a_failed_one_in_ci(project, monkeypatch, capfd, inside_ci):
    (project / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport")
    monkeypatch.setenv("CI", "true" if inside_ci else "")
    monkeypatch.setenv("PYTHONPATH", str(Path(steps.__file__).parents[1]))
    counted = run_pytest(project, "import pytest\ndef test_left_out(): pytest.skip('no broker')")
    assert (counted.failed, counted.skipped) == ((1, 0) if inside_ci else (0, 1))


def test_a_test_that_asks_for_a_missing_program_is_skipped_with_the_way_to_get_it(monkeypatch):
    missing = conftest.PROGRAMS["Chromium"]._replace(commands=("there-is-no-such-program",))
    monkeypatch.setitem(conftest.PROGRAMS, "Chromium", missing)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        conftest.program_or_skip("Chromium")


@pytest.mark.parametrize("file", sorted((steps.ROOT / "tests" / "browser").glob("*.py")), ids=lambda file: file.name)
def test_browser_tests_take_the_pages_word_and_never_pause(file):
    assert not re.search(r"wait_for_timeout|sleep\(", file.read_text("utf-8"))


@pytest.mark.parametrize("unwatched", conftest.UNWATCHED)
def test_each_test_that_coverage_does_not_watch_exists(unwatched):
    file, _, name = unwatched.partition("::")
    assert (f"def {name}(" if name else "test") in (steps.ROOT / file).read_text("utf-8")


def test_an_unknown_option_is_refused(capsys):
    assert all_checks.main(["--fast"]) == 2
    assert "--full" in capsys.readouterr().err


def test_lanes_run_beside_each_other_and_each_step_is_told_whole_in_the_order_of_the_list(project, capfd):
    """The first waits until the third, of the other lane, has begun; one at last begins when both lanes have ended."""
    wait = "import pathlib, os; print('one'); there = pathlib.Path('there').exists; [0 for _ in iter(there, True)]"
    listed = [
        Step("last", ["python", "-c", "import os; print(*sorted(os.listdir()))"], AT_LAST),
        Step("first", ["python", "-c", f"{wait}; print('two'); open('first', 'w')"], COMPUTING),
        Step("second", ["python", "-c", "import os; print(os.path.exists('first')); open('second', 'w')"], COMPUTING),
        Step("third", ["python", "-c", "import os; print('three', os.environ['MARK']); open('there', 'w')"], WAITING,
             {"MARK": "set"}),
    ]  # fmt: skip
    assert [result.step.name for result in steps.run(listed)] == ["last", "first", "second", "third"]
    told = [line for line in capfd.readouterr().out.splitlines() if line and not line.startswith("===")]
    assert told == ["first second there", "one", "two", "True", "three set"]


def test_an_interrupted_run_leaves_no_step_behind(project, monkeypatch):
    begun = []

    def interrupt(seconds):
        if (project / "begun").exists() and (process := (project / "begun").read_text()):
            begun.append(int(process))
            raise KeyboardInterrupt

    monkeypatch.setattr(steps.time, "sleep", interrupt)
    code = "import os; open('begun', 'w').write(str(os.getpid())); [0 for _ in iter(int, 1)]"
    with pytest.raises(KeyboardInterrupt):
        steps.run([Step("endless", ["python", "-c", code])])
    with pytest.raises(ProcessLookupError):
        os.kill(begun[0], 0)


def test_every_notebook_is_in_one_of_the_two_steps_of_cells():
    with_brokers, without = all_checks.notebooks(with_brokers=True), all_checks.notebooks(with_brokers=False)
    assert sorted(with_brokers + without) == sorted(all_checks.notebooks())
    assert "notebooks/22b_rabbitmq.ipynb" in with_brokers
    assert "notebooks/03_visibility_timeout.ipynb" in without


def test_only_full_has_the_slow_repeats():
    assert "slow repeats" not in [step.name for step in all_checks.steps(full=False)]
    assert "slow repeats" in [step.name for step in all_checks.steps(full=True)]


def arrows(*lines):
    return AllowedArrows("arrows", {"root_packages": ["shop"]}, {"arrows": list(lines)})


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A package whose part `orders` imports its part `payments`."""
    for name, text in {"__init__": "", "orders": "from shop import payments", "payments": ""}.items():
        (tmp_path / "shop").mkdir(exist_ok=True)
        (tmp_path / "shop" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return grimp.build_graph("shop", cache_dir=None)


def test_an_arrow_in_the_table_is_allowed_and_a_part_that_is_not_built_yet_is_no_error(shop):
    assert arrows("orders -> payments", "payments ->", "delivery -> orders").check(shop, verbose=False).kept


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (["orders ->", "payments ->"], "shop.orders imports shop.payments"),
        (["orders -> payments"], "payments is not in the table"),
    ],
)
def test_an_arrow_or_a_part_outside_the_table_breaks_the_contract(shop, table, told):
    check = arrows(*table).check(shop, verbose=False)
    assert not check.kept
    assert told in check.metadata["broken"][0]


def circles(*parts, allowed=()):
    return NoCircles("circles", {"root_packages": ["shop"]}, {"parts": list(parts), "allowed": list(allowed)})


def test_a_circle_breaks_the_contract_wherever_the_import_stands(shop, tmp_path):
    assert circles("orders", "payments").check(shop, verbose=False).kept
    for late in ("def pay():\n    import shop.orders\n", "if TYPE_CHECKING:\n    import shop.orders\n"):
        (tmp_path / "shop" / "payments.py").write_text(f"from typing import TYPE_CHECKING\n{late}")
        check = circles("orders").check(grimp.build_graph("shop", cache_dir=None), verbose=False)
        assert check.metadata["found"] == ["shop.orders -> shop.payments -> shop.orders"]


def test_an_import_that_may_close_a_circle_is_named(shop, tmp_path):
    (tmp_path / "shop" / "payments.py").write_text("import shop.orders")
    graph = grimp.build_graph("shop", cache_dir=None)
    assert circles("orders", "payments", allowed=["payments -> orders"]).check(graph, verbose=False).kept
