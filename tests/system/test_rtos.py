# SPDX-License-Identifier: MIT
"""
Tests real-time systems for QEMU's virt, with the command lines that their projects publish. The
environment variable BAYA_TEST_RTOS names a folder; each program of GUESTS that is in it is started,
and must print its known output. guests.md in this folder lists the programs that were run and how
they were built. Nothing is fetched, and the folder's files are not written.
"""

import os
import tempfile

from fixtures.console import Machine, Skipped, main

CONSOLE = ["-chardev", "stdio,id=con,mux=on", "-serial", "chardev:con",
           "-mon", "chardev=con,mode=readline"]
FREERTOS = ["-nographic", "-machine", "virt", "-net", "none", *CONSOLE, "-bios", "none",
            "-smp", "4", "-kernel"]
ZEPHYR = ["-nographic", "-machine", "virt", "-bios", "none", "-m", "256", "-net", "none",
          "-pidfile", "PIDFILE", *CONSOLE, "-icount", "shift=6,align=off,sleep=off",
          "-rtc", "clock=vm", "-kernel"]
NUTTX = ["-semihosting", "-M", "virt,aclint=on", "-cpu", "rv64", "-bios", "none", "-nographic",
         "-kernel"]

# The file, the options before it, and pairs of expected output and of input that is typed then.
GUESTS = [
    ("freertos-blinky.elf", FREERTOS,
     [("Message received from task", ""), ("Message received from software timer", "")]),
    # Its tasks check that they are not late. By the host's clock they may be, on a busy host, and
    # so -icount is added.
    ("freertos-full.elf", ["-icount", "shift=0", *FREERTOS],
     [("FreeRTOS Demo Start", ""), ("FreeRTOS Demo SUCCESS: : 5", "")]),
    ("zephyr-hello.elf", ZEPHYR,
     [("Booting Zephyr OS", ""), ("Hello World! qemu_riscv64", "")]),
    ("zephyr-philosophers.elf", ZEPHYR,
     [("Booting Zephyr OS", ""), (r"Philosopher 0 .* EATING", "")]),
    ("zephyr-sync.elf", ZEPHYR,
     [("thread_a: Hello World", ""), ("thread_b: Hello World", "")]),
    ("zephyr-shell.elf", ZEPHYR, [("uart:~\\$", "kernel version\r"), ("Zephyr version", "")]),
    # These wait in busy loops for time to pass; with shift=6 each instruction takes 64 ns.
    ("zephyr-timer.elf", ZEPHYR, [("PROJECT EXECUTION SUCCESSFUL", "")]),
    ("zephyr-sched.elf", ZEPHYR, [("PROJECT EXECUTION SUCCESSFUL", "")]),
    ("nuttx-nsh64.elf", NUTTX,
     [("nsh> ", "hello\r"), ("Hello, World!!", "uname -a\r"), ("NuttX .* risc-v rv-virt", "")]),
    ("rtthread.bin", ["-nographic", "-machine", "virt", "-m", "256M", "-bios"],
     [("Hello RISC-V!", ""), ("msh />", "list_thread\r"), ("tshell", "")]),
    ("rtthread-s.bin", ["-nographic", "-machine", "virt", "-m", "256M", "-kernel"],
     [("Hello RISC-V!", ""), ("msh />", "list_thread\r"), ("tshell", "")]),
    ("sel4test.elf", ["-machine", "virt", "-cpu", "rv64", "-nographic", "-serial", "mon:stdio", "-m",
                       "size=3072M", "-kernel"],
     [("Starting test suite sel4test", ""), ("All is well in the universe", "")]),
]
TROUBLE = r"ASSERT!|EXECUTION FAILED|ZEPHYR FATAL|up_assert|\d+ tests failed"


def run(baya, log, program, options, talk, place):
    options = [os.path.join(place, "pid") if word == "PIDFILE" else word for word in options]
    with Machine([baya, *options, program], log) as machine:
        for expected, typed in talk:
            machine.expect(expected, never=TROUBLE)
            machine.type(typed)
        print("%s: %.0f s" % (os.path.basename(program), machine.seconds))


def real(baya, _, log):
    folder = os.environ.get("BAYA_TEST_RTOS", "")
    found = [guest for guest in GUESTS if os.path.exists(os.path.join(folder, guest[0]))]
    if not folder:
        raise Skipped("BAYA_TEST_RTOS names no folder of real-time systems")
    if not found:
        raise Skipped("%s has none of %s" % (folder, " ".join(guest[0] for guest in GUESTS)))
    with tempfile.TemporaryDirectory() as place:
        for name, options, talk in found:
            run(baya, log, os.path.join(folder, name), options, talk, place)


if __name__ == "__main__":
    main({"real": real})
