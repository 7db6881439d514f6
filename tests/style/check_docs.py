#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the manual is consistent: README.md is short; docs/README.md names every page of
docs/, docs/architecture.md every folder of the rings, in the order of their layers, docs/cycles.md
every core, and cpu/timing/models.md every event. Links in all pages, and paths of this tree in the
manual's pages and in comments, must lead to existing files and headings; a name that a page says is
in a file must be there. The newest version in CHANGELOG.md must be that of CMakeLists.txt, and of a
tag, if this commit has one."""

import pathlib
import posixpath
import re
import subprocess
from fnmatch import fnmatch

from check_includes import LAYERS
from source import FOLDERS, ROOT, finish, sources, text_of

README_LINES = 200
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path in a page's text: a folder of the top level, and the rest of the path.
PATH = re.compile(r"`((?:%s)/[\w./+-]*)`" % "|".join((*FOLDERS, "docs")))
# A name and the file that contains it: `name` in `path`, or `name` (`path`).
PLACE = re.compile(r"`(\w+)`\s+(?:in\s+|\()" + PATH.pattern)
# Files that a build or a test makes, and a path that is not complete.
MADE = re.compile(r"tests/(system/logs|cycles/elf/program)")


IN_COMMENT = re.compile(r"(?<![\w./])(?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:c|h|def|inc|md|py)\b")


def inner_folders():
    """Returns the names of all folders in the rings."""
    return {part for name in sources(FOLDERS[:5]) for part in name.split("/")[:-1]}


INNER = inner_folders()


def anchors(text):
    """Returns the anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?m)^    .*$", "", text))
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def targets(name, text):
    """Yields line, file and anchor of each link of a page."""
    for number, line in enumerate(text.split("\n"), 1):
        for link in LINK.findall("" if line.startswith("    ") else line):
            if "://" not in link:
                path, _, anchor = link.partition("#")
                path = posixpath.join(posixpath.dirname(name), path) if path else name
                yield number, posixpath.normpath(path), anchor


def check_links(name, text, there, read):
    """Yields broken links, as line and problem. `there` returns whether a path exists, `read`
    returns the text of a page."""
    for number, path, anchor in targets(name, text):
        if not there(path):
            yield number, f"there is no {path}"
        elif anchor and anchor not in anchors(read(path)):
            yield number, f"{path} has no heading {anchor}"


def check_paths(text, there):
    for number, line in enumerate(text.split("\n"), 1):
        for path in PATH.findall(line):
            if not there(path.rstrip("/")) and not MADE.match(path):
                yield number, f"there is no {path}"


def check_comments(name, text, there):
    """Yields paths in a source's comments that begin with the name of a folder of the rings, and
    exist neither below the root nor below a folder that contains the file."""
    above = [str(path) for path in pathlib.PurePosixPath(name).parents]
    for comment in re.finditer(r"/\*.*?\*/", text, re.S):
        for found in IN_COMMENT.finditer(comment.group(0)):
            path = found.group(0)
            if (path.split("/")[0] in INNER and
                    not any(there(posixpath.normpath(posixpath.join(a, path))) for a in above)):
                line = text.count("\n", 0, comment.start() + found.start()) + 1
                yield line, f"there is no {path}: name it from the root"


def check_names(text, read):
    """Yields names that are not in the file in which a page says they are. `read` returns the text
    of a path of the tree, or "" if it is no file."""
    for found in PLACE.finditer(text):
        name, path = found.groups()
        if not re.search(rf"\b{name}\b", read(path)):
            yield text.count("\n", 0, found.start()) + 1, f"{path} has no {name}"


def check_length(text):
    lines = text.count("\n")
    if lines > README_LINES:
        yield lines, f"more than {README_LINES} lines; move a subject to docs/"


def check_index(text, pages):
    named = {path for _, path, _ in targets("docs/README.md", text)}
    for page in pages:
        if page not in named and page != "docs/README.md":
            yield 1, f"does not name {page}"


def check_folders(text, folders):
    """Yields folders that the map of the tree does not name."""
    for folder in folders:
        if f"`{folder}/`" not in text:
            yield 1, f"does not say what is in {folder}/"


def check_order(text, ring, layers):
    """Yields the first row of a table of folders that is not in the order of `layers`. The names in
    the rows may lack `ring`."""
    rows = [ring + row for row in re.findall(r"(?m)^\| `([\w/]+)/` \|", text)]
    rows = [row for row in rows if row in layers]
    for row, layer in zip(rows, sorted(rows, key=layers.index)):
        if row != layer:
            yield 1, f"has {row} where LAYERS of check_includes.py has {layer}"
            return


def check_cores(text, cores):
    """Yields cores that the table of cores lacks."""
    for core in cores:
        if not re.search(rf"(?m)^\|.*`{core}`.* \|", text):
            yield 1, f"has no row for the core {core} of cpu/timing/cores"


def check_events(text, events):
    """Yields events that the table of the models' events lacks, except those that need no
    explanation. `events` is the text of event.def."""
    cells = re.findall(r"(?m)^\| ([\w*, -]+) \| (?:0x)?\d+", text)
    patterns = [pattern.strip() for cell in cells for pattern in cell.split(",")]
    for event in re.findall(r'(?m)^EVENT\(\w+, "([\w-]+)"', events):
        if event not in ("cycles", "instructions") and not any(fnmatch(event, pattern)
                                                               for pattern in patterns):
            yield 1, f"has no row for the event {event} of cpu/counters/event.def"


def check_version(changes, project, tags):
    """Yields versions that differ. `project` is the text of CMakeLists.txt, `tags` are the names of
    this commit's tags."""
    version = re.search(r"(?m)^project\(baya VERSION ([\d.]+)", project).group(1)
    newest = re.search(r"(?m)^## (\S+)", changes)
    if not newest or newest.group(1) != version:
        yield 1, f"CHANGELOG.md does not begin with version {version} of CMakeLists.txt"
    for tag in tags:
        if re.match(r"v\d", tag) and tag != "v" + version:
            yield 1, f"the tag {tag} is not version {version} of CMakeLists.txt"


def folders():
    """Returns the folders within the rings that contain sources."""
    names = {"/".join(name.split("/")[:2]) for name in sources(FOLDERS[:5])
             if name.count("/") > 1}
    return sorted(names)


def tags_of_this_commit():
    listing = subprocess.run(["git", "-C", str(ROOT), "tag", "--points-at", "HEAD"], text=True,
                             capture_output=True, check=False)
    return listing.stdout.split() if listing.returncode == 0 else []


def main():
    def there(path):
        return (ROOT / path).exists()

    pages = sources((*FOLDERS, "docs"), (".md",)) + [page.name for page in ROOT.glob("*.md")]
    problems = []
    for name in pages:
        text = text_of(name)
        found = list(check_links(name, text, there, text_of))
        if name == "README.md":
            found += check_length(text)
        if name == "CHANGELOG.md":
            found += check_version(text, text_of("CMakeLists.txt"), tags_of_this_commit())
        if name == "docs/architecture.md":
            found += check_folders(text, folders())
            found += check_order(text, "", list(LAYERS))
        if name == "cpu/README.md":
            found += check_order(text, "cpu/", list(LAYERS))
        if name == "docs/cycles.md":
            found += check_cores(text, [path.stem for path in ROOT.glob("cpu/timing/cores/*.core")])
        if name == "cpu/timing/models.md":
            found += check_events(text, text_of("cpu/counters/event.def"))
        if name == "docs/README.md":
            found += check_index(text, [page for page in pages if page.startswith("docs/")])
        if name.startswith("docs/") or "/" not in name:
            found += check_paths(text, there)
            found += check_names(text, lambda path: text_of(path) if (ROOT / path).is_file() else "")
        problems += [f"{name}:{line}: {why}" for line, why in found]
    files = sources()
    for name in files:
        problems += [f"{name}:{line}: {why}" for line, why in
                     check_comments(name, text_of(name), there)]
    finish(problems, f"{len(pages)} pages and the comments of {len(files)} files")


if __name__ == "__main__":
    main()
