# SPDX-License-Identifier: MIT
"""
The date in a guest while its machine is stopped, suspended with its process, or loaded: the
real-time clock is the host's, the system's time the machine's, and one can be set by the other.
"""

import signal
import time

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import check, main
from test_savevm import QUIET, controlled, disk, image

STOPPED = 3  # seconds that a machine stands still: more than the clocks' whole seconds hide
READ = "for n in 1 2; do cat /sys/class/rtc/rtc0/since_epoch; date +%s; done"
SYNC = "hwclock -s -u -f /dev/rtc0"


class Clocks:
    """
    The guest's clocks, and when they were read: none before `first`, and none after `last`, however
    long the host lets a command wait. The real-time clock was `rtc` before the date was read, and
    `behind` when it had been.
    """

    def __init__(self, machine):
        self.first = time.time()
        said = machine.command(READ, PROMPT)
        self.last = time.time()
        self.rtc, self.date, self.behind = map(int, said.split()[:3])

    def agree(self, most):
        """Whether the date is the real-time clock's; so many seconds behind it at most."""
        return self.rtc - most <= self.date <= self.behind + 1

    def offset(self):
        """The least and the most that the real-time clock can be before the date."""
        return self.rtc - self.date - 1, self.behind - self.date + 1


class Passed:
    """What passes for the guest's clocks while something is done, and what can have passed here."""

    def __init__(self, machine, during):
        before = Clocks(machine)
        self.stood = during()
        after = Clocks(machine)
        self.rtc, self.date = after.rtc - before.rtc, after.date - before.date
        self.least, self.most = after.first - before.last - 1, after.last - before.first + 1
        self.same_offset = (max(before.offset()[0], after.offset()[0]) <=
                            min(before.offset()[1], after.offset()[1]))

    def goes_on(self, seconds, what):
        check(self.least <= seconds <= self.most, "%d s of %s in %.1f to %.1f s" %
              (seconds, what, self.least, self.most))

    def stands_still(self, seconds, what):
        check(0 <= seconds <= self.most - self.stood, "%d s of %s in %.1f s, of which it was to "
              "stand still for %.1f" % (seconds, what, self.most, self.stood))


def stop_for(monitor):
    """Returns how long the machine stood still at least."""
    monitor.ask("stop")
    since = time.time()
    time.sleep(STOPPED)
    stood = time.time() - since
    monitor.ask("cont")
    return stood


def host(baya, folder, log):
    with controlled(baya, log, *QUIET) as (machine, monitor, _):
        await_shell(machine)
        clocks = Clocks(machine)
        check(clocks.first - 60 < clocks.rtc < clocks.last + 60, "it begins with another time")
        passed = Passed(machine, lambda: stop_for(monitor))
        passed.goes_on(passed.rtc, "the real-time clock")
        passed.stands_still(passed.date, "the system's time")
        machine.command(SYNC, PROMPT)
        check(Clocks(machine).agree(60), "it does not correct itself")

        def suspend():
            machine.process.send_signal(signal.SIGSTOP)
            time.sleep(STOPPED)
            machine.process.send_signal(signal.SIGCONT)

        passed = Passed(machine, suspend)
        passed.goes_on(passed.rtc, "the real-time clock")
        passed.goes_on(passed.date, "the system's time")
        power_off(machine)


def machine(baya, folder, log):
    """clock=vm: they stand still together, from the date that is given."""
    with controlled(baya, log, *QUIET, "-rtc", "base=2001-09-09T01:46:40,clock=vm") as \
            (guest, monitor, _):
        await_shell(guest)
        check(0 <= Clocks(guest).rtc - 1000000000 <= guest.seconds, "another date")
        passed = Passed(guest, lambda: stop_for(monitor))
        passed.stands_still(passed.rtc, "the real-time clock")
        passed.stands_still(passed.date, "the system's time")
        check(passed.same_offset, "%d s of RTC, %d of system" % (passed.rtc, passed.date))
        power_off(guest)


def loaded(baya, folder, log):
    """A saved clock goes on from its time; the time between is lost to it, as in QEMU."""
    with controlled(baya, log, *QUIET, *disk(image(log, "disk"))) as (guest, monitor, _):
        await_shell(guest)
        clocks = Clocks(guest)
        check(monitor.ask("savevm before") == "", "it cannot be saved")
        saved = time.time()
        stop_for(monitor)
        back = time.time()
        check(monitor.ask("loadvm before") == "", "it cannot be loaded")
        now = Clocks(guest)
        most = saved - clocks.first + now.last - back + 1
        check(0 <= now.rtc - clocks.rtc <= most, "%d s instead of %.1f" %
              (now.rtc - clocks.rtc, most))
        power_off(guest)


def same(baya, folder, log):
    """Under the virtual clock the date is the same in each run, however long it is stopped."""
    def run(during):
        with controlled(baya, log, *QUIET, "--clock=virtual") as (guest, monitor, _):
            await_shell(guest)
            before = Clocks(guest).rtc
            during(monitor)
            return before, Clocks(guest).rtc
    runs = [run(lambda monitor: None), run(stop_for)]
    check(all(0 <= time - 1735689600 < 60 for run in runs for time in run), "it has %s" % runs)


if __name__ == "__main__":
    main({"host": host, "machine": machine, "loaded": loaded, "same": same})
