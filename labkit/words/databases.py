"""Sentences about a lab's real database."""

COMMIT_SECONDS = "A commit takes 0 or more seconds, not {given!r}: write for example Database(lab, 0.2)."
NOT_A_URL = "LABKIT_DATABASE holds {given!r}, which is no address of a PostgreSQL: write postgresql://user@localhost/name, or leave it empty for SQLite."
NOT_HERE = "A lab never leaves this machine, and {host} is not named as being on it: write localhost in LABKIT_DATABASE, or leave it empty for SQLite."
NO_DRIVER = "PostgreSQL needs the package psycopg: run `pip install -c constraints.txt -e .[database]` in the course's folder, or leave LABKIT_DATABASE empty for SQLite."
NO_SERVER = "The PostgreSQL that LABKIT_DATABASE names does not let us in ({reason}): start it, mend the address, or leave it empty for SQLite."
NOT_OPEN = "This transaction was over before the end of its `with`: leave commit and rollback to the `with`, and let an error of the database pass out of it."
CLOSED = "This database ended with its lab: run the cell that opens both again."
