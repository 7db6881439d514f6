# SPDX-License-Identifier: MIT
"""
Debian in two commands: `baya get debian` makes a disk of packages, `baya run debian` boots it on a
network; ssh from the host with the user's key, a package by apt, a shared folder, the size of the
terminal. The disk stays in desk/ of the build folder and is made anew when what makes it changes.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile

from console import Machine, Skipped, check, main

SCRIPTS = os.path.join(os.path.dirname(__file__), "../../roms")
ROWS, COLUMNS = 33, 101
LOGIN = r"debian login: "
TROUBLE = r"Kernel panic|Oops|BUG:|rcu: INFO|\[FAILED\]|Emergency"


def home(folder, name):
    """The environment of a user whose home is here."""
    base = os.path.join(folder, name)
    return dict(os.environ, HOME=base, XDG_DATA_HOME=base + "/data", XDG_CACHE_HOME=base + "/cache")


def disk_of(folder):
    return os.path.join(home(folder, "desk")["XDG_DATA_HOME"], "baya/debian/disk.img")


def is_new(disk):
    """Made by the scripts as they are."""
    made = os.path.getmtime(disk) if os.path.exists(disk) else 0
    files = [os.path.join(path, name) for path, _, names in os.walk(SCRIPTS + "/debian")
             for name in names] + [SCRIPTS + "/debian13"]
    return all(os.path.getmtime(file) < made for file in files)


def get(baya, folder, log):
    """The disk. One that is there is left alone."""
    environment = home(folder, "desk")
    os.makedirs(environment["HOME"], exist_ok=True)
    if is_new(disk_of(folder)):
        return
    with open(log, "ab") as out:
        done = subprocess.run([baya, "get", "debian", "--force"],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, text=True, env=environment,
                              check=False)
        out.write(done.stderr.encode())
    if done.returncode == 3:
        raise Skipped(done.stderr.strip().splitlines()[-1])
    check(done.returncode == 0, "exit code %d: %s" % (done.returncode, done.stderr))
    done = subprocess.run([baya, "get", "debian"], capture_output=True, text=True,
                          env=environment, check=False)
    check(done.returncode == 0 and "is there" in done.stderr, done.stderr)


def errors(baya, folder, _):
    """One line each, and the exit code that says whose fault it is."""
    with tempfile.TemporaryDirectory(dir=folder) as base:
        environment = home(base, "user")
        os.makedirs(environment["HOME"])
        for words, code, text in (
                (["get"], 2, "accepted: debian"),
                (["get", "plan9"], 2, "'plan9' is not accepted"),
                (["get", "debian", "--size=1"], 2, "accepted: 2G to 1024G"),
                (["get", "debian", "more"], 2, "'more' is not accepted"),
                (["get", "debian", "--kernel"], 3, "there is no "),
                (["get", "debian"], 3, "no Debian mirror"),
                (["run", "debian"], 3, "baya get debian"),
                (["run", "debian", "ls"], 2, "given to ssh"),
                (["run", "debian", "--ssh=0"], 2, "--ssh"),
                (["run", "debian", "--ssh=2222", "-nic", "none"], 2, "hostfwd="),
                (["run", "--ssh=2222", "--", "ls"], 2, "goes with baya run debian")):
            done = subprocess.run([baya, *words], capture_output=True, text=True, check=False,
                                  env=dict(environment, DEBIAN13_SOURCES=base))
            lines = [line for line in done.stderr.splitlines() if line.startswith("baya: ")]
            check(done.returncode == code, "%s: exit code %d" % (words, done.returncode))
            check(len(lines) == 1 and text in lines[0], "%s: %s" % (words, done.stderr))


def held(baya, folder, log):
    """A disk on which a machine runs is left alone."""
    with tempfile.TemporaryDirectory(dir=folder) as base:
        environment = home(base, "user")
        disk = os.path.join(environment["XDG_DATA_HOME"], "baya/debian/disk.img")
        os.makedirs(os.path.dirname(disk))
        with open(disk, "wb") as file:
            file.truncate(1 << 20)
        with Machine([baya, "-S", "-display", "none", "-serial", "none", "-monitor", "stdio",
                      "-drive", "file=%s,format=raw" % disk], log) as machine:
            machine.expect(r"\(baya\) ")
            for option in ("--force", "--kernel"):
                done = subprocess.run([baya, "get", "debian", option], capture_output=True,
                                      text=True, check=False, env=environment)
                check(done.returncode == 3, "%s: exit code %d" % (option, done.returncode))
                check(done.stderr == "baya: get: %s: a machine runs on it; shut that down first\n"
                      % disk, done.stderr)
        done = subprocess.run([baya, "get", "debian", "--force"], capture_output=True, text=True,
                              check=False, env=dict(environment, DEBIAN13_SOURCES=base))
        check("no Debian mirror" in done.stderr, done.stderr)
        check(os.path.getsize(disk) == 1 << 20, "the disk is not as it was")


class Host:
    """What the user of the guest has: a home with a key, a folder to share, a port."""

    def __init__(self, folder, base):
        self.environment = home(folder, "desk")
        self.environment.update(HOME=base, TERM="linux")
        self.share = os.path.join(base, "share")
        self.key = os.path.join(base, ".ssh/id_ed25519")
        os.makedirs(self.share)
        os.makedirs(os.path.dirname(self.key), mode=0o700)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def ssh(self, command, user="debian"):
        """What the command writes, by the port that leads to the guest."""
        done = subprocess.run(
            ["ssh", "-F", "none", "-p", str(self.port), "-i", self.key, "-o", "BatchMode=yes",
             "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
             "LogLevel=ERROR", "-o", "ConnectionAttempts=10", user + "@127.0.0.1", command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        check(done.returncode == 0, "%s: %s%s" % (command, done.stdout, done.stderr))
        return done.stdout


def power_off(host):
    """Not before ssh has said how this went."""
    host.ssh("systemd-run --on-active=5 systemctl poweroff", "root")


def check_share(host):
    """By 9P, which --share mounts, and the same folder by virtio-fs."""
    with open(host.share + "/from-host", "w", encoding="ascii") as file:
        file.write("seen\n")
    check(host.ssh("cat /mnt/from-host") == "seen\n", "the guest does not see the share")
    host.ssh("uname -m | sudo tee /mnt/from-guest")
    with open(host.share + "/from-guest", encoding="ascii") as file:
        check(file.read() == "riscv64\n", "the host does not see what the guest wrote")
    host.ssh("mount -t virtiofs again /media", "root")
    check(host.ssh("cat /media/from-host") == "seen\n", "the guest does not see it by virtio-fs")
    check(host.ssh("cp -r /usr/share/misc /media && diff -r /usr/share/misc /mnt/misc && "
                   "rm -r /media/misc && echo same", "root") == "same\n", "virtio-fs and 9P differ")


def check_apt(host):
    """By name, over the network, from where the host's packages come."""
    host.ssh("sudo apt-get -q update")
    host.ssh("sudo DEBIAN_FRONTEND=noninteractive apt-get -q -y install hello")
    check(host.ssh("hello") == "Hello, world!\n", "the package is not there")
    host.ssh("sudo apt-get -q -y purge hello")


def check_terminal(host):
    size = host.ssh("stty -F /dev/ttyS0 size", "root")
    check(size == "%d %d\n" % (ROWS, COLUMNS), "the terminal's size is " + size)


@contextlib.contextmanager
def debian(baya, folder, log, *options):
    """The disk, booted in a terminal to its login: the machine, and its user."""
    if not os.path.exists(disk_of(folder)):
        raise Skipped("there is no disk: `baya get debian` could not make it")
    if not shutil.which("ssh") or not shutil.which("script"):
        raise Skipped("ssh or script is not installed")
    with tempfile.TemporaryDirectory() as base:
        host = Host(folder, base)
        words = [baya, "run", "debian", "--ssh=%d" % host.port, "--share=" + host.share,
                 "-fsdev", "local,id=f,path=%s,security_model=none" % host.share, "-snapshot",
                 *options]
        line = "stty rows %d cols %d; exec %s" % (ROWS, COLUMNS, " ".join(words))
        terminal = ["env"] + ["%s=%s" % item for item in host.environment.items()
                              if re.fullmatch(r"HOME|TERM|XDG_\w+", item[0])]
        with Machine(terminal + ["script", "-qec", line, "/dev/null"], log) as machine:
            machine.expect("ssh -p %d debian@127.0.0.1" % host.port)
            machine.expect(LOGIN, never=TROUBLE)
            print("%.1f s to the login" % machine.seconds)
            yield machine, host
            machine.wait(0)
            print("%.1f s" % machine.seconds)


def run(baya, folder, log):
    """From the boot to a clean end, by all that a user does."""
    with debian(baya, folder, log, "-device", "virtio-fs-device,fsdev=f,tag=again") as (
            machine, host):
        check_terminal(host)
        check(host.ssh("id -un; sudo id -un") == "debian\nroot\n", "the user")
        check(host.ssh("id -un", "root") == "root\n", "root by ssh")
        check_share(host)
        check_apt(host)
        print("%.1f s until all is checked" % machine.seconds)
        power_off(host)


if __name__ == "__main__":
    main({"get": get, "errors": errors, "held": held, "run": run})
