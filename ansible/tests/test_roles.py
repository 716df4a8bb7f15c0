"""The roles on a Debian machine, with the real executable, and what stands then."""

import http.client
import os
import re
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import ANSIBLE, KEY, play


def test_the_roles_are_clean():
    program = Path(sys.executable).with_name("ansible-lint")
    done = subprocess.run(
        [program, "--profile", "production", "--offline", "--nocolor", "playbooks", "roles"],
        cwd=ANSIBLE, capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def ask(port, path, tls=False):
    if tls:
        trust = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=trust)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "shop.example", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def wait_for(port, path):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ask(port, path)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{path} did not answer 200 within a minute")


def test_the_shop_answers_through_nginx(converged, ports):
    wait_for(ports["http"], "/health.php")

    assert ask(ports["http"], "/health.php") == (200, b"OK\n")
    assert ask(ports["https"], "/health.php", tls=True) == (200, b"OK\n")
    assert ask(ports["http"], "/metrics")[0] == 404


def test_a_second_run_changes_nothing(converged):
    changed, text = play(converged, "site.yml")

    assert changed == 0, text


def test_the_unit_is_sandboxed(converged):
    text = converged.run("systemd-analyze", "security", "--no-pager", "greenleaf.service")

    exposure = float(re.search(r"Overall exposure level for greenleaf.service: ([\d.]+)", text)[1])

    assert exposure <= 2.0, text


def test_the_key_is_for_root_alone(converged):
    assert converged.run("stat", "-c", "%a %U", "/etc/greenleaf/greenleaf.env").strip() == "600 root"
    assert KEY not in converged.run("cat", "/var/log/greenleaf/greenleaf.log")
    assert KEY not in converged.run("systemctl", "show", "greenleaf")


def test_the_shop_comes_back_when_it_is_killed(converged, ports):
    before = converged.run("systemctl", "show", "--value", "--property", "MainPID", "greenleaf").strip()
    converged.run("systemctl", "kill", "--signal", "KILL", "greenleaf")
    time.sleep(1)

    wait_for(ports["http"], "/health.php")

    after = converged.run("systemctl", "show", "--value", "--property", "MainPID", "greenleaf").strip()
    assert after not in (before, "0")


def test_a_stop_drains_and_ends_well(converged, ports):
    converged.run("systemctl", "stop", "greenleaf")

    result = converged.run("systemctl", "show", "--property", "Result,ExecMainStatus", "greenleaf")
    converged.run("systemctl", "start", "greenleaf")

    assert sorted(result.split()) == ["ExecMainStatus=0", "Result=success"]
    wait_for(ports["http"], "/health.php")


def test_a_deployment_replaces_the_executable(converged, ports):
    _, text = play(converged, "deploy.yml")

    assert "Take back" not in text or "rescued=0" in text
    assert ask(ports["http"], "/health.php") == (200, b"OK\n")


def test_what_does_not_answer_is_taken_back(converged, ports):
    good = converged.run("sha256sum", "/usr/local/bin/greenleaf").split()[0]
    (converged.root / "root/broken").write_text("#!/bin/sh\nexit 1\n")

    with pytest.raises(AssertionError, match="did not answer, so the one before it runs again"):
        play(converged, "deploy.yml", "-e", "greenleaf_executable=/root/broken")

    assert converged.run("sha256sum", "/usr/local/bin/greenleaf").split()[0] == good
    wait_for(ports["http"], "/health.php")


def test_a_backup_is_restored(converged, ports):
    backup = "set -a; . /etc/greenleaf/greenleaf.env; greenleaf --data /var/lib/greenleaf backup /tmp/shop.tar"
    converged.run("sh", "-c", backup)
    converged.run("chmod", "644", "/tmp/shop.tar")

    play(converged, "restore.yml", "-e", "greenleaf_backup=/tmp/shop.tar")

    wait_for(ports["http"], "/health.php")
    assert converged.run("stat", "-c", "%U", "/var/lib/greenleaf/greenleaf.sqlite").strip() == "greenleaf"
    assert converged.run("ls", "/var/lib/greenleaf.before").split()
