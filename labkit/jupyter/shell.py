"""The IPython shell that runs this code, if any."""

import sys
from typing import Any


def running_shell() -> Any:
    """The shell, or None; looked up without importing IPython, which plain Python programs don't have."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
