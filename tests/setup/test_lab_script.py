"""lab.py: each thing that can go wrong on a learner's machine ends in one sentence, never in a traceback."""

import ast
import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.conftest import ROOT


@contextlib.contextmanager
def not_root(folder):
    """An ordinary user who may not write `folder`: root, as in a container, ignores permissions."""
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def failing_pip(lab, monkeypatch, said):
    """Lets lab.py find a pip that only says `said` on stderr and fails."""
    script = Path(lab.HERE) / "failing_pip.py"
    script.write_text(f"import sys; sys.exit({said!r})")
    monkeypatch.setattr(lab, "find_pip", lambda: [sys.executable, str(script)])
    monkeypatch.setattr(lab.shutil, "which", lambda *_, **__: None)


def pretend_install(lab, monkeypatch):
    """Replaces the installation by a record of how often it ran; everything around it is real."""
    times = []
    monkeypatch.setattr(lab, "install", lambda: times.append(1))
    monkeypatch.setattr(lab, "prepare_java", lambda: None)
    return times


def test_an_old_python_can_read_it():
    ast.parse((ROOT / "lab.py").read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_which_newer_one_to_use(lab, monkeypatch, capsys):
    monkeypatch.setattr(lab, "OLDEST", (99, 0))
    monkeypatch.setattr(lab.shutil, "which", lambda name: name == "python3.13")
    assert lab.main([]) == 1
    assert "run `python3.13 lab.py`" in capsys.readouterr().err
    monkeypatch.setattr(lab.shutil, "which", lambda name: None)
    assert lab.main([]) == 1
    assert "install a newer one" in capsys.readouterr().err


def test_help_installs_nothing():
    shown = subprocess.run(
        [sys.executable, ROOT / "lab.py", "--help"], capture_output=True, text=True, check=True, cwd="/"
    )
    assert "python3 lab.py test" in shown.stdout


def test_the_second_start_does_nothing_and_a_changed_pin_installs_again(lab, monkeypatch):
    times = pretend_install(lab, monkeypatch)
    lab.set_up()
    lab.set_up()
    assert len(times) == 1
    marker = Path(lab.VENV) / "kept"
    marker.touch()
    with open(Path(lab.HERE) / "constraints.txt", "a") as pins:
        pins.write("# newer\n")
    lab.set_up()
    assert len(times) == 2
    assert marker.exists(), "a finished environment is brought up to date, not made anew"


def test_java_is_prepared_when_all_is_installed_and_its_failure_is_none_of_the_installation(lab, monkeypatch, capfd):
    done = []
    monkeypatch.setattr(lab, "install", lambda: None)
    monkeypatch.setattr(lab.subprocess, "call", lambda command, **_: done.append((command, lab.is_installed())) or 1)
    lab.set_up()
    ((command, was_installed),) = done
    assert command == [lab.PYTHON, "-P", "-m", "labkit.brokers.java_training"]
    assert was_installed
    assert "Installed in" in capfd.readouterr().out


@pytest.mark.parametrize("half_made", ["an empty folder", "a folder with files", "a file", "a broken link"])
def test_a_half_made_environment_is_made_anew(lab, monkeypatch, half_made):
    folder = Path(lab.VENV)
    if half_made == "a file":
        folder.touch()
    elif half_made == "a broken link":
        folder.symlink_to("nowhere")
    else:
        (folder / "bin").mkdir(parents=True)
        if "files" in half_made:
            (folder / "bin" / "python").write_text("half a program")
    times = pretend_install(lab, monkeypatch)
    lab.set_up()
    assert times == [1]
    assert subprocess.run([lab.PYTHON, "-c", ""], check=False).returncode == 0


def test_interrupted_in_the_middle_of_the_installation_the_next_start_begins_again(lab, monkeypatch, capsys):
    def interrupted():
        (Path(lab.VENV) / "half").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "install", interrupted)
    assert lab.main([]) == 130
    assert "run the same command again" in capsys.readouterr().err
    times = pretend_install(lab, monkeypatch)
    lab.set_up()
    assert times == [1]
    assert not (Path(lab.VENV) / "half").exists()


def test_a_moved_course_is_installed_again(lab, monkeypatch):
    """The packages' scripts and labkit's editable install name the folder that they were made in."""
    pretend_install(lab, monkeypatch)
    lab.set_up()
    elsewhere = Path(lab.HERE) / "elsewhere"
    elsewhere.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (elsewhere / name).write_bytes((Path(lab.HERE) / name).read_bytes())
    monkeypatch.setattr(lab, "HERE", str(elsewhere))
    assert not lab.is_installed()


def test_two_at_once_take_turns_and_the_second_finds_the_work_done(lab, monkeypatch, capsys):
    times = pretend_install(lab, monkeypatch)
    with contextlib.ExitStack() as first:
        first.enter_context(lab.one_at_a_time())

        def first_finishes(_seconds):
            lab.make_venv()
            lab.write_stamp()
            first.close()

        monkeypatch.setattr(lab.time, "sleep", first_finishes)
        lab.set_up()
    assert "waiting for it to finish" in capsys.readouterr().out
    assert times == []


def test_a_killed_set_up_leaves_no_lock_behind(lab, monkeypatch):
    code = "import os, lab; lock = lab.one_at_a_time(); lock.__enter__(); os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code], cwd=lab.HERE, check=False).returncode == -9
    monkeypatch.setattr(lab.time, "sleep", lambda _: pytest.fail("waited for a process that is dead"))
    with lab.one_at_a_time():
        pass


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(lab, capsys):
    with not_root(Path(lab.HERE)):
        code = lab.main([])
    assert (code, capsys.readouterr().err.count("cannot be written to")) == (1, 1)
    assert not Path(lab.VENV).exists()


def test_too_little_disk_space_is_told_before_anything_is_fetched(lab, monkeypatch, capsys):
    monkeypatch.setattr(lab, "NEEDED_MEGABYTES", 10**9)
    monkeypatch.setattr(lab, "install", lambda: pytest.fail("installed"))
    assert lab.main([]) == 1
    assert "Not enough disk space: free" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "Not enough disk space",
        ),
        ("WARNING: Retrying after connection broken by NewConnectionError(...)", "connect to the network"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "connect to the network"),
        ("ERROR: the wheel is broken", "(ERROR: the wheel is broken)"),
        ("", "(it gave no reason)"),
    ],
)
def test_a_failing_pip_becomes_one_sentence(lab, monkeypatch, capsys, said, told):
    failing_pip(lab, monkeypatch, said)
    assert lab.main([]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
    assert not lab.is_installed()


def test_a_python_without_pip_is_told_how_to_get_it(lab, monkeypatch, capsys):
    monkeypatch.setattr(lab, "succeeds", lambda command: False)
    monkeypatch.setattr(lab.shutil, "which", lambda *_, **__: None)
    assert lab.main([]) == 1
    assert "apt-get install python3-pip" in capsys.readouterr().err


def test_where_uv_fails_plain_pip_installs(lab, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(lab, "find_pip", lambda: ["pip"])
    monkeypatch.setattr(lab, "call_pip", lambda command, quiet: calls.append(command[1:]) or "")
    monkeypatch.setattr(lab, "install_with_uv", lambda pip: False)
    lab.set_up()
    assert calls == [["install", "-c", "constraints.txt", "-e", ".[test,mq]"]]
    assert "trying pip" in capsys.readouterr().out
    assert lab.is_installed()


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "Not enough disk space"), (errno.EROFS, "Not allowed to write"), (errno.EIO, "run this again")],
)
def test_an_error_of_the_system_becomes_one_sentence(lab, monkeypatch, capsys, number, told):
    def fails():
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr(lab, "make_venv", fails)
    assert lab.main([]) == 1
    assert told in capsys.readouterr().err


def test_another_pythons_settings_do_not_reach_ours(lab, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME"):
        monkeypatch.setenv(name, "/elsewhere")
    environment = lab.clean_environment()
    assert not {"PYTHONPATH", "PYTHONHOME"} & set(environment)
    assert environment["PATH"].startswith(os.path.dirname(lab.PYTHON))


def test_a_cache_that_cannot_be_written_is_replaced(lab, monkeypatch, tmp_path):
    blocked = tmp_path / "a file, not a folder"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert lab.install_environment()["UV_CACHE_DIR"].startswith(lab.VENV)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    assert "UV_CACHE_DIR" not in lab.install_environment()


def test_each_word_reaches_its_program(lab):
    assert lab.command_line(["test", "--full"])[1:] == ["-m", "tests.all_checks", "--full"]
    assert lab.command_line(["bench"])[1:] == ["-m", "tests.benchmarks"]
    assert lab.command_line(["check"])[1:] == ["-m", "tests.changed_checks"]
    assert lab.command_line(["check", "--since", "main"])[1:] == ["-m", "tests.changed_checks", "--since", "main"]
    assert lab.command_line(["check", "03-heartbeat"])[1:] == ["-m", "labkit.cli", "check", "03-heartbeat"]
    assert lab.command_line(["reset", "03"])[1:] == ["-m", "labkit.cli", "reset", "03"]
