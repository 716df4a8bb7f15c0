"""A demo shop for all tests, and a program that may do everything in it."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

EXECUTABLE = Path(os.environ["GREENLEAF_EXECUTABLE"])
PASSWORD = "admin-of-the-client-tests"
# A debug build paints the pictures of the demo slowly.
START = 600


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("GREENLEAF_")}


def is_healthy(url):
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shop(data):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    url = f"http://{address}"
    with open(data / "log", "wb") as log:
        process = subprocess.Popen(
            [EXECUTABLE, "demo", "--listen", address, "--data", data / "data"],
            stdout=log,
            stderr=log,
            env=environment() | {"GREENLEAF_ADMIN_PASSWORD": PASSWORD},
        )
    begin = time.monotonic()
    while not is_healthy(url):
        if process.poll() is not None or time.monotonic() - begin > START:
            process.kill()
            pytest.fail(f"the shop did not start:\n{(data / 'log').read_text()[-4000:]}")
        time.sleep(0.2)
    yield url
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, (data / "log").read_text()[-4000:]


@pytest.fixture(scope="session")
def keys(shop, data):
    """What `greenleaf admin integration` prints, by its name."""
    done = subprocess.run(
        [EXECUTABLE, "admin", "integration", "tests", "--data", data / "data"],
        stdout=subprocess.PIPE,
        env=environment(),
        check=True,
        text=True,
    )
    return dict(line.split("\t") for line in done.stdout.splitlines())
