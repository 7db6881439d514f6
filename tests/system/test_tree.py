# SPDX-License-Identifier: MIT
"""Compares the device tree with that of QEMU's virt: nodes of interrupt controllers and of the
devices that both machines have, with each kind of AIA. Phandles are compared by the paths of the
nodes to which they refer."""

import os
import struct
import subprocess

from fixtures.console import PATIENCE, check, main, need

BEGIN, END, PROP, NOP = 1, 2, 3, 4
# Properties that contain phandles, and the number of cells from one phandle to the next (None: only
# the first cell is one).
REFERENCES = {"interrupts-extended": 2, "interrupt-parent": 1, "msi-parent": 1,
              "riscv,children": 1, "riscv,delegate": None, "regmap": 1, "cpu": None}
# four slots with four pins each
INTERRUPT_MAP_ENTRIES = 16
# Properties that only Debian 12's QEMU has, or that are newer than it: the bindings were changed
# before Linux accepted them.
QEMU_ONLY = {"riscv,ipi-id", "phandle", "linux,phandle"}
OURS_ONLY = {"#msi-cells", "#address-cells", "riscv,delegation", "phandle"}
# Nodes that only QEMU has (its platform bus, which is empty), and those that only Baya has.
QEMU_ONLY_NODES = {"/soc/4000000"}
OURS_ONLY_NODES = set()


def walk(blob):
    """Yields (path, name, bytes) of every property, and (path, None, b"") of every node. Nodes of
    the soc are named by their unit address alone."""
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
    """Returns the path of a hart's node with the hart's number in place of its unit address, which
    is hexadecimal here and decimal in QEMU."""
    head, _, rest = path[1:].partition("/")
    hart, _, rest = rest.partition("/")
    if not hart.startswith("cpu@"):
        return path
    return "/".join(["hart", str(nodes["/%s/%s" % (head, hart)]["reg"]), rest])


def load(path):
    """Returns the nodes by their paths, as dicts of properties, in which phandles are replaced by
    paths."""
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


def load_both(baya, folder, label, machine, *options):
    """Returns the trees of both programs for the same options."""
    need({"qemu-system-riscv64": "qemu-system-misc"})
    trees = []
    for program in ([baya], ["qemu-system-riscv64", "-display", "none"]):
        name = os.path.join(folder, "tree-%d-%s.dtb" % (len(trees), label))
        subprocess.run([*program, "-M", "virt,%sdumpdtb=%s" % (machine, name), *options],
                       check=True, capture_output=True, timeout=PATIENCE)
        trees.append(load(name))
    return trees


NUMA = {"clusters": ["-smp", "5", "-m", "3G", "-numa", "node,memdev=a", "-numa", "node,memdev=b",
                     "-object", "memory-backend-ram,id=a,size=1G",
                     "-object", "memory-backend-ram,id=b,size=2G",
                     "-numa", "dist,src=0,dst=1,val=30"],
        "directions": ["-smp", "2", "-m", "64M", "-numa", "node,mem=32M,cpus=0",
                       "-numa", "node,mem=32M,cpus=1", "-numa", "dist,src=0,dst=1,val=25",
                       "-numa", "dist,src=1,dst=0,val=40"],
        "single": ["-smp", "2", "-m", "64M", "-numa", "node,mem=64M"]}


def numa_part(tree):
    """Returns the properties that describe NUMA nodes; of a hart's node only `reg` and
    `numa-node-id`."""
    part = {path: node for path, node in tree.items()
            if path.startswith(("/memory@", "/distance-map", "/cpus/cpu-map"))}
    for path, node in tree.items():
        if path.startswith("/cpus/cpu@") and path.count("/") == 2:
            part[by_hart(tree, path)] = {name: node[name] for name in ("reg", "numa-node-id")}
    for node in part.values():
        node.pop("phandle", None)
    return part


def numa(baya, folder, _, kind):
    """Compares memory, harts and clusters of NUMA nodes, and their distances."""
    ours, theirs = [numa_part(tree) for tree in load_both(baya, folder, kind, "", *NUMA[kind])]
    check(len(ours) >= 7, "there are only %d nodes" % len(ours))
    for path in sorted({*ours, *theirs}):
        check(ours.get(path) == theirs.get(path),
              "%s: %s is not %s" % (path, ours.get(path), theirs.get(path)))


def compare(baya, folder, _, harts, aia, guests):
    """Compares every node of the soc."""
    ours, theirs = load_both(baya, folder, "-".join([harts, aia, guests]),
                             "aia=%s,aia-guests=%s," % (aia, guests), "-smp", harts)
    shared = [path for path in ours
              if path.startswith("/soc/") and path not in OURS_ONLY_NODES]
    check(len(shared) > 10, "there are only %d nodes" % len(shared))
    for path in shared:
        check(path in theirs, "QEMU has no node %s; is it missing in OURS_ONLY_NODES?" % path)
        compare_node(path, ours[path], theirs[path])
    missing = [path for path in theirs
               if path.count("/") == 2 and path.startswith("/soc/") and path not in ours]
    check(QEMU_ONLY_NODES.issuperset(missing), "missing: %s" % missing)
    print("%d nodes are alike" % len(shared))


if __name__ == "__main__":
    main({"compare": compare, "numa": numa})
