# SPDX-License-Identifier: MIT
"""The device tree against that of QEMU's virt: nodes of interrupt controllers and of the devices
that both machines have, with each kind of AIA. Phandles are compared by what they point to."""

import os
import struct
import subprocess

from fixtures.console import PATIENCE, check, main, need

BEGIN, END, PROP, NOP = 1, 2, 3, 4
# Cells that are phandles: property, how many cells from one to the next (None: only the first).
REFERENCES = {"interrupts-extended": 2, "interrupt-parent": 1, "msi-parent": 1,
              "riscv,children": 1, "riscv,delegate": None, "regmap": 1}
# Four slots with four pins each.
INTERRUPT_MAP_ENTRIES = 16
# These are only in Debian 12's QEMU, or newer than it: the bindings changed on their way into
# Linux.
QEMU_ONLY = {"riscv,ipi-id", "phandle", "linux,phandle"}
OURS_ONLY = {"#msi-cells", "#address-cells", "riscv,delegation", "phandle"}


def walk(blob):
    """(path, name, bytes) of every property; nodes of the soc are named by their address alone."""
    at, strings = struct.unpack_from(">2I", blob, 8)
    path = []
    while True:
        token = struct.unpack_from(">I", blob, at)[0]
        at += 4
        if token == BEGIN:
            end = blob.index(b"\0", at)
            name = blob[at:end].decode()
            path.append(name.split("@")[1] if "@" in name and path[-1:] == ["soc"] else name)
            at = (end + 4) & ~3
            yield "/".join(path), None, b""
        elif token == PROP:
            size, offset = struct.unpack_from(">2I", blob, at)
            name = blob[strings + offset:blob.index(b"\0", strings + offset)].decode()
            yield "/".join(path), name, blob[at + 8:at + 8 + size]
            at = (at + 8 + size + 3) & ~3
        elif token == END:
            path.pop()
        elif token != NOP:
            return


def by_hart(nodes, path):
    """A hart's nodes by its number: their unit address is that in hexadecimal, in QEMU in decimal."""
    head, _, rest = path[1:].partition("/")
    hart, _, rest = rest.partition("/")
    if not hart.startswith("cpu@"):
        return path
    return "/".join(["hart", str(nodes["/%s/%s" % (head, hart)]["reg"]), rest])


def load(path):
    """Nodes as dicts of properties, phandles replaced by the paths they point to."""
    with open(path, "rb") as file:
        blob = file.read()
    nodes, phandles = {}, {}
    for node, name, value in walk(blob):
        properties = nodes.setdefault(node, {})
        if name:
            properties[name] = value
        if name == "phandle":
            phandles[struct.unpack(">I", value)[0]] = node
    for number, node in phandles.items():
        phandles[number] = by_hart(nodes, node)
    for properties in nodes.values():
        for name, stride in REFERENCES.items():
            if name in properties:
                cells = list(struct.unpack(">%dI" % (len(properties[name]) // 4),
                                           properties[name]))
                for n in range(0, len(cells) if stride else 1, stride or 1):
                    cells[n] = phandles[cells[n]]
                properties[name] = cells
        if "interrupt-map" in properties:
            size = len(properties["interrupt-map"]) // 4
            cells = list(struct.unpack(">%dI" % size, properties["interrupt-map"]))
            for n in range(4, size, size // INTERRUPT_MAP_ENTRIES):
                cells[n] = phandles[cells[n]]
            properties["interrupt-map"] = cells
    return nodes


def compare_node(path, ours, theirs):
    for name in sorted(set(ours) | set(theirs)):
        if name == "compatible":
            check(ours[name].endswith(theirs[name]), "%s: %s" % (path, ours[name]))
        elif name in theirs and name not in QEMU_ONLY:
            check(ours.get(name) == theirs[name], "%s %s: %s is not %s" %
                  (path, name, ours.get(name), theirs[name]))
        elif name not in theirs:
            check(name in OURS_ONLY, "%s: QEMU has no %s" % (path, name))


def compare(baya, folder, _, harts, aia, guests):
    """Every node of the soc that we have."""
    need({"qemu-system-riscv64": "qemu-system-misc"})
    trees = []
    for program in ([baya], ["qemu-system-riscv64", "-display", "none"]):
        name = os.path.join(folder, "tree-%d-%s-%s-%s.dtb" % (len(trees), harts, aia, guests))
        machine = "virt,aia=%s,aia-guests=%s,dumpdtb=%s" % (aia, guests, name)
        subprocess.run(program + ["-smp", harts, "-M", machine], check=True,
                       capture_output=True, timeout=PATIENCE)
        trees.append(load(name))
    ours, theirs = trees
    shared = [path for path in ours if path.startswith("/soc/")]
    check(len(shared) > 10, "there are only %d nodes" % len(shared))
    for path in shared:
        check(path in theirs, "QEMU has no node " + path)
        compare_node(path, ours[path], theirs[path])
    missing = [path for path in theirs
               if path.count("/") == 2 and path.startswith("/soc/") and path not in ours]
    check(all(path[5:] in ("4000000",) for path in missing), "missing: %s" % missing)
    print("%d nodes are alike" % len(shared))


if __name__ == "__main__":
    main({"compare": compare})
