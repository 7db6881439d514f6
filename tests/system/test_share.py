# SPDX-License-Identifier: MIT
"""Tests a folder of the host in the guest, as Linux's own 9P and virtio-fs clients use it."""

import hashlib
import os
import random
import socket
import subprocess
import tempfile

from fixtures.bundled import PROMPT, booted
from fixtures.console import PATIENCE, check, main, need

# The options that make the device, and the commands that mount it, for 9P with a cache mode. A
# command must fit into one line of the terminal.
DEVICES = {"9p": "virtio-9p-device,fsdev=f,mount_tag=s", "fs": "virtio-fs-device,fsdev=f,tag=s",
           "fs-pci": "virtio-fs-pci,fsdev=f,tag=s"}
MOUNTS = {"9p": "mount -t 9p -o trans=virtio,cache=%s s /mnt; cd /mnt",
          "fs": "mount -t virtiofs s /mnt; cd /mnt"}

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
    """Makes a tree like that of sources: nested folders, small files and some large ones, links."""
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
    """Returns the digests of all files and the targets of all links, by their paths."""
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


def options(path, device, cache, *more):
    """Returns the options for a share."""
    made = DEVICES[device] + (",cache=" + cache if device != "9p" else "")
    return ["-fsdev", ",".join(("local,id=f,path=" + path, *more)), "-device", made]


def mount(device, cache):
    return MOUNTS[device] % cache if device == "9p" else MOUNTS["fs"]


def tree(baya, _, log, security, device, cache, *more):
    """Unpacks a tree of sources on the share and reads it back, in the guest and on the host."""
    with tempfile.TemporaryDirectory() as folder:
        share, source = os.path.join(folder, "share"), os.path.join(folder, "source")
        os.mkdir(share)
        make_tree(source)
        subprocess.run(["tar", "-cf", share + "/source.tar", "-C", folder, "source"], check=True)
        with open(share + "/work", "w", encoding="ascii") as file:
            file.write(WORK)
        line = [baya, *more, *options(share, device, cache, "security_model=" + security)]
        with booted(line, log) as machine:
            machine.command(mount(device, cache), PROMPT)
            machine.command("sh work; cd; umount /mnt", PROMPT)
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


def readonly(baya, _, log, device, *more):
    """Tests a share with readonly=on, in which the host makes and removes a file."""
    with tempfile.TemporaryDirectory() as share:
        line = [baya, *more, *options(share, device, "none", "security_model=none", "readonly=on")]
        with booted(line, log) as machine:
            machine.command(mount(device, "none"), PROMPT)
            check("Read-only" in machine.command("touch x", PROMPT), "written to")
            for n in range(3):
                with open(share + "/file", "w", encoding="ascii") as file:
                    file.write("text %d\n" % n)
                check(machine.command("cat file", PROMPT) == "text %d\n" % n, "another text")
                os.unlink(share + "/file")
                check("No such file" in machine.command("cat file", PROMPT), "still there")
        check(not os.listdir(share), "left: %s" % os.listdir(share))


def virtfs(baya, _, log):
    """Tests -virtfs, the short form."""
    with tempfile.TemporaryDirectory() as share:
        line = [baya, "-virtfs", "local,path=%s,mount_tag=s,security_model=none" % share]
        with booted(line, log) as machine:
            machine.command(mount("9p", "none"), PROMPT)
            machine.command("echo text >file", PROMPT)
        with open(share + "/file", encoding="ascii") as file:
            check(file.read() == "text\n", "another text")


def modes(baya, _, log, device, *more):
    """Checks that new files get the modes that the guest asks for, whatever the host's umask."""
    with tempfile.TemporaryDirectory() as share:
        line = [baya, *more, *options(share, device, "none", "security_model=none")]
        before = os.umask(0o027)
        try:
            with booted(line, log) as machine:
                machine.command(mount(device, "none"), PROMPT)
                machine.command("umask 0; touch f; mkdir d; umask 022; touch g", PROMPT)
        finally:
            os.umask(before)
        found = {name: os.stat(os.path.join(share, name)).st_mode & 0o7777 for name in "fdg"}
        check(found == {"f": 0o666, "d": 0o777, "g": 0o644}, "the modes are %s" % found)


# The lines of a script, and what each prints.
FILES = (
    ("umask 022; mkdir d; echo one >d/a; ln d/a d/b; ln -s a d/l; cat d/b d/l", "one\none\n"),
    ("stat -c '%h %a %F' d/a d/l", "2 644 regular file\n1 777 symbolic link\n"),
    ("rm d/b; echo two >>d/a; cat d/l; stat -c %h d/a", "one\ntwo\n1\n"),
    ("mv d/a d/c; cat d/l 2>&1 | grep -c 'No such'; ls -1 d", "1\nc\nl\n"),
    ("mv d e; mkdir d; echo x >d/c; mv d/c e/c; cat e/c", "x\n"),
    ("rmdir e 2>&1 | grep -c 'not empty'; rm e/*; rmdir d e; ls", "1\nscript\n"),
    ("touch -d '2020-02-03 04:05:06' f; stat -c %y f | cut -c-19", "2020-02-03 04:05:06\n"),
    ("chmod 4751 f; chown 7:8 f; stat -c '%u:%g' f", "7:8\n"),
    ("seq 100000 >f; truncate -s 10 f; wc -c <f; od -An -c f", "10\n   1  \\n   2  \\n   3  "
     "\\n   4  \\n   5  \\n\n"),
    ("exec 3<>f; rm f; echo more >&3; cat /proc/self/fd/3 | wc -c; exec 3>&-", "10\n"),
    ("dd if=/dev/urandom of=big bs=1M count=9 2>/dev/null; cp big /tmp/big; sync; "
     "dmesg -n 1; echo 3 >/proc/sys/vm/drop_caches; cmp big /tmp/big; echo $?; rm big", "0\n"),
    ("seq 1000 | xargs -n 500 touch; ls | wc -l; rm [0-9]*; ls", "1001\nscript\n"),
    ("df . | grep -c /mnt; mkfifo p; test -p p; echo $?; rm p", "1\n0\n"),
)


def files(baya, _, log, device, cache, *more):
    """Runs a script of common operations on files."""
    with tempfile.TemporaryDirectory() as share:
        with open(share + "/script", "w", encoding="ascii") as file:
            file.write("".join(line + "\n" for line, _ in FILES))
        line = [baya, *more, *options(share, device, cache, "security_model=mapped-xattr")]
        with booted(line, log) as machine:
            machine.command(mount(device, cache), PROMPT)
            got = machine.command("sh script", PROMPT)
        want = "".join(text for _, text in FILES)
        check(got == want, "got %r, not %r" % (got, want))
        check(os.listdir(share) == ["script"], "left: %s" % os.listdir(share))


def run(baya, *arguments, **streams):
    """Runs `baya run`. Standard input is empty and the output is captured, unless `streams` says
    otherwise; returns the finished process."""
    if "input" not in streams:
        streams.setdefault("stdin", subprocess.DEVNULL)
    streams.setdefault("stdout", subprocess.PIPE)
    streams.setdefault("stderr", subprocess.PIPE)
    return subprocess.run([baya, "run", *arguments], timeout=PATIENCE, check=False, **streams)


def command(baya, _, __):
    """
    Tests `baya run`: its output, which is the command's alone, exit codes, arguments, which are
    passed on unchanged, and a shared folder; also with --compare and input.
    """
    with tempfile.TemporaryDirectory() as share:
        done = run(baya, "--share=" + share, "--", "sh", "-c",
                   "echo \"$1\" | tee file; echo wrong >&2; seq 20000 >many; cat many; exit 42",
                   "sh", "it's a \"word\" $HOME \\ *")
        many = "".join("%d\n" % n for n in range(1, 20001))
        check(done.returncode == 42, "exit code %d" % done.returncode)
        check(done.stdout.decode() == "it's a \"word\" $HOME \\ *\n" + many, "output")
        check(done.stderr == b"wrong\n", done.stderr.decode())
        with open(share + "/many", encoding="ascii") as file:
            check(file.read() == many, "the file on the host")
        check(run(baya, "--", "true").returncode == 0, "true")
        check(run(baya, "--", "sh", "-c", "kill -9 $$").returncode == 137, "killed")
        check(run(baya, "--share=%s,readonly=on" % share, "--", "rm", "many").returncode == 1,
              "readonly=on")
        done = run(baya, "-m", "128M", "--clock=virtual", "--compare",
                   "--share=%s,readonly=on" % share, "--", "sh", "-c", "tr a-z A-Z; cat many",
                   input=b"text" * 999)
        check((done.returncode, done.stdout.decode()) == (0, "TEXT" * 999 + many),
              "--compare: %s" % done.stderr)
    for words, text in ((("ls",), "the command follows --"), ((), "needs a command"),
                        (("--share=/nowhere", "--", "ls"), "/nowhere: cannot be shared"),
                        (("-kernel", "x", "--", "ls"), "the bundled guest")):
        done = run(baya, *words)
        check(text in done.stderr.decode() and done.stderr.count(b"\n") == 1, done.stderr.decode())
        check(done.returncode in (2, 3), "exit code %d" % done.returncode)


def signals(baya, _, __):
    """Tests `baya run`: it names the signal that ends the command, in order with the command's
    output, and says nothing of a command that exits with the same code."""
    for number, name in ((4, "Illegal instruction"), (6, "Aborted"), (9, "Killed"),
                         (11, "Segmentation fault")):
        done = run(baya, "--", "sh", "-c", "echo out; kill -%d $$" % number)
        want = b"baya: sh was ended by signal %d (%s)\n" % (number, name.encode())
        check((done.returncode, done.stdout, done.stderr) == (128 + number, b"out\n", want),
              "signal %d: %s" % (number, done))
    done = run(baya, "--", "sh", "-c", "echo out; echo error >&2; exit 139")
    check((done.returncode, done.stdout, done.stderr) == (139, b"out\n", b"error\n"),
          "exit: %s" % done)
    # A full /run does not lose it.
    done = run(baya, "--", "sh", "-c", "echo out; cat /dev/zero >/run/full 2>/dev/null; kill -9 $$",
               stderr=subprocess.STDOUT)
    check((done.returncode, done.stdout) ==
          (137, b"out\nbaya: sh was ended by signal 9 (Killed)\n"), "in one stream: %s" % done)
    # The command has only its three streams, and those of ls.
    done = run(baya, "--", "ls", "/proc/self/fd")
    check(done.stdout.split() == [b"0", b"1", b"2", b"3"], "open files: %s" % done.stdout)


# Reads files, waits until the host has changed them, and reads them again.
WATCH = """cat conf grown removed; until [ -e flag ]; do sleep .1; done; sleep 1.1
cat conf grown; cat removed 2>/dev/null || echo none; echo new >removed; cat removed; exit 3"""


def changes(baya, _, __):
    """Tests `baya run`: the command sees what others change in its folder, whether a file appears,
    grows, is replaced or is removed."""
    with tempfile.TemporaryDirectory() as share:
        def write(name, text):
            with open(os.path.join(share, name), "w", encoding="ascii") as file:
                file.write(text)

        for name in ("conf", "grown", "removed"):
            write(name, name + "\n")
        with subprocess.Popen([baya, "run", "--share=" + share, "--", "sh", "-c", WATCH],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            got = [process.stdout.readline().decode() for _ in range(3)]
            write("other", "conf 2\n")
            os.rename(share + "/other", share + "/conf")
            write("grown", "grown\nmore\n")
            os.unlink(share + "/removed")
            write("flag", "")
            got += process.communicate(timeout=PATIENCE)[0].decode().splitlines(True)
        check(got == ["conf\n", "grown\n", "removed\n", "conf 2\n", "grown\n", "more\n", "none\n",
                      "new\n"], "the command sees %s" % got)
        check(process.returncode == 3, "exit code %d" % process.returncode)
        with open(share + "/removed", encoding="ascii") as file:
            check(file.read() == "new\n", "the file that is made anew")


SYSROOT = "/usr/riscv64-linux-gnu"  # of the cross-compiler's C library, libc6-riscv64-cross


def programs(baya, _, __):
    """Tests `baya run` with compiled programs: static ones, and with -L dynamic ones. A program
    that the guest cannot run is refused before the start, with advice."""
    need({"riscv64-linux-gnu-gcc": "gcc-riscv64-linux-gnu", "cc": "gcc"})
    with tempfile.TemporaryDirectory() as share:
        with open(share + "/hello.c", "w", encoding="ascii") as file:
            file.write("#include <stdio.h>\nint main(void) { return puts(\"hello\") < 0; }\n")
        for compiler, kind, name in (("riscv64-linux-gnu-gcc", "-static", "static"),
                                     ("riscv64-linux-gnu-gcc", "-pie", "dynamic"),
                                     ("cc", "-pie", "native")):
            subprocess.run([compiler, kind, "-o", share + "/" + name, share + "/hello.c"],
                           check=True)
        done = run(baya, "--share=" + share, "--", "./static")
        check((done.returncode, done.stdout) == (0, b"hello\n"), "static: %s" % done.stderr)
        done = run(baya, "-L", SYSROOT, "--share=" + share, "--", "./dynamic")
        check((done.returncode, done.stdout) == (0, b"hello\n"), "dynamic: %s" % done.stderr)
        done = run(baya, "-L", SYSROOT, "--", "sh", "-c", "ls -d /lib; touch /lib/x")
        check((done.returncode, done.stdout) == (1, b"/lib\n"), "read-only: %s" % done.stderr)
        done = run(baya, "-L", share, "--share=" + share, "--", "./dynamic")
        check(done.returncode == 2 and "-L %s has no /lib/ld-linux-" % share in
              done.stderr.decode(), "another -L: %s" % done.stderr)
        for name, text in (("dynamic", "link it with -static, or name a folder that has it: -L "),
                           ("native", "another processor")):
            done = run(baya, "--share=" + share, "--", "./" + name)
            check(done.returncode == 2 and text in done.stderr.decode() and
                  done.stderr.count(b"\n") == 1, "%s: %s" % (name, done.stderr))
        # A program that does not fit into the memory is refused, too.
        with open(share + "/large.c", "w", encoding="ascii") as file:
            file.write("char a[700 << 20];\nint main(void) { return a[699 << 20]; }\n")
        subprocess.run(["riscv64-linux-gnu-gcc", "-static", "-mcmodel=medany", "-o",
                        share + "/large", share + "/large.c"], check=True)
        done = run(baya, "--share=" + share, "--", "./large")
        check(done.returncode == 2 and b"700 MiB of variables" in done.stderr,
              "large: %s" % done.stderr)
        done = run(baya, "-m", "1212M", "--share=" + share, "--", "./large")
        check(done.returncode == 0, "large, with more memory: %s" % done.stderr)
        # Without --share the guest has neither these programs nor any others of the host.
        for name, text in (("static", "share its folder: baya run --share=. -- ./static"),
                           ("dynamic", "link it with -static")):
            done = run(baya, "--", "./" + name, cwd=share)
            check(done.returncode == 2 and text in done.stderr.decode(),
                  "%s without a share: %s" % (name, done.stderr))
        # Programs can read the counters, as on most systems for which they are written.
        with open(share + "/count.c", "w", encoding="ascii") as file:
            file.write("int main(void) { unsigned long a, b;\n"
                       "__asm__ volatile(\"rdcycle %0\\nrdinstret %1\" : \"=r\"(a), \"=r\"(b));\n"
                       "return !a || !b; }\n")
        subprocess.run(["riscv64-linux-gnu-gcc", "-static", "-o", share + "/count",
                        share + "/count.c"], check=True)
        for cpu in ("max", "rv64gc", "c906"):
            done = run(baya, "-cpu", cpu, "--share=" + share, "--", "./count")
            check(done.returncode == 0, "%s: rdcycle: %d" % (cpu, done.returncode))
        # Commands in a script are left to the guest.
        done = run(baya, "--share=" + share, "--", "sh", "-c", "./dynamic || echo $?")
        check(done.stdout == b"127\n", "in a script: %s %s" % (done.stdout, done.stderr))


def places(baya, _, __):
    """Tests `baya run`: in the guest the share has the same paths as on the host, relative names
    are those of the host's current folder if it is in the share, and no file that the guest needs
    is hidden."""
    with tempfile.TemporaryDirectory() as top:
        share, known, away = (top + name for name in ("/it's a \"share\" $HOME", "/known", "/away"))
        for folder in (share, share + "/d", away):
            os.mkdir(folder)
        os.symlink(share, known)
        for name in (share + "/d/program", away + "/program"):
            with open(name, "w", encoding="ascii") as file:
                file.write("#!/bin/sh\npwd; echo text >\"$1\"\n")
            os.chmod(name, 0o755)
        os.symlink(share + "/d/program", share + "/link")
        os.symlink(away + "/program", share + "/out")
        for start, name, program in (
                (share, share, share + "/d/program"), (share, ".", "./link"),
                (known, ".", known + "/d/program"), (share + "/d", "..", share + "/link"),
                (share + "/d", share, "./program"), (known + "/d", known, "../d/program"),
                (away, ".." + share[len(top):] + "/", share + "/link"),
                (top, known, known + "/link"), (share, ".", "d/../.." + share[len(top):] + "/link")):
            done = run(baya, "--share=" + name, "--", program, share + "/d/made", cwd=start,
                       env=dict(os.environ, PWD=start))
            below = "/d" if start.endswith("/d") else ""
            check((done.returncode, done.stdout.decode(), done.stderr) ==
                  (0, share + below + "\n", b""),
                  "%s of %s: %s %s" % (program, name, done.stdout, done.stderr))
            check(os.path.exists(share + "/d/made"), program + ": its file is lost")
            os.unlink(share + "/d/made")
        for name, program in ((share, away + "/program"), (share, "../away/program"),
                              (share, "./out"), (None, away + "/program")):
            done = run(baya, *(["--share=" + name] if name else []), "--", program)
            check(done.returncode == 2 and "share its folder: baya run --share=%s -- %s/program" %
                  (away, away) in done.stderr.decode() and done.stderr.count(b"\n") == 1,
                  "%s: %s" % (program, done.stderr))
        done = run(baya, "--share=" + share, "--", "./program", cwd=away)
        check(done.returncode == 2 and b"share its folder: baya run --share=" in done.stderr,
              "in another folder: %s" % done.stderr)
        done = run(baya, "--share=/,readonly=on", "--", away + "/program", cwd=away)
        check(done.returncode == 2 and
              "is /mnt%s/program in the guest" % away in done.stderr.decode(),
              "of the root: %s" % done.stderr)
        done = run(baya, "--share=/,readonly=on", "--", "pwd", cwd=away)
        check(done.stdout.decode() == "/mnt%s\n" % away, "in the root: %s" % done.stdout)
        # A share does not replace folders of the guest's.
        for name in ("/", "/bin", "/proc", "/sys", "/dev", "/run", "/usr"):
            done = run(baya, "--share=%s,readonly=on" % name, "--", "/bin/sh", "-c",
                       "pwd; cat /proc/1/comm; ls /usr/bin/vmm; mount -t virtiofs | wc -l",
                       cwd=name)
            check((done.returncode, done.stdout) == (0, b"/mnt\ninit\n/usr/bin/vmm\n1\n"),
                  "%s: %s %s" % (name, done.stdout, done.stderr))


def left(baya, _, __):
    """Tests `baya run`: it ends with its command, even if processes are left that have its streams
    open; what the command has written before is not lost."""
    numbers = "".join("%d\n" % n for n in range(1, 200001))
    for more in ({}, {"stderr": subprocess.STDOUT}):
        done = run(baya, "--", "sh", "-c", "(trap '' TERM HUP; sleep 3000; echo late) & "
                   "yes >/dev/null & seq 200000; exit 3", **more)
        check((done.returncode, done.stdout.decode()) == (3, numbers),
              "exit code %d, %d bytes" % (done.returncode, len(done.stdout)))
        check(not done.stderr, "stderr: %s" % done.stderr)
    # It can begin a session or a group of its own.
    done = run(baya, "--", "setsid", "sh", "-c", "sleep 1; echo late; exit 3")
    check((done.returncode, done.stdout) == (3, b"late\n"),
          "exit code %d, %s" % (done.returncode, done.stdout))
    # A signal to its group reaches nothing else, and a full /run does not lose the exit code.
    done = run(baya, "--", "sh", "-c", "trap '' TERM; echo before; kill 0; echo after; "
               "cat /dev/zero >/run/full 2>/dev/null; exit 3")
    check((done.returncode, done.stdout) == (3, b"before\nafter\n"),
          "exit code %d, %s" % (done.returncode, done.stdout))


def reboots(baya, _, __):
    """Tests `baya run`: a guest that reboots or powers off before its command has ended ends the
    run, with an error."""
    with tempfile.TemporaryDirectory() as share:
        for how, said in (("reboot", b"reset"), ("poweroff", b"shut down")):
            done = run(baya, "--share=" + share, "--", "sh", "-c",
                       "echo run >>log; sync; %s -f; sleep 9" % how)
            check(done.returncode == 1, "%s: exit code %d" % (how, done.returncode))
            check(done.stderr == b"baya: the guest was %s before the command ended\n" % said,
                  "%s: it says %s" % (how, done.stderr))
            with open(share + "/log", encoding="ascii") as file:
                check(file.read() == "run\n", how + ": the command ran again")
            os.unlink(share + "/log")
        done = run(baya, "-action", "reboot=reset", "--share=" + share, "--", "sh", "-c",
                   "echo run >>log; sync; [ $(wc -l <log) -lt 3 ] && reboot -f && sleep 9; exit 4")
        check((done.returncode, done.stderr) == (4, b""), "asked: %s" % done)


def stays(baya, _, __):
    """Tests `baya run -no-shutdown`: the machine stays when the command has ended, and `quit` ends
    Baya with the exit code of the command."""
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/monitor"
        with subprocess.Popen([baya, "run", "-no-shutdown",
                               "-monitor", f"unix:{path},server=on,wait=off",
                               "--", "sh", "-c", "exit 3"],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            said = process.stderr.readline()
            check(b"the machine stays stopped" in said, "it says %s" % said)
            with socket.socket(socket.AF_UNIX) as monitor:
                monitor.connect(path)
                monitor.sendall(b"quit\n")
                code = process.wait(PATIENCE)
            check(code == 3, "exit code %d" % code)


def environment(baya, _, __):
    """Tests -E of `baya run`: nothing else of the host's environment is passed on."""
    value = "it's a \"b\" $HOME \\ *\n="
    given = dict(os.environ, COMMAS="a,b", UNUSED="x")
    done = run(baya, "-E", "ONE=%s" % value, "-E", "TWO=a,,b,THREE=", "-E", "COMMAS",
               "-E", "MISSING", "-E", "TWICE=1", "-E", "TWICE=2", "-E", "PATH=/nowhere:/bin",
               "--", "sh", "-c", "printf '%s|' \"$ONE\" \"$TWO\" \"${THREE-unset}\" \"$COMMAS\" "
               "\"${MISSING-unset}\" \"$TWICE\" \"$PATH\" \"${UNUSED-unset}\"", env=given)
    want = "|".join((value, "a,b", "", "a,b", "unset", "2", "/nowhere:/bin", "unset", ""))
    check((done.returncode, done.stdout.decode()) == (0, want), "%s %s" % (done.stdout, done.stderr))
    for wrong in ("", "1A", "1A=x", "A B=x"):
        done = run(baya, "-E", wrong, "--", "true", env=dict(os.environ, **{"1A": "x"}))
        check(done.returncode == 2 and b"sets no variable" in done.stderr, "%s" % done.stderr)


def streams(baya, _, __):
    """Tests `baya run`: standard input, output and error are the command's, with arbitrary data."""
    data = random.Random(2).randbytes(3000001)
    done = run(baya, "--", "sh", "-c", "tee /dev/stderr; echo end; exit 7", input=data)
    check(done.returncode == 7, "exit code %d" % done.returncode)
    check(done.stdout == data + b"end\n", "standard output: %d bytes" % len(done.stdout))
    check(done.stderr == data, "standard error: %d bytes" % len(done.stderr))
    done = run(baya, "--", "wc", "-c")
    check((done.stdout, done.stderr) == (b"0\n", b""), "no input: %s" % done.stdout)
    # A program can open its input by a name, also after the end of the input.
    for data in (b"", b"hello\n"):
        done = run(baya, "--", "sh", "-c", "sleep 1; cat /dev/stdin; cat /dev/stdin; exit 5",
                   input=data)
        check((done.returncode, done.stdout) == (5, data), "/dev/stdin: %s" % done.stdout)
    both = "".join("out %d\nerr %d\n" % (n, n) for n in range(500))
    done = run(baya, "--", "sh", "-c", "for n in $(seq 0 499); do echo out $n; echo err $n >&2; "
               "done", stderr=subprocess.STDOUT)
    check(done.stdout.decode() == both, "the order of two streams in one")
    # A reader that closes its end of the pipe ends the run; a slow reader loses no data.
    for command, code in (("head -c 9", 141), ("(sleep 1; md5sum)", 0)):
        line = "%s run -- sh -c 'seq 300000; [ %d = 0 ] || yes' | %s; exit ${PIPESTATUS[0]}"
        done = subprocess.run(["bash", "-c", line % (baya, code, command)], timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        check(done.returncode == code, "%s: exit code %d" % (command, done.returncode))
    numbers = "".join("%d\n" % n for n in range(1, 300001)).encode()
    check(done.stdout.decode().split()[0] == hashlib.md5(numbers).hexdigest(), "slow reader")


if __name__ == "__main__":
    main({"tree": tree, "files": files, "readonly": readonly, "virtfs": virtfs, "command": command,
          "changes": changes, "programs": programs, "places": places, "left": left,
          "reboots": reboots, "stays": stays, "environment": environment, "streams": streams,
          "modes": modes, "signals": signals})
