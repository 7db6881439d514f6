# SPDX-License-Identifier: MIT
"""test_semihost.py BAYA PROGRAM ENGINE: runs semihosted.elf with a folder that contains files and
links that lead out of it, next to which is a secret that must not change; and again with --compare,
with which nothing may be written."""

import os
import re
import string
import subprocess
import sys
import tempfile
import time

LARGE = (string.ascii_lowercase * 7693)[:200000]


def make(top):
    folder = os.path.join(top, "folder")
    os.makedirs(os.path.join(folder, "in"))
    for name, data in (("in/data", bytes(n & 255 for n in range(9000))), ("old", b"old"),
                       ("../secret", b"secret")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    os.symlink("../secret", os.path.join(folder, "link"))
    os.symlink("..", os.path.join(folder, "folder-link"))
    os.symlink(os.path.join(top, "secret"), os.path.join(folder, "absolute-link"))
    os.mkfifo(os.path.join(folder, "fifo"))
    return folder


def run(words, folder):
    """Returns the exit code and the output. The input for the program is written in pieces."""
    with subprocess.Popen(
            [*words, "-rtc", "base=2001-02-03T04:05:06", "-semihosting-config",
             "enable=on,path=%s,arg=prog,arg=one two,arg=%s" %
             (folder, os.path.realpath(folder))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True) as done:
        output = done.stdout.readline()
        for text in ("typed ", "li", "ne\nX"):
            done.stdin.write(text)
            done.stdin.flush()
            time.sleep(0.05)  # by then the program has usually requested more
        done.stdin.close()
        output += done.stdout.read()
    print(output.replace(LARGE, "(all of the large text)"))
    return done.returncode, output


def compared(words):
    with tempfile.TemporaryDirectory() as top:
        folder = make(top)
        before = sorted(os.listdir(folder))
        assert run([*words, "--compare"], folder)[0] == 1  # the program cannot write its file
        assert sorted(os.listdir(folder)) == before
        assert os.listdir(os.path.join(folder, "in")) == ["data"]


def kernel_command_line(words):
    """Checks that the command line is split like QEMU's -append with a kernel; without the folder
    the program finds no files."""
    done = subprocess.run([*words, "-append", "a  b c ", "-semihosting"], input="typed line\nX",
                          capture_output=True, text=True, check=False)
    assert "\nsemihosted.elf a b c\n" in done.stdout, done.stdout


def terminals(words):
    """Checks that the console is a terminal only where Baya's own streams are one, and under the
    virtual clock always."""
    for clock, streams in (("host", ()), ("host", (0,)), ("host", (1,)), ("host", (0, 1)),
                           ("virtual", ())):
        master, slave = os.openpty()
        ends = [slave if n in streams else subprocess.PIPE for n in (0, 1)]
        with subprocess.Popen([*words, "--clock=" + clock], stdin=ends[0], stdout=ends[1],
                              stderr=subprocess.DEVNULL) as done:
            output = b""
            while b"terminals: " not in output or not output.endswith(b"\n"):
                more = os.read(master if 1 in streams else done.stdout.fileno(), 1)
                assert more, output
                output += more
            done.kill()
        told = [clock == "virtual" or n in streams for n in (0, 1)]
        assert "terminals: %d%d" % tuple(told) in output.decode(), output
        os.close(master)
        os.close(slave)


def main():
    baya, program, engine = sys.argv[1:]
    if engine != "interp":  # with which the other engines are compared
        compared([baya, program, "--engine=" + engine])
    terminals([baya, program, "--engine=" + engine])
    kernel_command_line([baya, "-nographic", "-bios", "none", "-kernel", program,
                         "--engine=" + engine])
    with tempfile.TemporaryDirectory() as top:
        folder = make(top)
        log = os.path.join(top, "log")
        code, output = run([baya, program, "--engine=" + engine, "-d", "guest_errors,unimp", "-D",
                            log], folder)
        assert code == 0 and "to the console\n" in output and LARGE in output
        assert "\nprog one two /" in output and "of errors\n" in output
        with open(os.path.join(folder, "in/out"), encoding="ascii") as file:
            assert file.read() == "WriTten\nmore\n"
        with open(os.path.join(top, "secret"), encoding="ascii") as file:
            assert file.read() == "secret"
        assert sorted(os.listdir(top)) == ["folder", "log", "secret"]
        with open(log, encoding="ascii") as file:
            said = file.read()
        for words in ("call 0x30 at 0x[0-9a-f]+: cannot write 0x18000000, size 8",
                      "call 0x1 at 0x[0-9a-f]+: cannot read 0x18000000, size 5",
                      "call 0x1 at 0x[0-9a-f]+: cannot read 0x18000000, size 24",
                      "call 0x7777 at 0x[0-9a-f]+ does not exist here"):
            assert re.search("^hart 0: semihosting %s$" % words, said, re.M), (words, said)
        assert "old" not in os.listdir(folder)


main()
