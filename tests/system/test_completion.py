# SPDX-License-Identifier: MIT
"""Tests completion in each shell that has it, as a user types: a tab where the word is to be
completed, then Enter. The `baya` that the shells run is a stub, which passes requests for
completion on to the real one and otherwise writes its arguments to a file."""

import os
import pty
import select
import shlex
import shutil
import subprocess
import tempfile
import time

from fixtures.console import PATIENCE, Failed, check, main, need

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../frontends/cli/completion")

STUB = """#!/bin/sh
[ "$1" = __complete ] && exec %s "$@"
printf '%%s\\n' "$@" >words.new
mv words.new words
"""

# The words before the tab, and the completed last word.
CASES = (
    ("scr", "screenshot"),
    ("help cyc", "cycles"),
    ("cycles --agai", "--against="),
    ("test --juni", "--junit="),
    ("logdiff --n", "--no-csrs"),
    ("--core=sat", "--core=saturn"),
    ("--timing roc", "rocket"),
    ("--timing=cva6,hel", "--timing=cva6,help"),
    ("--core cva6,wbuffer.wo", "cva6,wbuffer.words="),
    ("-cpu rva23s64,zawrs=of", "rva23s64,zawrs=off"),
    ("-cpu rva2", "rva2"),
    ("-M virt,plic=lev", "virt,plic=level"),
    ("-device virtio-net-device,net", "virtio-net-device,netdev="),
    ("-device virtio-net-device,mq=of", "virtio-net-device,mq=off"),
    ("-netdev user,hostf", "user,hostfwd="),
    ("-netdev stream,addr.type=in", "stream,addr.type=inet"),
    ("-chardev socket,recon", "socket,reconnect="),
    ("-object filter-d", "filter-dump"),
    ("-object filter-dump,maxl", "filter-dump,maxlen="),
    ("-drive form", "format="),
    ("-drive format=qcow2,file=deep/dis", "format=qcow2,file=deep/disk.img"),
    ("-drive file=de", "file=deep/"),
    ("-kernel a\\ n", "a name & more"),
    ("-kernel ~/hom", "%s/home.img"),
    ("--kernel=deep/d", "--kernel=deep/disk.img"),
)

TABBED = tuple((line + "\t", wanted) for line, wanted in CASES)

# The command itself, typed with a path that contains a blank.
COMMANDS = ("moved\\ dir/bin/baya", "~/moved\\ dir/bin/baya")

# Cases for bash alone, which inserts the prefix that several candidates share.
BASH_CASES = (
    ("-kernel q\t", "q b"),
    ("-drive file=q\t", "file=q b"),
    ("-kernel w\t", "w$"),
    ("-kernel w\t1\t", "w$1.img"),
    ("-kernel 'q b1\t", "q b1.img"),
    ('-kernel "q \t1.img"', "q b1.img"),
    ('-drive file="q b1\t', "file=q b1.img"),
    ('-append "" -kernel deep/d\t', "deep/disk.img"),
)


class Folder:
    """A folder with files that can be completed, and the stub `baya`."""

    def __init__(self, baya):
        self.path = tempfile.mkdtemp()
        for name in ("bin", "deep", "moved dir/bin"):
            os.makedirs(os.path.join(self.path, name))
        for name in ("deep/disk.img", "a name & more", "home.img", "q b1.img", "q b2.img",
                     "w$1.img", "w$2.img"):
            with open(os.path.join(self.path, name), "wb"):
                pass
        stub = os.path.join(self.path, "bin/baya")
        with open(stub, "w", encoding="utf-8") as file:
            file.write(STUB % shlex.quote(os.path.abspath(baya)))
        os.chmod(stub, 0o755)
        os.symlink(stub, os.path.join(self.path, "moved dir/bin/baya"))
        self.environment = dict(os.environ, PATH=self.path + "/bin:" + os.environ["PATH"],
                                HOME=self.path, TERM="dumb", LC_ALL="C.UTF-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)


class Shell:
    """An interactive shell in a Folder."""

    def __init__(self, folder, argv, log):
        self.folder = folder
        self.log = log
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave,
                                        cwd=folder.path, env=folder.environment,
                                        start_new_session=True)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def words(self, line):
        """Types a line; returns the arguments of the command that it runs."""
        path = os.path.join(self.folder.path, "words")
        os.write(self.master, (line + "\n").encode())
        end = time.monotonic() + PATIENCE
        while not os.path.exists(path):
            if select.select([self.master], [], [], 0.1)[0]:
                with open(self.log, "ab") as log:
                    log.write(os.read(self.master, 65536))
            check(time.monotonic() < end, "%r runs nothing" % line)
        with open(path, encoding="utf-8") as file:
            words = file.read().split("\n")[:-1]
        os.remove(path)
        return words


def typed(folder, argv, script, log, cases):
    with Shell(folder, argv, log) as shell:
        os.write(shell.master, (script + "\n").encode())
        shell.words("baya ready")
        for command in COMMANDS:
            words = shell.words(command + " scr\t")
            check(words == ["screenshot"], "%s completes %r" % (command, words))
        for line, wanted in cases:
            wanted = wanted % folder.path if "%" in wanted else wanted
            words = shell.words("baya " + line)
            check(words[-1] == wanted, "%r becomes %r, not %r" % (line, words, wanted))


def bash(baya, _, log):
    with Folder(baya) as folder:
        typed(folder, ("bash", "--norc", "--noprofile", "-i"),
              "bind 'set bell-style none'; . %s/baya.bash" % shlex.quote(SCRIPTS), log,
              TABBED + BASH_CASES)


def zsh(baya, _, log):
    need({"zsh": "zsh"})
    with Folder(baya) as folder:
        typed(folder, ("zsh", "-f", "-i"),
              "fpath=(%s $fpath); autoload compinit; compinit -u -D; unsetopt beep automenu"
              % shlex.quote(SCRIPTS), log, TABBED)


def fish(baya, _, log):
    """Checks the candidates that fish lists; each is followed by a tab and a description."""
    need({"fish": "fish"})
    with Folder(baya) as folder, open(log, "ab") as file:
        commands = tuple((command, "scr", "screenshot") for command in COMMANDS)
        for command, line, wanted in commands + tuple(("baya", *case) for case in CASES):
            if wanted in line:
                continue
            done = subprocess.run(
                ("fish", "--no-config", "-c", "source $argv[1]/baya.fish; complete -C $argv[2]",
                 SCRIPTS, command + " " + line), cwd=folder.path, env=folder.environment,
                stdout=subprocess.PIPE, stderr=file, text=True, check=False)
            wanted = "~/home.img" if "%" in wanted else wanted
            offered = [word.split("\t")[0] for word in done.stdout.split("\n")[:-1]]
            if offered != [wanted]:
                raise Failed("%r becomes %r, not %r" % (line, offered, wanted))


if __name__ == "__main__":
    main({"bash": bash, "zsh": zsh, "fish": fish})
