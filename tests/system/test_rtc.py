# SPDX-License-Identifier: MIT
"""
The date in a guest while its machine is stopped, suspended with its process, or loaded: the
real-time clock is the host's, the system's time the machine's, and one can be set by the other.
"""

import signal
import time

from bundled import PROMPT, await_shell, power_off
from console import check, main
from test_savevm import QUIET, controlled, disk, image

STOPPED = 3  # seconds; what a guest's command takes is less
SYNC = "hwclock -s -u -f /dev/rtc0"


def rtc(machine):
    return int(machine.command("cat /sys/class/rtc/rtc0/since_epoch", PROMPT))


def date(machine):
    return int(machine.command("date +%s", PROMPT))


def passed(machine, during):
    """Seconds that pass for the real-time clock, for the guest's system and here, meanwhile."""
    before = rtc(machine), date(machine), time.time()
    during()
    after = rtc(machine), date(machine), time.time()
    return [after[n] - before[n] for n in range(3)]


def stop_for(monitor):
    monitor.ask("stop")
    time.sleep(STOPPED)
    monitor.ask("cont")


def host(baya, folder, log):
    with controlled(baya, log, *QUIET) as (machine, monitor, _):
        await_shell(machine)
        check(abs(rtc(machine) - time.time()) < 60, "it begins with another time")
        real, system, here = passed(machine, lambda: stop_for(monitor))
        check(STOPPED - 1 <= real <= here + 1, "%d s of RTC in %.1f s" % (real, here))
        check(system <= here - STOPPED + 1, "the machine's time did not stand still")
        machine.command(SYNC, PROMPT)
        check(0 <= rtc(machine) - date(machine) + 1 <= 60, "it does not correct itself")

        def suspend():
            machine.process.send_signal(signal.SIGSTOP)
            time.sleep(STOPPED)
            machine.process.send_signal(signal.SIGCONT)

        real, system, here = passed(machine, suspend)
        check(STOPPED - 1 <= real <= here + 1, "%d s of RTC in %.1f s" % (real, here))
        check(STOPPED - 1 <= system <= here + 1, "%d s of system in %.1f s" % (system, here))
        power_off(machine)


def machine(baya, folder, log):
    """clock=vm: they stand still together, from the date that is given."""
    with controlled(baya, log, *QUIET, "-rtc", "base=2001-09-09T01:46:40,clock=vm") as \
            (guest, monitor, _):
        await_shell(guest)
        check(0 <= rtc(guest) - 1000000000 <= guest.seconds, "another date")
        real, system, here = passed(guest, lambda: stop_for(monitor))
        check(real <= here - STOPPED + 1, "%d s of RTC in %.1f s" % (real, here))
        check(abs(real - system) <= 1, "%d s of RTC, %d of system" % (real, system))
        power_off(guest)


def loaded(baya, folder, log):
    """A saved clock goes on from its time; the time between is lost to it, as in QEMU."""
    with controlled(baya, log, *QUIET, *disk(image(log, "disk"))) as (guest, monitor, _):
        await_shell(guest)
        real = rtc(guest)
        saved = time.time()
        check(monitor.ask("savevm before") == "", "it cannot be saved")
        saving = time.time() - saved
        stop_for(monitor)
        back = time.time()
        check(monitor.ask("loadvm before") == "", "it cannot be loaded")
        later = rtc(guest) - real
        since = time.time() - back + saving + 2
        check(0 <= later <= since, "%d s instead of %.1f" % (later, since))
        power_off(guest)


def same(baya, folder, log):
    """Under the virtual clock the date is the same in each run, however long it is stopped."""
    def run(during):
        with controlled(baya, log, *QUIET, "--clock=virtual") as (guest, monitor, _):
            await_shell(guest)
            before = rtc(guest)
            during(monitor)
            return before, rtc(guest)
    runs = [run(lambda monitor: None), run(stop_for)]
    check(all(0 <= time - 1735689600 < 60 for run in runs for time in run), "it has %s" % runs)


if __name__ == "__main__":
    main({"host": host, "machine": machine, "loaded": loaded, "same": same})
