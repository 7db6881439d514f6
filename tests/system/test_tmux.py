# SPDX-License-Identifier: MIT
"""
Tests what a user of `baya` in tmux sees: the shell, help and the monitor by Ctrl-a, keys that reach
the guest, and a terminal whose settings are restored afterwards.
"""

import os
import re
import subprocess
import time

from fixtures.console import PATIENCE, Failed, check, main, need

COLUMNS, ROWS = 100, 50


class Screen:
    """A separate tmux server with one window, in which a shell runs."""

    def __init__(self, log):
        need({"tmux": "tmux"})
        self.log = log
        self.socket = "baya-test-%d" % os.getpid()

    def __enter__(self):
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", COLUMNS, "-y", ROWS,
                  "env PS1='host> ' sh")
        return self

    def __exit__(self, *_):
        with open(self.log, "w", encoding="utf-8") as file:
            file.write(self.text())
        self.tmux("kill-server")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-L", self.socket, *map(str, arguments)], check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout

    def text(self):
        """Returns the text of the window, with the lines that have scrolled out of it."""
        return self.tmux("capture-pane", "-p", "-S", "-")

    def press(self, *keys):
        """Presses keys by tmux's names; an argument that is no key's name is typed."""
        self.tmux("send-keys", *keys)

    def expect(self, pattern):
        """Waits until the regular expression matches the text."""
        changed, last = time.monotonic(), ""
        while True:
            text = self.text()
            found = re.search(pattern, text, re.MULTILINE)
            if found:
                return found
            if text != last:
                changed, last = time.monotonic(), text
            if time.monotonic() - changed > PATIENCE:
                raise Failed("the screen never shows '%s'" % pattern)
            time.sleep(0.05)


def use(screen, baya):
    """Boots, tries everything that Ctrl-a offers except quitting, and uses the shell."""
    screen.expect(r"^host>\s*\Z")
    screen.press("stty -a | cksum; %s; echo code=$?; stty -a | cksum" % baya, "Enter")
    screen.expect(r"^baya:~#\s*\Z")

    screen.press("C-a", "h")
    screen.expect(r"^Ctrl-a x .*\n(.*\n)*Ctrl-a c .*\n(.*\n)*Ctrl-a h ")
    screen.press("C-a", "c")
    screen.expect(r"^\(baya\)\s*\Z")
    screen.press("info registers", "Enter")
    screen.expect(r"x2/sp +[0-9a-f]{16}[\s\S]*^\(baya\)\s*\Z")
    screen.press("C-a", "c")

    screen.press("echo reading; cat", "Enter")
    screen.expect(r"^reading\s*\Z")
    screen.press("abc", "Enter")
    screen.expect(r"^abc\nabc\s*\Z")  # the terminal's echo, and cat's output
    screen.press("C-c")
    screen.expect(r"^\^C\s+baya:~#\s*\Z")
    screen.press("C-a", "C-a", "echo 12", "Enter")  # sends Ctrl-a, which goes to the line's start
    screen.expect(r"^12\s+baya:~#\s*\Z")


def keys(baya, _, log):
    with Screen(log) as screen:
        use(screen, baya)
        screen.press("C-a", "x")
        screen.expect(r"^code=0\s+[0-9]+ [0-9]+\s+host>\s*\Z")
        sums = re.findall(r"^([0-9]+ [0-9]+)$", screen.text(), re.MULTILINE)
        check(len(sums) == 2 and sums[0] == sums[1], "the terminal is not as it was before")


if __name__ == "__main__":
    main({"keys": keys})
