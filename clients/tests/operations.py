"""The GraphQL operations that real storefronts send to Magento, where they lie beside the project.

The folder `magento/conformance` downloads the published clients, reads their operations and says
which of them plain Magento Open Source can answer. It is found at `../shared` or by the variable
`MAGENTO_CONFORMANCE`.
"""

import importlib
import json
import os
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from graphql import build_schema, parse, print_ast
from graphql.language import FieldNode, NameNode, SelectionSetNode, Visitor, visit

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared/magento/conformance"
CONFORMANCE = Path(os.environ.get("MAGENTO_CONFORMANCE") or BESIDE)
SCHEMA = ROOT / "crates/api/schema"
HAS = (CONFORMANCE / "extract.py").is_file()
MISSING = "" if HAS else f"no operations of Magento's storefronts at {CONFORMANCE}"


@dataclass(frozen=True, eq=False)
class Operation:
    id: str
    client: str
    name: str
    is_mutation: bool
    # As Apollo's clients send it: with `__typename` in each selection.
    text: str
    variables: dict
    fields: tuple

    def __str__(self):
        return f"{self.client}-{self.name}-{self.id[:4]}"


class WithTypenames(Visitor):
    def leave_field(self, node, *_):
        if node.selection_set:
            return with_typename(node)
        return None

    def leave_fragment_definition(self, node, *_):
        return with_typename(node)


def with_typename(node):
    selections = node.selection_set.selections
    if any(isinstance(it, FieldNode) and it.name.value == "__typename" for it in selections):
        return None
    typename = FieldNode(name=NameNode(value="__typename"))
    return replace(node, selection_set=SelectionSetNode(selections=(*selections, typename)))


def read(entry):
    document = parse(entry["document"], no_location=True)
    (operation,) = (it for it in document.definitions if it.kind == "operation_definition")
    fragments = {it.name.value: it for it in document.definitions if it.kind != operation.kind}
    fields, to_read = [], [operation.selection_set]
    while to_read:
        for it in to_read.pop().selections:
            if it.kind == "field":
                fields.append(it.name.value)
            else:
                inline = it.kind == "inline_fragment"
                to_read.append((it if inline else fragments[it.name.value]).selection_set)
    return Operation(
        id=entry["id"],
        client=entry["client"],
        name=entry["name"] or fields[0],
        is_mutation=operation.operation.value == "mutation",
        text=print_ast(visit(document, WithTypenames())),
        variables={
            it.variable.name.value: print_ast(it.type) for it in operation.variable_definitions or ()
        },
        fields=tuple(fields),
    )


@cache
def all_operations():
    """What plain Magento can answer, and what PWA Studio's own modules add to it."""
    if MISSING:
        return []
    sys.path.insert(0, str(CONFORMANCE))
    extract = importlib.import_module("extract")
    entries, _ = extract.load(extract.cache_dir())
    left_out = json.loads((CONFORMANCE / "primary.json").read_text())["not_primary"]
    reasons = {id: it["reason"] for id, it in left_out.items()}
    wanted = (it for it in entries if reasons.get(it["id"]) in (None, "pwa-companion"))
    return sorted(map(read, wanted), key=lambda it: (it.client, it.name, it.id))


def sdl():
    return "\n".join(it.read_text() for it in sorted(SCHEMA.glob("*.graphql")))


@cache
def schemas():
    """Magento's own schema, and ours for what only PWA Studio's modules have."""
    reference = (CONFORMANCE.parent / "schema-2.4.8.graphql").read_text()
    return build_schema(reference, assume_valid=True), build_schema(sdl(), assume_valid=True)
