"""The address of a PostgreSQL: what is refused before anything is connected, and what is left of a lab."""

import sys

import psycopg
import pytest

from labkit import Database, LabError


@pytest.mark.parametrize("url", ["mysql://localhost/shop", "postgresql", "postgresql://localhost:port/shop?nonsense=1"])
def test_what_is_no_address_is_told_in_one_sentence(lab, url):
    with pytest.raises(LabError, match="which is no address of a PostgreSQL"):
        Database(lab, url=url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop@database.example.com/shop",
        "postgresql:///shop",
        "postgresql://localhost,database.example.com/shop",
        "postgresql://localhost/shop?hostaddr=192.0.2.7",
    ],
)
def test_another_machine_is_refused_before_anything_is_connected(lab, url, monkeypatch):
    monkeypatch.setattr(psycopg, "connect", lambda **options: pytest.fail(f"connected to {options}"))
    with pytest.raises(LabError, match="A lab never leaves this machine"):
        Database(lab, url=url)


def test_the_surroundings_cannot_lead_elsewhere(lab, monkeypatch):
    """libpq takes what an address leaves out from environment variables."""
    asked = []

    def connect(**options):
        asked.append((options["host"], options["hostaddr"]))
        raise psycopg.OperationalError("not today")

    monkeypatch.setattr(psycopg, "connect", connect)
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.7")
    with pytest.raises(LabError, match="not today"):
        Database(lab, url="postgresql://localhost/shop")
    assert asked == [("localhost", "")]


def test_without_the_driver_it_says_how_to_get_it(lab, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LabError, match=r"pip install .*\.\[database\]"):
        Database(lab, url="postgresql://localhost/shop")


def test_a_server_that_is_not_there_is_told_in_one_sentence(lab):
    with pytest.raises(LabError, match="does not let us in"):
        Database(lab, url="postgresql://shop@127.0.0.1:1/shop")


@pytest.mark.live
def test_the_variable_names_it_and_nothing_is_left_when_the_lab_closes(lab, postgresql, monkeypatch):
    monkeypatch.setenv("LABKIT_DATABASE", postgresql)
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.7")
    first, second = Database(lab), Database(lab)
    for database in (first, second):
        database.prepare("create table orders (id text)")
    schemas = "select count(*) from information_schema.schemata where schema_name like 'labkit%'"
    assert (repr(first), first.rows(schemas)) == ("<Database PostgreSQL>", [(2,)])
    lab.close()
    monkeypatch.delenv("PGHOSTADDR")
    with psycopg.connect(postgresql) as connection:
        assert connection.execute(schemas).fetchone() == (0,)
