"""What experiments tell, one module a topic, each with up to three tables of sentences.

EVIDENCE by claim id: what was seen; WORLDS by name: a world in which it comes out different; CITED by claim id: why
there is no experiment.
"""

from importlib import import_module
from pkgutil import iter_modules


def collected(table: str) -> dict[str, str]:
    """Return one table of all topics together."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {key: sentence for module in modules for key, sentence in getattr(module, table, {}).items()}
