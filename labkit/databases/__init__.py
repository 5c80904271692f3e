"""Real databases beside a lab: the locks are SQLite's or PostgreSQL's own, met in lab time."""

from labkit.databases.database import Busy, Database, Transaction

__all__ = ["Busy", "Database", "Transaction"]
