"""One machine for all tests, converged once."""

import json
import os
import re
import shutil
import socket
from pathlib import Path

import pytest

from machine import Machine, build_root, run

ANSIBLE = Path(__file__).resolve().parents[1]
KEY = "0123456789abcdef0123456789abcdef"


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for it in sockets:
        it.bind(("127.0.0.1", 0))
    ports = [it.getsockname()[1] for it in sockets]
    for it in sockets:
        it.close()
    return ports


@pytest.fixture(scope="session")
def ports():
    return dict(zip(("http", "https", "shop"), free_ports(3), strict=True))


@pytest.fixture(scope="session")
def machine(tmp_path_factory, ports):
    missing = [name for name in ("debootstrap", "systemd-nspawn", "nsenter") if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        pytest.fail(f"a machine in a folder needs root and the Debian packages debootstrap and systemd-container (missing: {missing})")
    tools, executable = Path(os.environ["GREENLEAF_TOOLS"]), Path(os.environ["GREENLEAF_EXECUTABLE"])
    build_root(tools / "bookworm")
    folder = tmp_path_factory.mktemp("machine")
    run(["cp", "--archive", tools / "bookworm", folder / "root"])
    shutil.copy(executable, folder / "root/root/greenleaf")
    shutil.copytree(ANSIBLE, folder / "root/root/ansible", ignore=shutil.ignore_patterns("tests"))
    variables = {
        "webserver_port": ports["http"],
        "webserver_tls_port": ports["https"],
        "webserver_upstream": f"127.0.0.1:{ports['shop']}",
        "greenleaf_executable": "/root/greenleaf",
        "greenleaf_health_url": f"http://127.0.0.1:{ports['shop']}/health.php",
        "greenleaf_on_aws": False,
        "monitoring_agent": False,
        "greenleaf_environment": {
            "GREENLEAF_LISTEN": f"127.0.0.1:{ports['shop']}",
            "GREENLEAF_BASE_URL": "https://shop.example",
            "GREENLEAF_SECRET_KEY": KEY,
            "GREENLEAF_TRUSTED_PROXIES": "127.0.0.1/32",
        },
    }
    (folder / "root/root/variables.json").write_text(json.dumps(variables))
    machine = Machine(folder / "root", folder / "boot.log")
    yield machine
    machine.stop()


def play(machine, playbook, *options):
    """Runs a playbook on the machine itself, and gives what it changed."""
    text = machine.run(
        "sh", "-c", f"cd /root/ansible && exec ansible-playbook playbooks/{playbook} -e @/root/variables.json {' '.join(options)}"
    )
    counts = re.search(r"ok=(\d+)\s+changed=(\d+)\s+unreachable=0\s+failed=0", text)
    assert counts, text
    return int(counts[2]), text


@pytest.fixture(scope="session")
def converged(machine):
    changed, _ = play(machine, "site.yml")
    assert changed > 10
    return machine
