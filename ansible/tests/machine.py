"""A Debian machine in a folder: its own systemd and its own users, on the network of this one."""

import os
import shutil
import subprocess
import time
from pathlib import Path

BOOTED = "ca-certificates,dbus,systemd-sysv"
CONVERGED = ["ansible-core", "curl", "python3-apt"]


def build_root(folder):
    """Makes the Debian that machines are copies of; kept, since it takes minutes."""
    if (folder / ".done").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    run(["debootstrap", "--variant=minbase", f"--include={BOOTED}", "bookworm", folder])
    # debootstrap does not choose between alternatives, which Ansible's packages depend on.
    install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *CONVERGED]
    run(["chroot", folder, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", *install])
    (folder / ".done").touch()


def run(command, **options):
    done = subprocess.run(
        [str(word) for word in command], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
    )  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


class Machine:
    def __init__(self, root, log):
        self.root = root
        # There is no system manager out here that the machine could be registered with.
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--directory", root]
        with open(log, "w") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if (leader := self._leader()) and self._is_up(leader):
                self.leader = leader
                return
            time.sleep(0.2)
        raise AssertionError(f"the machine did not boot:\n{Path(log).read_text()}")

    def _leader(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            if "systemd" in Path(f"/proc/{child}/comm").read_text():
                return child
        return None

    def _is_up(self, leader):
        asked = subprocess.run(
            self._inside(leader, ["systemctl", "is-system-running"]), capture_output=True, text=True, check=False
        )
        return asked.stdout.strip() in ("running", "degraded")

    @staticmethod
    def _inside(leader, command):
        enter = ["nsenter", "--target", leader, "--mount", "--uts", "--ipc", "--pid", "--cgroup"]
        environment = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root"]
        return [str(word) for word in [*enter, *environment, *command]]

    def run(self, *command):
        return run(self._inside(self.leader, command))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
