# SPDX-License-Identifier: MIT
"""A folder of the host in the guest, as Linux' own 9P client uses it."""

import hashlib
import os
import random
import subprocess
import tempfile

from bundled import PROMPT, await_shell, power_off
from console import Machine, check, main

MOUNT = "mount -t 9p -o trans=virtio,cache=%s s /mnt; cd /mnt" # a line of the terminal

WORK = """tar xf source.tar
echo $? >status
find source -type f | sort | xargs md5sum >sums
find source -type l | wc -l >links
cp -a source copy && diff -r source copy
echo $? >same
rm -r copy
mv source moved
"""


def make_tree(folder, files=200):
    """A tree such as sources are: folders in folders, small files and some large, links."""
    dice = random.Random(1)
    for n in range(files):
        where = os.path.join(folder, *("d%d" % dice.randrange(5) for _ in range(n % 4)))
        os.makedirs(where, exist_ok=True)
        size = dice.choice((0, 1, 700, 5000, 30000, 4096, 100000 if n % 50 == 0 else 2000))
        with open(os.path.join(where, "file-%d.c" % n), "wb") as file:
            file.write(dice.randbytes(size))
        if n % 20 == 0:
            os.symlink("file-%d.c" % n, os.path.join(where, "link-%d" % n))


def sums(folder):
    """What `find -type f | sort | xargs md5sum` prints, and where links lead to."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            key = os.path.relpath(full, folder)
            if os.path.islink(full):
                found[key] = os.readlink(full)
            else:
                with open(full, "rb") as file:
                    found[key] = hashlib.md5(file.read()).hexdigest()
    return found


def tree(baya, _, log, security, cache="none"):
    """A source tree is untarred on the share and read back, by the guest and by the host."""
    with tempfile.TemporaryDirectory() as folder:
        share, source = os.path.join(folder, "share"), os.path.join(folder, "source")
        os.mkdir(share)
        make_tree(source)
        subprocess.run(["tar", "-cf", share + "/source.tar", "-C", folder, "source"], check=True)
        with open(share + "/work", "w", encoding="ascii") as file:
            file.write(WORK)
        line = [baya, "-virtfs", "local,path=%s,mount_tag=s,security_model=%s" % (share, security)]
        with Machine(line, log) as machine:
            await_shell(machine)
            machine.command(MOUNT % cache, PROMPT)
            machine.command("sh work; cd; umount /mnt", PROMPT)
            power_off(machine)
        want = sums(source)
        told = "".join("%s  source/%s\n" % (want[name], name) for name in sorted(want)
                       if not os.path.islink(os.path.join(source, name)))
        for name, right in (("status", "0\n"), ("links", "10\n"), ("same", "0\n"),
                            ("sums", told)):
            with open(os.path.join(share, name), encoding="ascii") as file:
                check(file.read() == right, name + " is not as it should be")
        check(sorted(os.listdir(share)) == ["links", "moved", "same", "source.tar", "status",
                                            "sums", "work"], "left: %s" % os.listdir(share))
        if security == "none":
            check(sums(share + "/moved") == want, "the host has another tree")


def fsdev(baya, _, log):
    """-fsdev and -device, readonly, and files that come and go on the host meanwhile."""
    with tempfile.TemporaryDirectory() as share:
        line = [baya, "-fsdev", "local,id=f,path=%s,security_model=none,readonly=on" % share,
                "-device", "virtio-9p-device,fsdev=f,mount_tag=s"]
        with Machine(line, log) as machine:
            await_shell(machine)
            machine.command(MOUNT % "none", PROMPT)
            check("Read-only" in machine.command("touch x", PROMPT), "written to")
            for n in range(3):
                with open(share + "/file", "w", encoding="ascii") as file:
                    file.write("text %d\n" % n)
                check(machine.command("cat file", PROMPT) == "text %d\n" % n, "another text")
                os.unlink(share + "/file")
                check("No such file" in machine.command("cat file", PROMPT), "still there")
            power_off(machine)
        check(not os.listdir(share), "left: %s" % os.listdir(share))


def run(baya, *arguments):
    return subprocess.run([baya, "run", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=120, check=False)


def command(baya, _, __):
    """baya run: output and nothing else, exit codes, words as they are, the folder."""
    with tempfile.TemporaryDirectory() as share:
        done = run(baya, "--share=" + share, "--", "sh", "-c",
                   "echo \"$1\" | tee file; echo wrong >&2; seq 20000 >many; cat many; exit 42",
                   "sh", "it's a \"word\" $HOME \\ *")
        many = "".join("%d\n" % n for n in range(1, 20001))
        check(done.returncode == 42, "exit code %d" % done.returncode)
        check(done.stdout.decode() == "it's a \"word\" $HOME \\ *\nwrong\n" + many, "output")
        check(not done.stderr, done.stderr.decode())
        with open(share + "/many", encoding="ascii") as file:
            check(file.read() == many, "the file on the host")
        check(run(baya, "--", "true").returncode == 0, "true")
        check(run(baya, "--", "sh", "-c", "kill -9 $$").returncode == 137, "killed")
        check(run(baya, "--share=%s,readonly=on" % share, "--", "rm", "many").returncode == 1,
              "readonly=on")
        done = run(baya, "--clock=virtual", "--compare", "--share=%s,readonly=on" % share, "--",
                   "cat", "many")
        check((done.returncode, done.stdout.decode()) == (0, many), "--compare: %s" % done.stderr)
    for words, text in ((("ls",), "the command follows --"), ((), "needs a command"),
                        (("--share=/nowhere", "--", "ls"), "/nowhere: cannot be shared"),
                        (("-kernel", "x", "--", "ls"), "the bundled guest")):
        done = run(baya, *words)
        check(text in done.stderr.decode() and done.stderr.count(b"\n") == 1, done.stderr.decode())
        check(done.returncode in (2, 3), "exit code %d" % done.returncode)


if __name__ == "__main__":
    main({"tree": tree, "fsdev": fsdev, "command": command})
