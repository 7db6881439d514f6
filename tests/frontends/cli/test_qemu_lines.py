# SPDX-License-Identifier: MIT
"""
Tests the command lines of qemu_lines.txt: each must name its source, Baya must start the machine or
refuse it with advice, and QEMU, where it is installed, must do as the table says. A machine has
started when it answers on a QMP socket, which is added to the line, with -S. Argument: baya.
"""

import concurrent.futures
import json
import os
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qemu_lines.txt")
QEMU = "qemu-system-riscv64"
KINDS = 92  # at least
PATIENCE = 1500
SOURCE = re.compile(r"@(?P<name>[\w-]+): (?P<project>[^,]+), (?P<document>.+)")
ROW = re.compile(r"(run|no \((?P<way>[^)]*)\)) \| (?P<qemu>run|no|-) \| "
                 r"(?P<how>as|of|\?) (?P<name>[\w-]+) \| (?P<special>[^|]+) \| (?P<line>.*)")
SIZES = {".fd": 32 << 20, ".raw": 1 << 20, ".img": 1 << 20, ".iso": 1 << 20, ".bin": 4096,
         ".cpio": 4096}


def elf(address):
    """Returns an ELF file of one page with an endless loop, at this address."""
    code = bytes([0x6f, 0, 0, 0])  # j .
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, address, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 4096, address, address, 4, 4, 4096)
    return (header + segment).ljust(4096, b"\0") + code


def image():
    """Returns the header of Linux's boot image, with nothing after it that could run."""
    head = struct.pack("<IIQQQIIQ8sII", 0x6f, 0, 0x200000, 0x10000, 0, 2, 0, 0,
                       b"RISCV\0\0\0", 0x05435352, 0)
    return head.ljust(0x1000, b"\0")


def make_files(folder, line):
    """Makes the files that the line names."""
    for name in set(re.findall(r"[\w.-]+\.(?:fd|raw|img|iso|bin|cpio|elf)\b|\bImage\b", line)):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            if name == "Image":
                file.write(image())
            elif name.endswith(".elf"):
                lower = name in ("program.elf", "fw_jump.elf", "fw_payload.elf")
                file.write(elf(0x80000000 if lower else 0x80200000))
            else:
                size = SIZES[os.path.splitext(name)[1]]
                file.write(b"\x13\0\0\0")
                file.truncate(size)
    for name in set(re.findall(r"[\w-]+\.fifo\b", line)):
        os.mkfifo(os.path.join(folder, name))


def free_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return holder.getsockname()[1]


def answers(path, process):
    """Returns whether a machine answers at the socket before the process has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(PATIENCE)
                client.connect(path)
                with client.makefile("rw") as stream:
                    stream.readline()
                    for command in ("qmp_capabilities", "query-status", "quit"):
                        stream.write(json.dumps({"execute": command, "id": command}) + "\n")
                        stream.flush()
                        while json.loads(stream.readline()).get("id") != command:
                            pass
            return True
        except (ConnectionError, FileNotFoundError, ValueError):
            # The machine listens before it knows whether it will run. With -daemonize the first
            # process has ended without an error by then, and the socket exists.
            if process.poll() not in (None, 0):
                return False
        time.sleep(0.02)
    raise TimeoutError(path)


def ask(program, line):
    """Runs a program with these words; returns whether its machine runs, its exit code and its
    output."""
    with tempfile.TemporaryDirectory(prefix="lines") as folder:
        make_files(folder, line)
        line = line.replace("PORT", str(free_port()))
        words = [program, *shlex.split(line), "-S", "-qmp", "unix:q.sock,server,nowait"]
        with open(os.path.join(folder, "said"), "wb+") as said, \
                subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=said,
                                 stderr=subprocess.STDOUT) as process:
            try:
                runs = answers(os.path.join(folder, "q.sock"), process)
                code = process.wait(PATIENCE)
            finally:
                if process.poll() is None:
                    process.kill()
            said.seek(0)
            return runs, code, said.read().decode(errors="replace")


def complaint(baya, qemu, row):
    """Returns what is wrong with a row, or None."""
    runs, code, said = ask(baya, row["line"])
    if row["way"] is None and not runs:
        return "Baya refuses it (%d): %s" % (code, said)
    if row["way"] is not None and (runs or code not in (2, 3) or row["way"] not in said):
        return "Baya does not refuse it with '%s' (%d): %s" % (row["way"], code, said)
    if qemu and row["qemu"] != "-":
        runs, code, said = ask(qemu, row["line"])
        if runs != (row["qemu"] == "run"):
            return "QEMU says otherwise (%d): %s" % (code, said)
    return None


def read_table():
    """Returns the rows, and what is wrong with the table itself."""
    with open(TABLE, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    sources = {line: SOURCE.fullmatch(line) for line in lines if line.startswith("@")}
    names = [source["name"] for source in sources.values() if source]
    lines = [line for line in lines if line not in sources]
    rows = [ROW.fullmatch(line) for line in lines]
    failed = ["no source: " + line for line, source in sources.items() if not source]
    failed += ["no row: " + line for line, row in zip(lines, rows) if not row]
    failed += ["from nowhere: " + row[0] for row in rows if row and row["name"] not in names]
    used = {row["name"] for row in rows if row}
    failed += ["of no row: " + name for name in names if name not in used or names.count(name) > 1]
    return rows, failed


def main(baya):
    qemu = shutil.which(QEMU)
    rows, failed = read_table()
    if len({row["line"] for row in rows if row}) < KINDS:
        failed.append("fewer than %d kinds of command line" % KINDS)
    if not qemu:
        print("%s is not installed: its column is not checked" % QEMU)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = [row for row in rows if row]
        told = pool.map(lambda row: complaint(os.path.abspath(baya), qemu, row), asked)
        for row, text in zip(asked, told):
            if text:
                failed.append("%s, %s: %s\n  %s" % (row["name"], row["special"], row["line"],
                                                    text.strip()))
    print("\n".join(failed))
    compared = sum(row["how"] == "as" for row in asked)
    print("%d lines, %d as their sources have them, %d failed" % (len(rows), compared, len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
