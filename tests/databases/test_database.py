"""One database, two engines: every test runs on SQLite and on PostgreSQL and expects the same."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from labkit import Database, Lab, LabError
from labkit.databases import Busy
from labkit.databases.sqlite import PREFIX
from labkit.left_over import remove_left_over

ROOT = Path(__file__).parents[2]

WAITS_AS_SHIPPED = 5  # seconds that SQLite waits for a lock unless it is told not to
ONE_MORE = "update stock set remaining = remaining - 1"


def write(database, *orders, work=0):
    with database.transaction() as connection:
        for order in orders:
            connection.execute("insert into orders (id) values (?)", [order])
        connection.execute(ONE_MORE)
        time.sleep(work)


def orders(database):
    return [order for (order,) in database.rows("select id from orders order by id")]


def ends(database):
    return [(round(one.at, 3), one.by, one.ended) for one in database.transactions]


def test_a_commit_takes_lab_time_and_what_it_wrote_is_there(lab, sale):
    write(sale, "order-1", "order-2")
    assert orders(sale) == ["order-1", "order-2"]
    assert sale.rows("select remaining from stock") == [(499,)]
    assert ends(sale) == [(0.2, "you", "committed")]


def test_a_second_writer_is_refused_at_once_while_the_first_has_not_committed(lab, sale):
    refused = []

    def late():
        time.sleep(0.1)
        try:
            write(sale, "order-2")
        except sale.Busy as busy:
            refused.append((lab.clock.now().timestamp() % 1, str(busy)))
        time.sleep(0.2)
        write(sale, "order-3")

    lab.start(write, sale, "order-1", name="first")
    lab.start(late, name="second")
    lab.run()
    assert orders(sale) == ["order-1", "order-3"]
    assert refused[0][0] == pytest.approx(0.11)
    assert "lock" in refused[0][1], "it is the database's own sentence"
    assert ends(sale) == [(0.11, "second", "refused"), (0.21, "first", "committed"), (0.52, "second", "committed")]


def test_who_waits_for_nobody_does_not_wait_in_real_time_either(lab, sale):
    def impatient():
        for _ in range(20):
            with pytest.raises(Busy):
                write(sale, "order-2")

    lab.start(write, sale, "order-1", name="first")
    lab.start(impatient)
    began = time.perf_counter()
    lab.run("0.2 s")
    assert time.perf_counter() - began < 20 * WAITS_AS_SHIPPED / 2
    assert [one.ended for one in sale.transactions] == ["refused"] * 20


def test_an_exception_rolls_back_and_frees_the_lock(lab, sale):
    with pytest.raises(TypeError):
        write(sale, "order-1", work="an hour")
    write(sale, "order-2")
    assert orders(sale) == ["order-2"]
    assert [one.ended for one in sale.transactions] == ["rolled back", "committed"]


def test_an_actor_that_ends_with_its_lab_rolls_back(url):
    with Lab(seed=9) as lab:
        database = Database(lab, url=url)
        database.prepare("create table orders (id text primary key)", "create table stock (remaining integer)")
        lab.start(lambda: write(database, "order-1", work=3600))
        lab.run("1 s")
    assert [one.ended for one in database.transactions] == ["rolled back"]


def test_a_mistake_in_sql_is_not_taken_for_a_busy_database(lab, sale):
    with pytest.raises(Exception, match="orderz") as caught, sale.transaction() as connection:
        connection.execute("insert into orderz (id) values (?)", ["order-1"])
    assert not isinstance(caught.value, Busy)


def test_a_second_row_with_the_same_key_is_refused_or_ignored(lab, sale):
    write(sale, "order-1")
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        write(sale, "order-1")
    assert not isinstance(caught.value, Busy)
    with sale.transaction() as connection:
        told = connection.execute("insert into orders (id) values (?) on conflict do nothing", ["order-1"]).rowcount
        new = connection.execute("insert into orders (id) values (?) on conflict do nothing", ["100 % ?"]).rowcount
    assert (told, new) == (0, 1)
    assert orders(sale) == ["100 % ?", "order-1"]


def test_who_commits_by_hand_is_told_to_leave_it_to_the_with(lab, sale):
    def commits():
        with sale.transaction() as connection:
            connection.execute(ONE_MORE)
            connection.commit()

    with pytest.raises(LabError, match="over before the end of its `with`"):
        commits()


def test_readers_see_what_is_committed_and_are_not_refused(lab, sale):
    lab.start(write, sale, "order-1", name="writer")
    lab.run("0.1 s")
    assert orders(sale) == []
    lab.run()
    assert orders(sale) == ["order-1"]


def test_the_same_lab_gives_the_same_transactions(url):
    def story():
        with Lab(seed=9) as lab:
            database = Database(lab, url=url)
            database.prepare("create table orders (id text primary key)", "create table stock (remaining integer)")
            database.prepare("insert into stock values (0)")
            for shop in range(4):
                lab.start(many, database, shop, name=f"shop {shop}")
            lab.run()
            return ends(database), orders(database)

    def many(database, shop):
        for number in range(5):
            try:
                write(database, f"order-{shop}-{number}")
            except database.Busy:
                time.sleep(0.13)

    first = story()
    assert first == story()
    assert {ended for _, _, ended in first[0]} == {"committed", "refused"}


def test_a_parked_labs_database_and_one_of_a_closed_lab_are_refused_in_one_sentence(lab, sale):
    with Lab(), pytest.raises(LabError, match="close that lab first"):
        sale.rows("select 1")
    lab.close()
    with pytest.raises(LabError, match="ended with its lab"), sale.transaction():
        raise AssertionError


def test_the_file_is_gone_with_the_lab_or_with_the_last_reference(lab):
    first, second = Database(lab, url=""), Database(lab, url="")
    folders = [Path(database.engine._folder) for database in (first, second)]
    first.prepare("create table orders (id text)")
    second.prepare("create table orders (id text)")
    lab._at_close.clear()
    del first
    gc.collect()
    assert [folder.exists() for folder in folders] == [False, True]
    second.close()
    assert not folders[1].exists()


LEFT_BEHIND = """
import os, signal
from labkit import Database, Lab
database = Database(Lab(), url="")
print(database.engine._folder, flush=True)
os.kill(os.getpid(), signal.{signal})
"""


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGINT"])
def test_what_a_killed_process_left_behind_goes_with_the_next_database(signal, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    code = LEFT_BEHIND.format(signal=signal)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    folder = Path(ended.stdout.strip())
    assert folder.parent == tmp_path
    assert folder.exists() == (signal == "SIGKILL"), "every other end tidies up"
    mine = tmp_path / f"labkit-database-{os.getpid()}-mine"
    mine.mkdir()
    remove_left_over.__wrapped__(PREFIX)
    assert list(tmp_path.iterdir()) == [mine]


@pytest.mark.parametrize("seconds", [-1, "0.2", None, 3600, float("nan")])
def test_a_commit_takes_a_length_that_makes_sense(lab, seconds):
    with pytest.raises(LabError, match="A commit takes 0 or more seconds"):
        Database(lab, seconds)
