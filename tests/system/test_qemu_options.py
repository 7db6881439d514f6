# SPDX-License-Identifier: MIT
"""What a guest sees of options that QEMU's command lines have, and what happens to the process."""

import os

from console import Machine, main

RAW = "cat /sys/firmware/qemu_fw_cfg/by_name/opt/org.%s/raw"


def run_line(commands):
    return ["-nographic", "-append", 'console=ttyS0 run="%s"' % "; ".join(commands)]


def surroundings(baya, folder, log):
    """fw_cfg's files, and a card of -net that reaches its network through a hub."""
    path = os.path.join(folder, "logs", "fw_cfg.txt")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write("of a file\n")
    line = [baya, "-fw_cfg", "opt/org.a,string=of a text", "-fw_cfg", "name=opt/org.b,file=" + path,
            "-net", "nic,macaddr=52:54:00:aa:bb:cc", "-net", "user"]
    line += run_line([RAW % "a", "echo", RAW % "b", "udhcpc -n -q -i eth0", "ip a"])
    with Machine(line, log) as machine:
        machine.expect("of a text\r?\nof a file\r?\n")
        machine.expect("52:54:00:aa:bb:cc")
        machine.expect("10.0.2.15/24")
        machine.wait(0)


if __name__ == "__main__":
    main({"surroundings": surroundings})
