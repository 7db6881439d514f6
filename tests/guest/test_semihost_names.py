# SPDX-License-Identifier: MIT
"""test_semihost_names.py BAYA PROGRAM: checks where the names begin that a program gives to
semihosting, from working directories inside and outside of the folder of path=, and that a name
which is refused is told once."""

import os
import subprocess
import sys
import tempfile

NO_FOLDER = "is refused: the program has no files of the host"
OUTSIDE = "is refused: it is outside of the folder"


def opens(words, working, path, names):
    """Returns what the program gets for each name, and what Baya says."""
    given = ",path=" + path if path else ""
    done = subprocess.run(
        [*words, "-semihosting-config",
         "enable=on%s,%s" % (given, ",".join("arg=" + name for name in names))],
        cwd=working, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    print(working, path, names, done.stdout, done.stderr)
    return [got[2:] for got in done.stdout.splitlines() if got.startswith("> ")], done.stderr


def write(*parts):
    with open(os.path.join(*parts), "w", encoding="ascii") as file:
        file.write(parts[-1])


def main():
    words = [sys.argv[1], os.path.abspath(sys.argv[2])]
    with tempfile.TemporaryDirectory() as top:
        top = os.path.realpath(top)
        for folder in ("tree/work", "tree/apps"):
            os.makedirs(os.path.join(top, folder))
        for name in ("secret", "tree/above", "tree/work/here", "tree/apps/init", "tree/work/old"):
            write(top, *name.split("/"))
        os.symlink("../../secret", os.path.join(top, "tree/work/link"))
        os.symlink("../apps", os.path.join(top, "tree/work/apps"))
        work, tree = os.path.join(top, "tree/work"), os.path.join(top, "tree")

        # The working directory is in the folder.
        got, said = opens(words, work, "..", [
            "../apps/init", "here", "apps/init", "/apps/init", tree + "/apps/init", "above",
            "-old", "-old"])
        assert got == ["init", "here", "init", "init", "init", "refused", "removed", "refused"], got
        assert not said, said
        got, said = opens(words, work, "..", ["../../secret", "link", "/../secret",
                                              "../../secret", "-../../secret"])
        assert got == ["refused"] * 5, got
        assert said.count("is refused") == 1 and OUTSIDE in said, said
        assert "'../../secret'" in said, said
        _, said = opens(words, work, "..", ["../../a\x1b[2J"])
        assert r"'../../a\x1b[2J'" in said, said
        assert os.path.exists(os.path.join(top, "secret"))
        got, said = opens(words, work, "/", ["../apps/init", tree + "/above", "link"])
        assert got == ["init", "above", "secret"] and not said, (got, said)

        # It is the folder, or is not in it.
        for working, path in ((work, "."), (tree, "work"), (top, work), (work, "../apps")):
            got, said = opens(words, working, path, ["../above"])
            assert got == ["refused"] and OUTSIDE in said, (got, said)
        assert opens(words, tree, "work", ["here"]) == (["here"], "")
        assert opens(words, work, "../apps", ["init"]) == (["init"], "")

        # There is no folder.
        got, said = opens(words, work, None, ["here", "init"])
        assert got == ["refused"] * 2 and said.count(NO_FOLDER) == 1, (got, said)


main()
