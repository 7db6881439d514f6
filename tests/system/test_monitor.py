# SPDX-License-Identifier: MIT
"""Tests the monitor at a socket: it reads lines and writes answers and prompts, for one client
after the other."""

import os
import re
import socket
import struct
import subprocess
import tempfile
import time

from fixtures.bundled import PROMPT as SHELL, booted
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.listener import TELNET, TELNET_WORDS, connect
from fixtures.monitor import PROMPT, Client

FROZEN = ["-S", "-display", "none", "-serial", "null", "-name", "weaver", "-uuid",
          "550e8400-e29b-41d4-a716-44665544000f"]


def talk(client):
    check(client.ask("info status").startswith("VM status: paused\n"), "it does not begin frozen")
    check(client.ask("cont") == "" and client.ask("info status") == "VM status: running\n",
          "cont does not let it run")
    check(client.ask("stop") == "" and "paused" in client.ask("info status"), "stop does not")
    check(client.ask("info registers\r").startswith("\nCPU#0\n priv "), "a line that ends as telnet's")
    check(client.ask("nonsense").startswith("unknown command: 'nonsense'"), "what does not exist")
    for words in ("quit now", "stop now", "info status now"):
        check("takes no arguments, such as 'now'" in client.ask(words), words)
    check(re.fullmatch(r"\* CPU #0: thread_id=[0-9]+\n", client.ask("info cpus")), "no CPU 0")
    check(re.fullmatch(r"Baya [0-9.]+(-\S+)?\n", client.ask("info version")), "no version")
    check(client.ask("info name") == "weaver\n", "another name")
    check(client.ask("info uuid") == "550e8400-e29b-41d4-a716-44665544000f\n", "another UUID")
    for words in ("info mtree -f", "info block -v"):
        check(client.ask(words) == client.ask(words[:-3]) != "", words)
    check(client.ask("help stop").split() == "stop stop the machine".split(), "help of a command")
    check(client.ask("help no").startswith("unknown command: 'no'"), "help of what does not exist")
    check(client.ask("x" * 255).startswith("unknown command: 'xxx"), "the longest line")
    check(client.ask("x" * 100000) == "the line is too long\n", "a line that is too long")
    check(client.ask("") == "" and client.ask("\0") == "", "lines without a word")


def socket_test(baya, folder, log):
    """Checks that a client is served, waits while another is connected, and can end the machine."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "monitor")
        words = [baya, *FROZEN, "-monitor", "unix:%s,server,nowait" % path]
        with Machine(words, log) as machine:
            first = Client(connect(path))
            talk(first)
            later = connect(path)
            first.there.sendall(b"info sta")
            first.there.close()
            later = Client(later)
            check("paused" in later.ask("info status"), "half a line is left of the first")
            taken = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                   timeout=PATIENCE, check=False)
            check(taken.returncode == 3 and "-monitor" in taken.stderr, taken.stderr)
            check(later.ask("quit") == "", "an answer to quit")
            machine.wait(0)
        hears(baya, log, place)


def hears(baya, log, place):
    """Checks that Baya connects to a socket on which a program listens, which a -chardev names."""
    path = os.path.join(place, "there")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(path)
        there.listen()
        with Machine([baya, *FROZEN, "-chardev", "socket,id=m,path=" + path, "-mon", "m"],
                     log) as machine:
            client = Client(there.accept()[0])
            check("paused" in client.ask("info status"), "no answer")
            client.ask("quit")
            machine.wait(0)


def log_test(baya, folder, log):
    """Chooses what the machine logs while it runs: the engine is one that can log it, and the guest
    continues."""
    with tempfile.TemporaryDirectory() as place, \
            booted([baya, "--clock=virtual", "-monitor", "unix:%s/m,server,nowait" % place],
                   log) as machine:
        client = Client(connect(place + "/m"))

        def logged(items, engine):
            """Returns what is logged with these items while the guest runs a command; checks the
            engine meanwhile."""
            path = os.path.join(place, items)
            check(client.ask("logfile " + path) == "", "no log " + path)
            check(client.ask("log " + items) == "", "items are refused: " + items)
            machine.command("echo >/dev/null", SHELL)
            check(engine in client.ask("info jit").splitlines()[0], "another engine: " + items)
            check(client.ask("log none") == "", "they cannot be switched off: " + items)
            with open(path, encoding="ascii") as file:
                text = file.read()
            machine.command("echo >/dev/null", SHELL)
            check(os.path.getsize(path) == len(text), "it goes on without items: " + items)
            check(", now" not in client.ask("info jit"), "the engine is not the old one")
            return text

        check("environment call" in logged("int", "jit").lower(), "no traps are logged")
        check(re.search(r"^Trace 0: 0x0 \[0+/[0-9a-f]{16}/U\] ", logged("exec", "interp"), re.M),
              "no instructions are logged")
        for words, answer in (("log", "guest_errors "), ("log help", "none "),
                              ("log strict", "log: strict cannot be logged from now on"),
                              ("logfile " + place, "Is a directory")):
            check(answer in client.ask(words), words)
    lost_log(baya)


def lost_log(baya):
    """Checks that a log that is lost is named at the end."""
    done = subprocess.run([baya, *FROZEN, "-monitor", "stdio", "--max-insns=100000"],
                          input=b"logfile /dev/full\nlog exec\ncont\n", capture_output=True,
                          check=False, timeout=PATIENCE)
    check(done.returncode == 3 and
          b"cannot write the log '/dev/full': No space left" in done.stderr, "%r" % done)


def several(baya, _, log):
    """Checks that users of four monitors are served at the same time, and that any of them can end
    the machine. Four programs may use QMP as well, and a debugger may connect."""
    with tempfile.TemporaryDirectory() as place:
        paths = [os.path.join(place, "m%d" % n) for n in range(4)]
        words = [baya, *FROZEN]
        for path in paths[:3]:
            words += ["-monitor", "unix:%s,server,nowait" % path]
        words += ["-chardev", "socket,id=last,path=%s,server=on,wait=off" % paths[3],
                  "-mon", "last"]
        for number in range(4):
            words += ["-qmp", "unix:%s/q%d,server,nowait" % (place, number)]
        with Machine(words, log) as machine:
            clients = [Client(connect(path)) for path in paths]
            for client in clients * 2:
                check("paused" in client.ask("info status"), "no answer")
            check(clients[0].ask("cont") == "" and
                  clients[3].ask("info status") == "VM status: running\n", "another machine")
            told = clients[1].ask("info chardev").splitlines()
            for label, path in zip(["compat_monitor0", "compat_monitor1", "compat_monitor2",
                                    "last"], paths):
                check("%s: socket at %s" % (label, path) in told, "no %s: %s" % (label, told))
            said = clients[1].ask("gdbserver unix:%s/gdb" % place)
            check(said.startswith("Waiting"), said)
            clients[2].ask("quit")
            machine.wait(0)
            check(not os.listdir(place), "a socket is left")


def read_to(there, end):
    said = b""
    while not said.endswith(end):
        data = there.recv(1)
        check(data, "it hung up after %r" % said)
        said += data
    return said


def telnet(baya, _, log):
    """Sends a telnet client's keys byte by byte, with telnet commands among them; the monitor
    echoes each key."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "monitor")
        words = [baya, *FROZEN, "-monitor", "unix:%s,server=on,wait=off,telnet=on" % path]
        with Machine(words, log) as machine, connect(path) as there:
            there.settimeout(PATIENCE)
            there.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            prompt = PROMPT.encode()
            greeting = read_to(there, prompt)
            check(greeting.startswith(TELNET) and b"commands\r\n" in greeting, str(greeting))
            for byte in TELNET_WORDS + b"info statusx\x7f":
                there.sendall(bytes([byte]))
            check(read_to(there, b"x\b \b") == b"info statusx\b \b", "what is typed is not shown")
            for end in (b"\r\0", b"\r\n", b"\r", b"\n"):
                there.sendall(end)
                check(read_to(there, prompt).startswith(b"\r\nVM status: paused\r\n"),
                      "another answer")
                there.sendall(b"info status")
                check(read_to(there, b"info status") == b"info status", "an answer too many")
            there.sendall(b"\x7f" * 300 + b"quit\r")
            machine.wait(0)


def read_core(path):
    """Returns the harts and the memory of a core file: a list of (pid, pc), and (address,
    bytes)."""
    with open(path, "rb") as file:
        data = file.read()
    check(data[:6] == b"\x7fELF\2\1" and struct.unpack_from("<HH", data, 16) == (4, 243),
          "no core file of a RISC-V")
    first, size, count = struct.unpack_from("<Q14xHH", data, 32)
    harts = memory = None
    for n in range(count):
        kind, _, at, _, addr, length = struct.unpack_from("<IIQQQQ", data, first + n * size)
        if kind == 1:
            memory = addr, data[at:at + length]
        else:
            each = [data[pos:pos + 396] for pos in range(at, at + length, 396)]
            check(all(note[:17] == struct.pack("<III5s", 5, 376, 1, b"CORE") for note in each),
                  "another note")
            harts = [(struct.unpack_from("<I", note, 20 + 32)[0],
                      struct.unpack_from("<Q", note, 20 + 112)[0]) for note in each]
    return harts, memory


def saved(baya, _, log):
    """Saves memory to files and to a core file, which is sparse where nothing was ever written."""
    word, text = 0x1122334455667788, struct.pack("<Q", 0x1122334455667788)
    with tempfile.TemporaryDirectory() as place:
        path, file = os.path.join(place, "monitor"), os.path.join(place, "file")
        words = [baya, *FROZEN, "-bios", "none", "-smp", "2", "-m", "256M",
                 "-device", "loader,addr=0x80101ffc,data=%#x,data-len=8" % word,
                 "-monitor", "unix:%s,server,nowait" % path]
        with Machine(words, log) as machine:
            client = Client(connect(path))
            for command in "memsave", "pmemsave":
                check(client.ask("%s 0x80101ffc 8 %s" % (command, file)) == "", command)
                with open(file, "rb") as found:
                    check(found.read() == text, command + " writes something else")
                check(client.ask("%s 0x8ffffff8 9 %s" % (command, file)) ==
                      command + ": not all of it is memory\n", "behind RAM")
                check("cannot be written" in client.ask(command + " 0x80000000 1 /nowhere/file"),
                      "a folder that is not there")
                check("give an address" in client.ask(command + " 0x80000000 1"), "no file")
            with open(file, "rb") as found:
                check(found.read() == text, "a file was lost that could not be replaced")
            check(client.ask("dump-guest-memory " + file) == "", "dump-guest-memory")
            check(os.stat(file).st_blocks * 512 < 16 << 20, "zeros are written")
            harts, (addr, memory) = read_core(file)
            check(harts == [(1, 0x1000), (2, 0x1000)], str(harts))
            check(addr == 0x80000000 and len(memory) == 256 << 20, "not all RAM")
            check(memory[0x101ffc:0x102004] == text, "other RAM")
            check(client.ask("dump-guest-memory %s 0x80102000 4" % file) == "", "a part")
            check(read_core(file)[1] == (0x80102000, text[4:]), "another part")
            for line in ("", " -p " + file, " %s 0x1000 8" % file, " %s 0x80000000" % file):
                check("dump-guest-memory: " in client.ask("dump-guest-memory" + line), line)
            client.ask("quit")
            machine.wait(0)


# lui t0, 0x22000; li t1, 0x98; sw t1, 0(t0); j .: the second bank is left in query mode.
QUERY = ["-device", "loader,addr=0x80000000,data=0x09800313220002b7,data-len=8",
         "-device", "loader,addr=0x80000008,data=0x0000006f0062a023,data-len=8"]


def flash_saved(baya, _, log):
    """Saves what flash holds, if nothing was ever programmed and in whatever mode it is."""
    with tempfile.TemporaryDirectory() as place:
        path, file = os.path.join(place, "monitor"), os.path.join(place, "file")
        bank = os.path.join(place, "bank")
        with open(bank, "wb") as image:
            image.write(b"contents")
        words = [baya, *FROZEN, "-bios", "none", *QUERY,
                 "-drive", "if=pflash,unit=1,format=raw,file=" + bank,
                 "-monitor", "unix:%s,server,nowait" % path]
        with Machine(words, log) as machine:
            client = Client(connect(path))
            for mode in "array", "query":
                for command in "memsave", "pmemsave":
                    check(client.ask("%s 0x21fffff8 24 %s" % (command, file)) == "", command)
                    with open(file, "rb") as found:
                        check(found.read() == b"\xff" * 8 + b"contents" + b"\xff" * 8,
                              command + " writes something else in mode " + mode)
                    check(client.ask("%s 0x23fffff8 9 %s" % (command, file)) ==
                          command + ": not all of it is memory\n", "behind flash")
                    check(client.ask("%s 0x10000000 1 %s" % (command, file)) ==
                          command + ": not all of it is memory\n", "a device")
                client.ask("cont")
                deadline = time.monotonic() + PATIENCE
                while "0x00510051" not in client.ask("xp/wx 0x22000040"):
                    check(time.monotonic() < deadline, "the guest sends no query command")
                client.ask("stop")
            client.ask("quit")
            machine.wait(0)


if __name__ == "__main__":
    main({"log": log_test, "socket": socket_test, "several": several, "telnet": telnet,
          "saved": saved, "flash_saved": flash_saved})
