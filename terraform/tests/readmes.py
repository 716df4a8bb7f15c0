"""Writes the tables of inputs and outputs into the README of terraform/ and of each module.

    python readmes.py          writes them
    python readmes.py --check  says which are out of date

A README is what a person wrote, down to the marker, and the tables below it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARKER = "<!-- Written by tests/readmes.py from here on -->\n"


def blocks(file, kind):
    """Name and attributes, as text, of each block of a kind: the files are formatted, so it is easy."""
    if not file.exists():
        return
    for name, body in re.findall(rf'^{kind} "(\w+)" {{\n(.*?)^}}', file.read_text(), re.M | re.S):
        attributes = re.findall(r"^  (\w+) += (.*?)(?=^  \w|^  #|\Z)", body + "\n", re.M | re.S)
        yield name, {key: value.strip() for key, value in attributes}


def code(text):
    text = re.sub(r"\s*#.*", "", text)
    text = re.sub(r"\n\s*", " ", text)
    return "`" + re.sub(r"\s+", " ", text) + "`"


def words(text):
    return text.strip('"').replace('\\"', '"').replace("|", "\\|")


def tables(module):
    lines = []
    inputs = list(blocks(module / "variables.tf", "variable"))
    if inputs:
        lines += ["", "## Inputs", "", "| name | what | type | default |", "|---|---|---|---|"]
    for name, it in inputs:
        kind = "object" if it["type"].startswith("object") else code(it["type"]).strip("`")
        default = code(it["default"]) if "default" in it else "required"
        lines.append(f"| `{name}` | {words(it['description'])} | {kind} | {default} |")
    outputs = list(blocks(module / "outputs.tf", "output"))
    if outputs:
        lines += ["", "## Outputs", "", "| name | what |", "|---|---|"]
    lines += [f"| `{name}` | {words(it['description'])} |" for name, it in outputs]
    return "\n".join(lines) + "\n"


def modules():
    return [ROOT, *sorted(folder for folder in (ROOT / "modules").iterdir() if folder.is_dir())]


def stale(write):
    found = []
    for module in modules():
        file = module / "README.md"
        text = file.read_text() if file.exists() else f"# {module.name}\n\n{MARKER}"
        if MARKER not in text:
            found.append(f"{file.relative_to(ROOT)} has no marker")
            continue
        current = text.split(MARKER)[0] + MARKER + tables(module)
        if current != text or not file.exists():
            found.append(f"{file.relative_to(ROOT)} is out of date")
            if write:
                file.write_text(current)
    return found


if __name__ == "__main__":
    complaints = stale(write="--check" not in sys.argv)
    print("\n".join(complaints))
    sys.exit(1 if complaints and "--check" in sys.argv else 0)
