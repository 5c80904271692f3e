"""Opens the course:   python3 lab.py
Proves it:          python3 lab.py test [--full]
What changed alone: python3 lab.py check [--since COMMIT]
Measures it:        python3 lab.py bench
Any labkit command: python3 lab.py doctor, python3 lab.py reset 03, ...

Needs Python 3.11 or newer with pip, and the network once. What it makes stays in this folder: .venv (the
pinned packages) and my_course (your own copy of the lessons). On Windows (`py lab.py`) it is untested.
"""

# Written in the syntax of Python 3.6, so that an older Python reads it and says what is missing.
import contextlib
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from typing import Dict, Iterator, List

OLDEST = (3, 11)
NEEDED_MEGABYTES = 850
HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "course-is-installed.json")
LOCK = os.path.join(HERE, ".lab.lock")
TEMPORARY = os.path.join(VENV, "tmp")
WHAT = ("-c", "constraints.txt", "-e", ".[test,mq]")
NO_NETWORK = "The package index cannot be reached: connect to the network (once is enough) and run this again."


class Problem(Exception):
    """Something that the person at the keyboard can mend; its text says how in one sentence."""


def main(arguments: List[str]) -> int:
    """Sets up what is missing, then runs what was asked for; returns the exit code."""
    if sys.version_info < OLDEST:
        return complain(too_old())
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        set_up()
    except Problem as problem:
        return complain(str(problem))
    except KeyboardInterrupt:
        return complain("Stopped; run the same command again and it starts over where that is needed.", 130)
    except OSError as error:
        return complain(explain_os_error(error))
    return run(command_line(arguments or ["open"]))


def complain(sentence: str, code: int = 1) -> int:
    sys.stdout.flush()
    sys.stderr.write("\n" + sentence + "\n")
    return code


def too_old() -> str:
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    cure = "run `%s lab.py`" % newer[0] if newer else "install a newer one from python.org or your system's packages"
    return "This course needs Python 3.11 or newer and this is %s: %s." % (sys.version.split()[0], cure)


# --- running ---------------------------------------------------------------------------------------------


def command_line(arguments: List[str]) -> List[str]:
    """`test`, `check` and `bench` belong to the project; every other word, and `check ID`, is a `labkit` command."""
    if arguments[0] == "test":
        return [PYTHON, "-m", "tests.all_checks", *arguments[1:]]
    if arguments[0] == "check" and (not arguments[1:] or arguments[1].startswith("-")):
        return [PYTHON, "-m", "tests.changed_checks", *arguments[1:]]
    if arguments[0] == "bench":
        return [PYTHON, "-m", "tests.benchmarks", *arguments[1:]]
    return [PYTHON, "-m", "labkit.cli", *arguments]


def run(command: List[str]) -> int:
    if command[2].startswith("tests."):
        os.chdir(HERE)
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, clean_environment())
    return subprocess.call(command, env=clean_environment())


def clean_environment(**more: str) -> Dict[str, str]:
    """The caller's environment without what would mix another Python's packages into ours.

    Compiled code is kept in .venv, whatever the caller says: without it each kernel starts a second later.
    """
    mixes = "PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONDONTWRITEBYTECODE CONDA_PREFIX __PYVENV_LAUNCHER__".split()
    environment = {name: value for name, value in os.environ.items() if name not in mixes}
    environment["PYTHONPYCACHEPREFIX"] = os.path.join(VENV, "bytecode")
    path = os.path.dirname(PYTHON) + os.pathsep + environment.get("PATH", os.defpath)
    environment.update(VIRTUAL_ENV=VENV, PATH=path, PYTHONNOUSERSITE="1", **more)
    return environment


# --- setting up ------------------------------------------------------------------------------------------


def set_up() -> None:
    """Makes .venv hold exactly the pinned packages. One process at a time; at once when nothing is to do."""
    if is_installed():
        return
    if not is_writable(HERE):
        raise Problem("This folder cannot be written to (%s): copy the course to a folder of your own." % HERE)
    with one_at_a_time():
        if is_installed():
            return
        started = time.time()
        make_venv()
        if free_megabytes() < NEEDED_MEGABYTES:
            raise Problem(no_space())
        install()
        write_stamp()
        prepare_java()
        print("[3/3] Installed in %d s; the next start takes none of this" % (time.time() - started), flush=True)


def fingerprint() -> str:
    """Changes when the pins, the project's metadata or its place on the disk change."""
    digest = hashlib.sha256(repr((HERE, WHAT)).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp() -> Dict[str, str]:
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_installed() -> bool:
    return os.access(PYTHON, os.X_OK) and read_stamp() == current_stamp()


def current_stamp() -> Dict[str, str]:
    return {"fingerprint": fingerprint(), "python": os.path.realpath(PYTHON)}


def write_stamp() -> None:
    with open(STAMP + ".new", "w", encoding="utf-8") as file:
        json.dump(current_stamp(), file)
    os.replace(STAMP + ".new", STAMP)


def make_venv() -> None:
    """A new .venv, except where a finished one only needs other pins. Without pip, so without ensurepip."""
    if os.access(PYTHON, os.X_OK) and read_stamp().get("python") == os.path.realpath(PYTHON):
        print("[1/3] The course has changed; bringing .venv up to date", flush=True)
        os.remove(STAMP)
        return
    if os.path.lexists(VENV):
        print("[1/3] Found an unfinished .venv; making it anew", flush=True)
        shutil.rmtree(VENV) if os.path.isdir(VENV) and not os.path.islink(VENV) else os.remove(VENV)
    else:
        print("[1/3] Making a private Python in .venv", flush=True)
    venv.create(VENV, with_pip=False, symlinks=os.name != "nt")


def install() -> None:
    """uv installs in seconds; plain pip takes its place where uv cannot be had or does not work."""
    print("[2/3] Installing the pinned packages (about 150 MB to fetch, 555 MB on disk)", flush=True)
    os.makedirs(TEMPORARY, exist_ok=True)
    pip = find_pip()
    if not install_with_uv(pip):
        print("      uv could not do it; trying pip, which takes longer", flush=True)
        if not pip:
            raise Problem(
                "This Python has no pip: install it (Debian: apt-get install python3-pip), then run this again."
            )
        failure = call_pip([*pip, "install", *WHAT], quiet=False)
        if failure:
            raise Problem(failure)
    shutil.rmtree(TEMPORARY, ignore_errors=True)


def prepare_java() -> None:
    """A quick start for each broker of lesson 22; where it can't be had, `lab.py doctor` says why."""
    command = [PYTHON, "-P", "-m", "labkit.brokers.java_training"]
    subprocess.call(command, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def install_with_uv(pip: List[str]) -> bool:
    failure = pip and call_pip([*pip, "install", "-q", "-c", "constraints.txt", "uv"], quiet=True)
    if failure in (NO_NETWORK, no_space()):
        raise Problem(failure)
    uv = shutil.which("uv", path=os.path.dirname(PYTHON)) or shutil.which("uv")
    command = [uv or "", "pip", "install", "--python", PYTHON, *WHAT]
    return bool(uv) and subprocess.call(command, cwd=HERE, env=install_environment(), close_fds=False) == 0


def find_pip() -> List[str]:
    """A pip that can install into .venv: this Python's, its base's, or one made by ensurepip."""
    for python in (sys.executable, getattr(sys, "_base_executable", sys.executable)):
        if succeeds([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip", "--python", PYTHON]
    return [PYTHON, "-m", "pip"] if succeeds([PYTHON, "-m", "ensurepip"]) else []


def succeeds(command: List[str]) -> bool:
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def call_pip(command: List[str], quiet: bool) -> str:
    """Runs pip; returns "" or, where it failed, one sentence on what to do."""
    process = subprocess.Popen(
        [*command, "--retries", "2", "--disable-pip-version-check"],
        cwd=HERE,
        env=install_environment(),
        stdout=subprocess.DEVNULL if quiet else None,
        stderr=subprocess.PIPE,
        close_fds=False,  # the installer keeps the lock if this process is killed
    )
    said = process.communicate()[1].decode("utf-8", "replace")
    return explain_failed_install(said) if process.returncode else ""


def install_environment() -> Dict[str, str]:
    """Temporary files stay on the course's disk; a cache that cannot be written is replaced by one of ours."""
    environment = clean_environment(TMPDIR=TEMPORARY, TEMP=TEMPORARY, TMP=TEMPORARY)
    # uv would otherwise look outside for a Python to download.
    environment.update(UV_PYTHON_DOWNLOADS="never", PIP_ROOT_USER_ACTION="ignore", PIP_USER="0")
    if not is_writable(environment.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")):
        environment.update(UV_CACHE_DIR=os.path.join(TEMPORARY, "uv"), PIP_NO_CACHE_DIR="1")
    return environment


# --- what can go wrong -----------------------------------------------------------------------------------


def is_writable(folder: str) -> bool:
    """Tried, not looked up: root has every permission, and still cannot write to a read-only disk."""
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        return error.errno == errno.ENOSPC  # a full disk is told of with its own sentence


def free_megabytes() -> float:
    return shutil.disk_usage(HERE).free / 1e6


def no_space() -> str:
    return "Not enough disk space: free %d MB on the disk that holds %s and run this again." % (NEEDED_MEGABYTES, HERE)


def explain_failed_install(said: str) -> str:
    """One sentence for what pip said on stderr when it failed."""
    text = said.lower()
    if any(sign in text for sign in ("no space left", "errno 28", "quota exceeded")):
        return no_space()
    if any(sign in text for sign in ("connection", "name resolution", "getaddrinfo", "timed out", "proxy", "sslerror")):
        return NO_NETWORK
    last = said.strip().splitlines()[-1:] or ["it gave no reason"]
    return "The packages could not be installed (%s): run this again, or report that line." % last[0]


def explain_os_error(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return no_space()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Not allowed to write %s: copy the course to a folder of your own and run it there." % error.filename
    return "The set-up failed (%s); run this again." % error


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds a lock that the system lets go when the process and its installer end, however they end."""
    with open(LOCK, "a") as file:
        if not try_lock(file.fileno()):
            print("Another `lab.py` is setting up here; waiting for it to finish", flush=True)
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        if os.name != "nt":
            os.set_inheritable(file.fileno(), True)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
