# SPDX-License-Identifier: MIT
"""
Tests Debian in two commands: `baya get debian` makes a disk of packages, `baya run debian` boots it
with a network. In it the tests use ssh from the host with the user's key, a package by apt, a
shared folder, the size of the terminal, and a desktop in the window. The disks stay in desk/ and
desktop/ of the build folder and are made again when the scripts that make them change.
"""

import contextlib
import fcntl
import functools
import os
import re
import socket
import subprocess
import tempfile

from fixtures import disk_image
from fixtures.console import Machine, Skipped, check, main, need
from fixtures.desktop import (Desktop, await_window, press_close, screendump, type_keys, until,
                     window_pixels, xdotool)

SCRIPTS = os.path.join(os.path.dirname(__file__), "../../../roms")
ROWS, COLUMNS = 33, 101
LOGIN = r"debian login: "
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]
# Runs a command with little room in the folder $0, and prints the initrd that is there then.
FULL = """exec 3<"$0/disk.img"
mount -t tmpfs -o size=4m none "$0" && ln -s /proc/self/fd/3 "$0/disk.img" && echo old >"$0/initrd.img"
"$@"; code=$?; cat "$0/initrd.img"; exit $code"""
TROUBLE = r"Kernel panic|Oops|BUG:|rcu: INFO|\[FAILED\]|Emergency"


def home(folder, name):
    """Returns the environment of a user whose home is folder/name. Its folders have names such as
    servers for builds make of the names of their jobs."""
    base = os.path.join(folder, name)
    return dict(os.environ, HOME=base, XDG_DATA_HOME=base + "/the data, 1",
                XDG_CACHE_HOME=base + "/the cache, 1")


def disk_of(folder, name):
    return os.path.join(home(folder, name)["XDG_DATA_HOME"], "baya/debian/disk.img")


def is_new(disk):
    """Returns whether the disk is newer than all scripts that make it."""
    made = os.path.getmtime(disk) if os.path.exists(disk) else 0
    files = [os.path.join(path, name) for path, _, names in os.walk(SCRIPTS + "/debian")
             for name in names] + [SCRIPTS + "/debian13"]
    return all(os.path.getmtime(file) < made for file in files)


def get(baya, folder, log, name):
    """Makes the disk of this name, unless a current one is there."""
    environment = home(folder, name)
    options = ["--desktop"] if name == "desktop" else []
    os.makedirs(environment["HOME"], exist_ok=True)
    if is_new(disk_of(folder, name)):
        return
    with open(log, "ab") as out:
        done = subprocess.run([baya, "get", "debian", "--force", *options],
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
    """Checks that each mistake is reported in one line, with the exit code for the user's or the
    host's fault."""
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
        unwritable(baya, base, environment)


def unwritable(baya, base, environment):
    """Checks that the message about a folder or a file that cannot be written names it."""
    cache = environment["XDG_CACHE_HOME"] + "/baya/debian"
    lists = base + "/sources.list"
    with open(lists, "w", encoding="ascii") as file:
        file.write("deb http://127.0.0.1:9/debian trixie main\n")
    os.makedirs(cache + "/.apt/lock", exist_ok=True)
    for changed, text in (
            ({"XDG_DATA_HOME": lists}, lists + "/baya/debian; XDG_DATA_HOME says where else"),
            ({"XDG_CACHE_HOME": lists}, lists + "/baya/debian; XDG_CACHE_HOME says where else"),
            ({}, cache + "/.apt/lock")):
        done = subprocess.run([baya, "get", "debian"], capture_output=True, text=True, check=False,
                              env=dict(environment, DEBIAN13_SOURCES=base, **changed))
        check(done.returncode == 3 and done.stderr.endswith(
            "baya: get debian: cannot write to %s\n" % text), "%s: %s" % (changed, done.stderr))


def make_small(folder, log):
    """Makes a disk of one package, which contains the folders that the scripts need. The scripts
    are readable by their owner alone, and the umask makes all new files so, too. Returns the disk's
    path."""
    work, tree = os.path.join(folder, "work"), os.path.join(folder, "package")
    for name in ("DEBIAN", "etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/ssh",
                 "usr/lib/modules/6.12.0"):
        os.makedirs(os.path.join(tree, name))
    with open(tree + "/DEBIAN/control", "w", encoding="ascii") as file:
        file.write("Package: small\nVersion: 1\nArchitecture: all\nMaintainer: Test <test@test>\n"
                   "Description: folders\n")
    os.makedirs(work)
    with open(work + "/list", "w", encoding="ascii") as file:
        file.write(folder + "/small_1.deb\n")
    with open(log, "ab") as out:
        for command in (["chmod", "-R", "go=rX", tree],
                        ["dpkg-deb", "-b", tree, folder + "/small_1.deb"],
                        ["cp", "-r", SCRIPTS + "/debian", SCRIPTS + "/debian13", folder],
                        ["chmod", "-R", "go=", folder + "/debian"],
                        ["fakeroot", "--", folder + "/debian/make-disk", work, "64M", folder]):
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                           umask=0o077, env=dict(os.environ, DEBIAN13_SOURCES=folder))
    return work + "/disk.img"


def modes(_, folder, log):
    """Checks that files on a disk have the modes of a system's files whatever the modes and the
    umask of its maker are, and that the disk itself has the mode that the umask gives."""
    need({"fakeroot": "fakeroot", "debugfs": "e2fsprogs", "depmod": "kmod"})
    with tempfile.TemporaryDirectory(dir=folder, prefix="a name, with blanks") as base:
        disk = make_small(base, log)
        mode = os.stat(disk).st_mode & 0o777
        check(mode == 0o600, "the disk has mode %o" % mode)
        for name, mode in (("/", "0755"), ("/usr", "0755"), ("/etc/systemd/network", "0755"),
                           ("/etc/hosts", "0644"), ("/etc/systemd/network/80-wired.network", "0644"),
                           ("/var/lib/baya/configure", "0755")):
            said = subprocess.run(["debugfs", "-R", "stat " + name, disk], check=True,
                                  capture_output=True, text=True).stdout
            check("Mode:  " + mode in said, "%s: %s" % (name, said[:120]))


def held(baya, folder, log):
    """Checks that a disk is not replaced while a machine runs on it."""
    with tempfile.TemporaryDirectory(dir=folder) as base:
        environment = home(base, "user")
        disk = os.path.join(environment["XDG_DATA_HOME"], "baya/debian/disk.img")
        os.makedirs(os.path.dirname(disk))
        with open(disk, "wb") as file:
            file.truncate(1 << 20)
        with Machine([baya, "-S", "-display", "none", "-serial", "none", "-monitor", "stdio",
                      "-drive", "file=%s,format=raw" % disk.replace(",", ",,")], log) as machine:
            machine.expect(r"\(baya\) ")
            for option in ("--force", "--kernel"):
                done = subprocess.run([baya, "get", "debian", option], capture_output=True,
                                      text=True, check=False, env=environment)
                check(done.returncode == 3, "%s: exit code %d" % (option, done.returncode))
                check(done.stderr == "baya: get: %s: a machine runs on it; shut that down first\n"
                      % disk, done.stderr)
        replaced(baya, dict(environment, DEBIAN13_SOURCES=base), disk)


def replaced(baya, environment, disk):
    """Checks that an existing disk can be replaced, also an incomplete one, but by only one process
    at a time."""
    get_anew = functools.partial(subprocess.run, [baya, "get", "debian", "--force"], check=False,
                                 capture_output=True, text=True, env=environment)
    for size in (1 << 20, 511, 0):
        os.truncate(disk, size)
        said = get_anew().stderr
        check("no Debian mirror" in said, said)
        check(os.path.getsize(disk) == size, "the disk is not as it was")
    with open(os.path.join(os.path.dirname(disk), "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = get_anew()
        check(done.returncode == 3, "exit code %d" % done.returncode)
        check(done.stderr == "baya: get debian: another one is at work in %s\n" %
              os.path.dirname(disk), done.stderr)


def kernel(baya, folder, log):
    """Checks that --kernel copies the newest kernel of a disk, and that the old files stay if there
    is no room for the new ones."""
    need({"fakeroot": "fakeroot", "apt-get": "apt", "dpkg": "dpkg"})
    version = "6.12.10-riscv64"
    new = {name: disk_image.noise(size) for name, size in (("vmlinux", 3), ("initrd.img", 2))}
    files = {"boot/%s-%s" % (name, version): data for name, data in new.items()}
    files.update({"boot/%s-6.12.9-riscv64" % name: b"older" for name in new})
    with tempfile.TemporaryDirectory(dir=folder) as base:
        environment = home(base, "user")
        place = os.path.dirname(disk_of(base, "user"))
        os.makedirs(place)
        command = [baya, "get", "debian", "--kernel"]
        run_it = functools.partial(subprocess.run, capture_output=True, text=True, check=False,
                                   env=environment)
        with disk_image.made(place + "/disk.img", 16, files):
            done = run_it(command)
            check(done.returncode == 0 and version in done.stderr, done.stderr)
            for name, data in new.items():
                with open(place + "/" + name, "rb") as file:
                    check(file.read() == data, name + " is another file")
            if run_it(UNSHARE + ["true"]).returncode:
                raise Skipped("no user namespaces here")
            done = run_it(UNSHARE + ["sh", "-c", FULL, place, *command])
            check(done.returncode == 3 and done.stdout == "old\n", done.stdout + done.stderr)
            check(done.stderr == "baya: get debian: initrd.img-%s cannot be copied from %s/disk.img "
                  "to %s: No space left on device while writing file\n" % (version, place, place),
                  done.stderr)


class Host:
    """The host's user, whose home has a key and a shared folder, and the port that leads to the
    guest."""

    def __init__(self, folder, name, base):
        self.environment = home(folder, name)
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
        """Runs a command in the guest by ssh; returns its output."""
        done = subprocess.run(
            ["ssh", "-F", "none", "-p", str(self.port), "-i", self.key, "-o", "BatchMode=yes",
             "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
             "LogLevel=ERROR", "-o", "ConnectionAttempts=10", user + "@127.0.0.1", command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        check(done.returncode == 0, "%s: %s%s" % (command, done.stdout, done.stderr))
        return done.stdout


def power_off(host):
    """Powers the guest off, after a delay in which ssh can report the command's status."""
    host.ssh("systemd-run --on-active=5 systemctl poweroff", "root")


def check_share(host):
    """Checks the shared folder by 9P, which --share mounts, and by virtio-fs."""
    with open(host.share + "/from-host", "w", encoding="ascii") as file:
        file.write("seen\n")
    check(host.ssh("cat /mnt/from-host") == "seen\n", "the guest does not see the share")
    host.ssh("uname -m | sudo tee /mnt/from-guest")
    with open(host.share + "/from-guest", encoding="ascii") as file:
        check(file.read() == "riscv64\n", "the host does not see what the guest wrote")
    # The option `cache=` has a number in /proc/mounts. Without a cache Linux refuses shared
    # writable mappings.
    check(",cache=" in host.ssh("grep ' /mnt 9p ' /proc/mounts"), "no shared mappings")
    host.ssh("mount -t virtiofs again /media", "root")
    check(host.ssh("cat /media/from-host") == "seen\n", "the guest does not see it by virtio-fs")
    check(host.ssh("cp -r /usr/share/misc /media && diff -r /usr/share/misc /mnt/misc && "
                   "rm -r /media/misc && echo same", "root") == "same\n", "virtio-fs and 9P differ")


def check_apt(host):
    """Installs a package from the mirror of the host's packages, by name, over the network."""
    host.ssh("sudo apt-get -q -o Acquire::Languages=none update")
    host.ssh("sudo DEBIAN_FRONTEND=noninteractive apt-get -q -y install hello")
    check(host.ssh("hello") == "Hello, world!\n", "the package is not there")
    host.ssh("sudo dpkg --purge hello")


def check_keys(host):
    """Checks that the host has made sshd's keys on the disk; it does if it has ssh-keygen."""
    modes = host.ssh("stat -c '%U %a' /etc/ssh/ssh_host_*_key", "root")
    check(modes == 3 * "root 600\n", "the keys of sshd: " + modes)


def check_terminal(host):
    size = host.ssh("stty -F /dev/ttyS0 size", "root")
    check(size == "%d %d\n" % (ROWS, COLUMNS), "the terminal's size is " + size)
    check(host.ssh("cat /sys/class/tty/ttyS0/power/wakeup") == "enabled\n",
          "the console wakes nobody")


@contextlib.contextmanager
def debian(baya, folder, log, name, *options):
    """Boots the disk of this name in a terminal, up to the login prompt; yields the machine and its
    Host."""
    if not os.path.exists(disk_of(folder, name)):
        raise Skipped("there is no disk: `baya get debian` could not make it")
    need({"ssh": "openssh-client", "script": "bsdutils"})
    with tempfile.TemporaryDirectory() as base:
        host = Host(folder, name, base)
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
    """Boots, uses all that a user would, and powers off."""
    with debian(baya, folder, log, "desk", "-device", "virtio-fs-device,fsdev=f,tag=again") as (
            machine, host):
        check_terminal(host)
        check(host.ssh("id -un; sudo id -un") == "debian\nroot\n", "the user")
        check(host.ssh("id -un", "root") == "root\n", "root by ssh")
        check_keys(host)
        check_share(host)
        check_apt(host)
        print("%.1f s until all is checked" % machine.seconds)
        power_off(host)


def light(window, left, top):
    """Returns how light a part of the window is, on average: 0 to 255."""
    width, _, pixels = window_pixels(window)
    rows = [pixels[(y * width + left) * 3:(y * width + left + 64) * 3] for y in range(top, top + 16)]
    return sum(map(sum, rows)) / (64 * 16 * 3)


def check_menu(window):
    """Opens the panel's menu with the pointer. The panel and the menu are light, the desktop behind
    the menu is dark."""
    panel, behind = (8, 4), (120, 40)
    until(lambda: light(window, *panel) > 160 and 8 < light(window, *behind) < 96, "no desktop")
    xdotool("mousemove", "--window", window, 50, 12)
    xdotool("click", 1)
    until(lambda: light(window, *behind) > 160, "no menu where the pointer is")
    xdotool("key", "Escape")
    until(lambda: light(window, *behind) < 96, "the menu stays")


def check_xterm(host, window):
    """Opens a terminal in the guest, which gets the focus by a click, and types into it."""
    host.ssh("DISPLAY=:0 setsid xfce4-terminal --geometry=84x24+240+170 >/dev/null 2>&1 &")
    until(lambda: host.ssh("pgrep -P $(pgrep -x xfce4-terminal) bash || true"),
          "no shell in a terminal")
    until(lambda: light(window, 600, 400) < 8, "no terminal on the screen")
    xdotool("mousemove", "--window", window, 600, 400)
    xdotool("click", 1)
    type_keys("lscpu | head; uname -a | tee typed")
    until(lambda: "riscv64" in host.ssh("cat typed 2>/dev/null || true"),
          "what was typed has not come to the terminal")


def desktop(baya, folder, log):
    """Tests Xfce in the window: its menu by the pointer, a terminal by keys, and shutdown by
    closing the window."""
    picture = log[:-len(".log")]
    with Desktop(), debian(baya, folder, log, "desktop", "-display", "sdl") as (machine, host):
        window = await_window("Baya", 1280, 800)
        check_menu(window)
        print("%.1f s to the desktop" % machine.seconds)
        check_xterm(host, window)
        until(lambda: window_pixels(window) == screendump(machine, picture + ".ppm"),
              "the window is not what the guest draws")
        subprocess.run(["import", "-window", window, picture + ".png"], check=True)
        press_close(window)


if __name__ == "__main__":
    main({"get": get, "errors": errors, "held": held, "modes": modes, "kernel": kernel,
          "run": run, "desktop": desktop})
