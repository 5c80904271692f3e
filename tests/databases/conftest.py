"""A PostgreSQL of this test run's own, on loopback, in a folder that is removed with it."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from labkit import Database, Lab
from tests.conftest import program_or_skip


@pytest.fixture(scope="session")
def postgresql():
    """The address of a server that runs as long as the tests; PostgreSQL refuses to run as root."""
    programs = Path(program_or_skip("PostgreSQL")).resolve().parent
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="labkit-postgresql-"))
    if user:
        shutil.chown(folder, user)

    def run(program, *words):
        subprocess.run([programs / program, "-D", folder / "data", *words], check=True, user=user, cwd=folder, env={})

    run("initdb", "--auth=trust", "--username=shop", "--no-sync", "--no-instructions", "--encoding=UTF8")
    port = free_port()
    options = f"-h 127.0.0.1 -p {port} -c fsync=off -c unix_socket_directories={folder}"
    run("pg_ctl", "start", "-w", "-s", "-o", options, "-l", folder / "log")
    yield f"postgresql://shop@localhost:{port}/postgres"
    run("pg_ctl", "stop", "-s", "-m", "immediate")
    shutil.rmtree(folder)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.live)])
def url(request):
    """The address of the one or of the other; SQLite has none."""
    return request.getfixturevalue("postgresql") if request.param == "PostgreSQL" else ""


@pytest.fixture
def lab():
    with Lab(seed=9) as lab:
        yield lab


@pytest.fixture
def sale(lab, url):
    """A database with a table of orders and the one row that all of them change."""
    database = Database(lab, 0.2, url=url)
    database.prepare(
        "create table orders (id text primary key)",
        "create table stock (remaining integer)",
        "insert into stock values (500)",
    )
    return database
