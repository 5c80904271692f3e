"""The import-linter contract for the design's arrows: a table of parts and the parts that each may import."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedArrows(Contract):
    """Each arrow reads "part -> part part": what a part of the root package may import directly.

    A part that is in the code and not in the table breaks the contract; one that is not built yet does not.
    """

    type_name = "allowed_arrows"
    arrows = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = self.session_options["root_packages"][0]
        allowed = dict(_read(arrow) for arrow in self.arrows)
        broken = [f"{part} is not in the table of arrows" for part in _parts(graph, root) - set(allowed)]
        for importer, imported in _direct_imports(graph, root):
            source, target = _part(importer, root), _part(imported, root)
            if source in allowed and target != source and target not in allowed[source]:
                broken.append(f"{importer} imports {imported}, but {source} may import only: {sorted(allowed[source])}")
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)


def _read(arrow: str) -> tuple[str, set[str]]:
    part, _, targets = arrow.partition("->")
    return part.strip(), set(targets.split())


def _part(module: str, root: str) -> str:
    return module.removeprefix(f"{root}.").partition(".")[0]


def _parts(graph: ImportGraph, root: str) -> set[str]:
    return {_part(module, root) for module in graph.modules if module != root}


def _direct_imports(graph: ImportGraph, root: str) -> list[tuple[str, str]]:
    """Every direct import made by a part; the root package itself is the public surface and may import all."""
    return [
        (importer, imported)
        for importer in graph.modules - {root}
        for imported in graph.find_modules_directly_imported_by(importer)
    ]
