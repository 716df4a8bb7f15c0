"""The table in `docs/api/compatibility.md`, made of what the operations came to."""

from collections import Counter
from dataclasses import dataclass

from operations import ROOT, Operation

FILE = ROOT / "docs/api/compatibility.md"
HEAD = """\
# Operations of Magento's storefronts

Made by `clients/tests/test_graphql.py`, which sends each of these operations to a demo shop, as a
guest and as a customer, and compares the answers; `COMPATIBILITY=write cargo xtask test --only
clients` writes this anew. The operations are those that PWA Studio (Venia), Vue Storefront and
Adobe's CIF components send to Magento Open Source 2.4.8.

"""


@dataclass
class Result:
    operation: Operation
    role: str
    wrong: list
    refused: dict
    n_compared: int
    data: dict | None

    def outcome(self, field=None):
        """Of the whole operation, or of one of its root fields."""
        if self.wrong:
            return "fails"
        if field in self.refused or field is None and self.refused:
            return "refused"
        data = self.data or {}
        shown = [value for key, value in data.items() if field in (None, key)]
        return "empty" if shown and all(map(is_empty, shown)) else "works"


def is_empty(value):
    """Whether there is nothing in it but names of types, zeros and empty lists."""
    if isinstance(value, dict):
        known = [it for name, it in value.items() if name != "__typename"]
        return bool(known) and all(map(is_empty, known))
    if isinstance(value, list):
        return all(map(is_empty, value))
    return value is None or value == "" or value == 0 and not isinstance(value, bool)


def table(results):
    lines = [HEAD, "| | as a guest | as a customer |\n|---|---|---|\n"]
    counts = Counter((result.role, result.outcome()) for result in results.values())
    for outcome in ("works", "empty", "refused", "fails"):
        guest, customer = counts["guest", outcome], counts["customer", outcome]
        lines.append(f"| {outcome} | {guest} | {customer} |\n")
    lines.append("\nWhat is refused is refused in Magento's category and words; `refusals.toml` beside")
    lines.append(" the test\nhas them. What is empty is something that the shop does not have.\n")

    lines.append("\n## By root field\n\n")
    lines.append("| field | operations | as a guest | as a customer | why not |\n")
    lines.append("|---|---|---|---|---|\n")
    fields = sorted({field for operation, _ in results for field in operation.fields})
    for mutation in (False, True):
        for field in fields:
            mine = [it for it in results.values()
                    if field in it.operation.fields and it.operation.is_mutation == mutation]  # fmt: skip
            if mine:
                lines.append(row(field, mine))

    lines.append("\n## By operation\n\n")
    lines.append("Values are how many of the answer were compared with what they must be, as a guest")
    lines.append(" and as a\ncustomer.\n\n")
    lines.append("| client | operation | fields | as a guest | as a customer | values |\n")
    lines.append("|---|---|---|---|---|---|\n")
    seen = dict.fromkeys(operation for operation, _ in results)
    for operation in seen:
        guest, customer = results[operation, "guest"], results[operation, "customer"]
        fields = ", ".join(f"`{field}`" for field in dict.fromkeys(operation.fields))
        lines.append(
            f"| {operation.client} | {operation.name} | {fields} | {guest.outcome()} |"
            f" {customer.outcome()} | {guest.n_compared} / {customer.n_compared} |\n"
        )
    return "".join(lines)


def row(field, mine):
    def outcomes(role):
        counted = Counter(it.outcome(field) for it in mine if it.role == role)
        if len(counted) == 1:
            return next(iter(counted))
        return ", ".join(f"{n} {outcome}" for outcome, n in counted.most_common())

    n = len({it.operation for it in mine})
    reasons = dict.fromkeys(it.refused[field][2] for it in mine if field in it.refused)
    guest, customer = outcomes("guest"), outcomes("customer")
    return f"| `{field}` | {n} | {guest} | {customer} | {'; '.join(reasons)} |\n"
