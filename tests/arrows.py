"""The import-linter contracts for the design's arrows: which part may import which, and no circles within a part."""

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


class NoCircles(Contract):
    """No module of these parts imports itself, by whichever way round: in a function or for an annotation either.

    `allowed` lists single imports, "a -> b", that may close a circle, for a reason that stands there.
    """

    type_name = "no_circles"
    parts = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = self.session_options["root_packages"][0]
        for line in self.allowed:
            importer, imported = (f"{root}.{name.strip()}" for name in line.split("->"))
            graph.remove_import(importer=importer, imported=imported)
        found = [
            " -> ".join((importer, *chain))
            for importer, imported in _direct_imports(graph, root)
            if _part(importer, root) in self.parts
            for chain in [graph.find_shortest_chain(imported, importer)]
            if chain is not None
        ]
        return ContractCheck(kept=not found, metadata={"found": sorted(found)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(f"a circle: {line}")
