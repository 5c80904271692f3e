"""Imported first (by labkit itself, and by pytest's `-p labkit._skip_slow_grammars`): saves a second a process.

jsonschema 4.26 imports rfc3987_syntax, which builds 35 grammars (1.06 s) to check `iri` formats that no notebook uses;
a module that is None in sys.modules counts as not installed. Measured 2026-11-22; jsonschema issue 1428.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
