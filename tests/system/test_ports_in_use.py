# SPDX-License-Identifier: MIT
"""Tests the messages about ports and sockets that are in use: they name the port or socket and the
option to choose another."""

import functools
import os
import socket
import subprocess
import tempfile

from fixtures.console import PATIENCE, check, main

KERNEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../roms/Image.gz")
IDLE = ["-S", "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "null"]


def cases(tcp, udp, path):
    """Yields options, and two texts that the message must contain: the place in use, and how to
    change it. The message of the system, by which programs know that they should try another place,
    must be in all of them."""
    at_port = "socket,id=c,host=127.0.0.1,port=%d,server=on,wait=off" % tcp
    at_path = "socket,id=c,path=%s,server,nowait" % path
    datagram = "dgram,remote.type=inet,remote.host=127.0.0.1,remote.port=9,local.type=inet," \
               "local.host=127.0.0.1,local.port=%d" % udp
    unix = "dgram,remote.type=unix,remote.path=/none,local.type=unix,local.path=" + path
    for option in ("-gdb", "-qmp"):
        for place in ("tcp::%d" % tcp, "unix:" + path):
            yield [option, place + ",server,nowait"], place, "choose another with %s tcp::PORT or " \
                "%s unix:PATH" % (option, option)
    for chardev, place, key in ((at_port, str(tcp), "port="), (at_path, path, "path=")):
        yield ["-chardev", chardev, "-mon", "chardev=c,mode=control"], "-mon c", \
            "choose another %s in -chardev" % key
        yield ["-chardev", chardev, "-device", "virtio-serial-device", "-device",
               "virtserialport,chardev=c,name=x"], place, "give another in %s of -chardev c" % key
    yield ["-serial", "tcp::%d,server,nowait" % tcp], str(tcp), "give -serial another tcp:HOST:PORT"
    yield ["-serial", "unix:%s,server,nowait" % path], path, "give -serial another"
    for words, place, key in (
            ("user,hostfwd=tcp:127.0.0.1:%d-:22" % tcp, tcp, "Could not set up host forwarding rule 'tcp:"),
            ("user,hostfwd=udp:127.0.0.1:%d-:22" % udp, udp, "another port before the '-'"),
            ("stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=%d" % tcp, tcp,
             "addr.port="),
            ("stream,server=on,addr.type=unix,addr.path=" + path, path, "addr.path="),
            (datagram, udp, "local.port="), (unix, path, "local.path=")):
        yield ["-nic", words], str(place), key


def taken(baya, folder, log):
    path = os.path.join(os.path.abspath(folder), "taken.sock")
    if os.path.exists(path):
        os.unlink(path)
    with socket.create_server(("127.0.0.1", 0)) as tcp, \
            socket.socket(socket.AF_UNIX) as unix, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        unix.bind(path)
        unix.listen()
        for options, place, change in cases(tcp.getsockname()[1], udp.getsockname()[1], path):
            idle = IDLE[:-2] if options[0] == "-serial" else IDLE
            done = subprocess.run([baya, *idle, *options], stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                  timeout=PATIENCE)
            text = done.stdout
            check(done.returncode == 3, "%s: exit code %d: %s" % (options, done.returncode, text))
            check(text.count("\n") == 1 and text.startswith("baya: "), "no line but " + text)
            for part in (place, change, "Address already in use"):
                check(part in text, "%s: no '%s' in '%s'" % (options, part, text))
        check(os.path.exists(path), "the socket of somebody else is gone")
    os.unlink(path)


def debian(baya, folder, log):
    """Tests that machines with Debian which start at the same time have ports of their own for ssh,
    and print those."""
    with tempfile.TemporaryDirectory() as place:
        os.makedirs(place + "/baya/debian")
        with open(place + "/baya/debian/disk.img", "wb") as file:
            file.truncate(1 << 20)
        line = [baya, "run", "debian", "-snapshot", "-kernel", KERNEL, *IDLE[:1],
                *IDLE[3:]]
        start = functools.partial(subprocess.Popen, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  env=dict(os.environ, XDG_DATA_HOME=place))
        machines = [start(line) for _ in range(6)]
        said = [machine.stderr.readline().split() for machine in machines]
        ports = [int(words[3]) for words in said if words[:3] == ["baya:", "ssh", "-p"]]
        check(len(set(ports)) == len(machines), "the machines say %s" % said)
        for port in ports:
            socket.create_connection(("127.0.0.1", port)).close()
        with start([*line, "--ssh=%d" % ports[0]]) as other:
            text = other.stderr.read()
        check(other.returncode == 3 and "--ssh=%d: " % ports[0] in text and text.count("\n") == 1,
              "exit code %d: %s" % (other.returncode, text))
        for machine in machines:
            machine.terminate()
            machine.communicate(timeout=PATIENCE)


if __name__ == "__main__":
    main({"debian": debian, "taken": taken})
