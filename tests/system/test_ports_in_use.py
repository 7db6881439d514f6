# SPDX-License-Identifier: MIT
"""Tests the messages about ports and sockets that are in use: they name the port or socket and the
option to choose another."""

import os
import socket
import subprocess

from fixtures.console import PATIENCE, check, main

IDLE = ["-S", "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "null"]


def cases(tcp, udp, path):
    """Yields options, and two texts that the message must contain: the place in use, and how to
    change it."""
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
            ("user,hostfwd=tcp:127.0.0.1:%d-:22" % tcp, tcp, "hostfwd="),
            ("user,hostfwd=udp:127.0.0.1:%d-:22" % udp, udp, "another before the '-'"),
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
            for part in (place, change):
                check(part in text, "%s: no '%s' in '%s'" % (options, part, text))
        check(os.path.exists(path), "the socket of somebody else is gone")
    os.unlink(path)


if __name__ == "__main__":
    main({"taken": taken})
