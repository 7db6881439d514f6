# SPDX-License-Identifier: MIT
"""Tests the network in a namespace in which the test is root: an interface of the host (tap), and
names of a server that only this namespace has."""

import contextlib
import fcntl
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from fixtures.bundled import PROMPT, await_shell, booted, power_off
from fixtures.console import Machine, Skipped, check, main

UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--mount"]
INSIDE = "BAYA_TEST_NAMESPACE"
TUNSETIFF, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x400454ca, 2, 0x1000, 0x4000
A, AAAA = 1, 28
ADDRESSES = {A: ipaddress.ip_address("192.0.2.7"), AAAA: ipaddress.ip_address("2001:db8::7")}


def enter():
    """Starts the test program again in a new namespace. Raises Skipped if the host does not allow
    that."""
    if os.environ.get(INSIDE):
        return
    if subprocess.run(UNSHARE + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        raise Skipped("no namespaces of one's own here")
    os.environ[INSIDE] = "1"
    os.execvp(UNSHARE[0], UNSHARE + [sys.executable] + sys.argv)


def tap(baya, folder, log):
    """Tests frames to and from the host's kernel, and the script that gives the interface an
    address."""
    enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise Skipped("no /dev/net/tun")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        script, down = os.path.join(place, "up"), os.path.join(place, "down")
        for name, text in ((script, 'ip address add 10.4.4.1/24 dev "$1"; ip link set "$1" up'),
                           (down, 'echo "$1" >"%s/was"' % place)):
            with open(name, "w", encoding="ascii") as file:
                file.write("#!/bin/sh\nset -e\n%s\n" % text)
            os.chmod(name, 0o755)
        line = [baya, "-nic", "tap,ifname=tap4,script=%s,downscript=%s" % (script, down)]
        with booted(line, log) as machine:
            machine.command("ip address add 10.4.4.2/24 dev eth0; ip link set eth0 up", PROMPT)
            said = machine.command("ping -c 2 -W 20 10.4.4.1", PROMPT)
            check(" 0% packet loss" in said, said)
            machine.type("nc -l -p 8000 >/tmp/in & while ! grep -q :1F40 /proc/net/tcp "
                         "/proc/net/tcp6; do sleep 0.1; done; echo listens now\n")
            machine.expect("\nlistens now")
            data = os.urandom(1 << 20)
            with socket.create_connection(("10.4.4.2", 8000), 60) as connection:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                check(not connection.recv(1), "nobody writes")
            check("%d " % len(data) in machine.command("wait; wc -c /tmp/in", PROMPT), "lost")
            machine.type("\001c")
            machine.type("info network\n")
            machine.expect("nic0: tap, ifname tap4, 0 frames not taken")
            machine.type("\001c")
        with open(os.path.join(place, "was"), encoding="ascii") as file:
            check(file.read() == "tap4\n", "the downscript was not told of tap4")


def put_into_etc(place, scripts):
    """Lets /etc contain only these scripts, and what the loader of programs reads."""
    etc = os.path.join(place, "etc")
    os.mkdir(etc)
    if os.path.exists("/etc/ld.so.cache"):
        shutil.copy("/etc/ld.so.cache", etc)
    for name, text in scripts.items():
        with open(os.path.join(etc, name), "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n%s\n" % text)
        os.chmod(os.path.join(etc, name), 0o755)
    subprocess.run(["mount", "--bind", etc, "/etc"], check=True)


def scripts(baya, folder, log):
    """Checks that root runs QEMU's scripts unless script= is given, and that an interface that is
    down is reported."""
    enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise Skipped("no /dev/net/tun")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        was = os.path.join(place, "was")
        put_into_etc(place, {"qemu-ifup": 'ip link set "$1" up && echo "$1 up" >>"%s"' % was,
                             "qemu-ifdown": 'echo "$1 down" >>"%s"' % was})
        warning = "baya: -netdev tap: tap6 is down, so no frame passes; ip link set tap6 up"
        for options, expected in (("", ""), (",script=no,downscript=no", warning)):
            line = [baya, "-S", "-serial", "none", "-monitor", "stdio", "-nic",
                    "tap,ifname=tap6" + options]
            said = subprocess.run(line, input="quit\n", capture_output=True, text=True,
                                  check=True).stderr
            check(expected in said if expected else not said, said)
        with open(was, encoding="ascii") as file:
            check(file.read() == "tap6 up\ntap6 down\n", "other scripts")
        subprocess.run(["umount", "/etc"], check=True)


def open_tap(name, flags):
    """Creates an interface, whose descriptor has these flags, and gives it an address."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    subprocess.run("ip address add 10.4.4.1/24 dev %s && ip link set %s up" % (name, name),
                   shell=True, check=True)
    return tun


def descriptor(baya, _, log):
    """Tests a descriptor without and with a header before each frame, as macvtap has it."""
    enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise Skipped("no /dev/net/tun")
    for flags in (IFF_TAP | IFF_NO_PI, IFF_TAP | IFF_NO_PI | IFF_VNET_HDR):
        tun = open_tap("tap5", flags)
        with Machine([baya, "-nic", "tap,fd=%d" % tun], log, inherited=(tun,)) as machine:
            os.close(tun)
            await_shell(machine)
            machine.command("ip address add 10.4.4.2/24 dev eth0; ip link set eth0 up", PROMPT)
            said = machine.command("ping -c 2 -W 20 10.4.4.1", PROMPT)
            check(" 0% packet loss" in said, said)
            subprocess.run(["ip", "link", "delete", "tap5"], check=True)
            machine.expect(r"tap,id=nic0: tap5 has gone \(.*\); the machine goes on without it")
            power_off(machine)


def refusals(baya, folder, _):
    """Checks that the messages name what is missing: the device, or a usable interface."""
    enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise Skipped("no /dev/net/tun")
    subprocess.run(["ip", "tuntap", "add", "mode", "tap", "name", "many", "multi_queue"],
                   check=True)
    for name in ("many", "lo"):
        said = refusal(baya, name)
        check(name + " is no tap interface, or one with multi_queue" in said, said)
    with tempfile.TemporaryDirectory(dir=folder) as empty:
        subprocess.run(["mount", "--bind", empty, "/dev/net"], check=True)
        said = refusal(baya, "tap0")
        subprocess.run(["umount", "/dev/net"], check=True)
        check("cannot open /dev/net/tun: No such file or directory; " in said, said)


def refusal(baya, name):
    """Returns the message about an interface of this name."""
    result = subprocess.run([baya, "-nic", "tap,ifname=" + name], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=False)
    check(result.returncode == 3, "exit code %d" % result.returncode)
    return result.stderr


class Names(threading.Thread):
    """A name server, which answers queries for woven.example by UDP."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.start()

    def run(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            end = query.index(0, 12) + 5
            kind, = struct.unpack(">H", query[end - 4:end - 2])
            known = query[12:].startswith(b"\5woven\7example\0") and kind in ADDRESSES
            reply = query[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, known, 0, 0)
            reply += query[12:end]
            if known:
                data = ADDRESSES[kind].packed
                reply += struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(data)) + data
            self.socket.sendto(reply, peer)


def dns(baya, folder, log):
    """Checks that the guest's network forwards queries to the name server that the host would
    ask."""
    enter()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.NamedTemporaryFile("w", dir=folder) as resolver, contextlib.ExitStack() as stack:
        resolver.write("nameserver 127.0.0.1\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        Names()
        machine = stack.enter_context(Machine([baya, "-nic", "user"], log))
        await_shell(machine)
        machine.command("udhcpc -i eth0 -q -n", PROMPT)
        check("nameserver 10.0.2.3" in machine.command("cat /etc/resolv.conf", PROMPT), "not ours")
        said = machine.command("nslookup woven.example", PROMPT)
        for address in ADDRESSES.values():
            check(str(address) in said, said)
        said = machine.command("nslookup frayed.example", PROMPT)
        check("NXDOMAIN" in said, said)
        power_off(machine)


main({"tap": tap, "scripts": scripts, "descriptor": descriptor, "refusals": refusals, "dns": dns})
