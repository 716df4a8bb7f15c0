"""What can be said of the configuration without applying it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import drawn
import readmes
from workspace import ROOT

SKIP = re.compile(r"#checkov:skip=(CKV\w*):(.*)")


def test_the_code_is_formatted(workspace):
    code, text = workspace.terraform("fmt", "-check", "-recursive", "-diff", accept=(0, 3))

    assert code == 0, text


def test_the_configuration_is_valid(workspace):
    workspace.terraform("validate")


def test_the_bucket_of_the_state_is_valid(workspace):
    workspace.terraform("-chdir=examples/state", "init", "-input=false")
    workspace.terraform("-chdir=examples/state", "validate")


def test_rules_and_switches_hold_with_mocked_providers(mocked):
    _, text = mocked.terraform("test", "-no-color")

    passed = int(re.search(r"(\d+) passed, 0 failed", text)[1])
    written = sum(file.read_text().count("\nrun ") for file in Path(ROOT / "tests").glob("*.tftest.hcl"))
    assert passed == written


def test_each_module_tells_its_inputs_and_outputs():
    assert readmes.stale(write=False) == []


def test_each_figure_is_described_typed_and_checked():
    for module in readmes.modules():
        for name, variable in readmes.blocks(module / "variables.tf", "variable"):
            assert len(variable.get("description", "")) > 15, (module.name, name)
            assert "type" in variable, (module.name, name)
            is_number = variable["type"] == "number"
            text = (module / "variables.tf").read_text()
            body = text.split(f'variable "{name}" {{')[1].split("\n}\n")[0]
            needs_check = is_number and variable.get("default", "null") != "null"
            assert not needs_check or "validation {" in body, (module.name, name)


def test_nothing_in_the_configuration_knows_the_emulator():
    for file in ROOT.rglob("*.tf"):
        assert not re.search(r"\bmoto\b|emulat|//localhost|endpoints \{|skip_credentials", file.read_text()), file


def skips():
    return [
        (file, *SKIP.search(line).groups())
        for file in ROOT.rglob("*.tf")
        for line in file.read_text().splitlines()
        if SKIP.search(line)
    ]


@pytest.mark.parametrize("profile", ["document", "lean"])
def test_checkov_finds_nothing_that_is_not_explained(profile, tmp_path):
    program = Path(sys.executable).with_name("checkov")
    done = subprocess.run(
        [program, "--directory", ROOT, "--framework", "terraform", "--skip-download", "--compact",
         "--var-file", ROOT / f"profiles/{profile}.tfvars", "--output", "json", "--skip-path", "tests",
         "--skip-path", "examples"],
        capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"LOG_LEVEL": "ERROR"}, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)

    failed = report["results"]["failed_checks"]
    assert [f"{it['check_id']} {it['resource']}: {it['check_name']}" for it in failed] == []
    assert report["summary"]["passed"] > 150
    assert report["summary"]["parsing_errors"] == 0


def test_each_skipped_check_has_a_reason_and_is_counted():
    found = skips()

    assert all(len(reason.split()) >= 5 and reason.endswith(".") for _, _, reason in found), found
    # One more is a decision: raise this number in the commit that explains it.
    assert len(found) == 80


def test_the_lock_file_knows_the_provider_of_each_platform():
    locks = [ROOT / ".terraform.lock.hcl", ROOT / "examples/state/.terraform.lock.hcl"]
    text = locks[0].read_text()

    assert all(lock.read_text() == text for lock in locks)
    # The sums of the registry: archives for 14 platforms, and a manifest. And the sum of what the
    # archive for Linux holds, by which a mirror of unpacked files is known.
    assert len(set(re.findall(r'"zh:([0-9a-f]{64})"', text))) == 15
    assert re.findall(r'"h1:([^"]+)"', text) == ["edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0="]


def test_the_diagrams_are_those_of_the_plans():
    assert drawn.committed() == drawn.text(), "run `cargo xtask plans`"


REPOSITORY = ROOT.parent
# The sections of the old architecture that say what is to stand; 10.2 on is who wrote it.
SECTIONS = {
    "1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "3.3", "3.4", "3.5", "4.1", "4.2", "4.3", "5.1", "5.2", "6.1", "6.2",
    "7.1", "7.2", "8.1", "8.2", "9.1", "9.2", "10.1",
}  # fmt: skip


def traced():
    """The rows of the table: sections, files, tests."""
    table = drawn.DOCUMENT.read_text().split("| section | row | file | test |\n")[1].split("\n\n")[0]
    for line in table.splitlines()[1:]:
        section, _, files, tests = (cell.strip() for cell in line.strip("|").split("|"))
        yield set(section.split(", ")), re.findall(r"`([^`]+)`", files), re.findall(r"`([^`]+)`", tests)


def test_each_section_of_the_old_architecture_is_traced():
    assert set().union(*(sections for sections, _, _ in traced())) == SECTIONS


def test_each_file_that_is_traced_is_there():
    named = {file for _, files, _ in traced() for file in files}
    there = [ROOT / "modules", REPOSITORY]

    assert all(files for _, files, _ in traced())
    assert [file for file in sorted(named) if not any((folder / file).exists() for folder in there)] == []


def test_each_test_that_is_traced_is_there():
    python = [*ROOT.glob("tests/test_*.py"), *REPOSITORY.glob("deploy/tests/test_*.py")]
    rust = [*REPOSITORY.glob("crates/ops/src/**/*.rs"), *REPOSITORY.glob("crates/greenleaf/tests/**/*.rs")]
    patterns = [
        (python, r"^def test_(\w+)\("), (ROOT.glob("tests/*.tftest.hcl"), r'^run "(\w+)"'),
        (rust, r"#\[(?:tokio::)?test\]\s+(?:async )?fn (\w+)\("),
    ]  # fmt: skip
    there = {
        name for files, pattern in patterns for file in files for name in re.findall(pattern, file.read_text(), re.MULTILINE)
    }
    drills = (REPOSITORY / "docs/drills.md").read_text()
    there |= {f"cargo xtask drill {name}" for name in re.findall(r"^\| `([a-z-]+)` \|", drills, re.MULTILINE)}
    there |= {str(file.relative_to(REPOSITORY)) for file in REPOSITORY.glob("ansible/tests/test_*.py")}

    assert all(tests for _, _, tests in traced())
    assert sorted({test for _, _, tests in traced() for test in tests} - there) == []
