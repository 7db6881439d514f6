# SPDX-License-Identifier: MIT
"""
Tests the date in a guest while its machine is stopped, suspended with its process, or loaded from a
snapshot: the real-time clock follows the host, the system's time follows the machine, and either
can be set from the other.
"""

import signal
import time

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import check, main
from test_savevm import QUIET, controlled, disk, image

STOPPED = 3  # seconds for which a machine is stopped, which clocks of whole seconds must show
READ = "for n in 1 2; do cat /sys/class/rtc/rtc0/since_epoch; date +%s; done"
SYNC = "hwclock -s -u -f /dev/rtc0"


class Clocks:
    """
    The guest's clocks. They were read after the time `first` and before `last`, however long the
    host delays a command. The real-time clock was `rtc` before the date was read, and `behind`
    after it.
    """

    def __init__(self, machine):
        self.first = time.time()
        said = machine.command(READ, PROMPT)
        self.last = time.time()
        self.rtc, self.date, self.behind = map(int, said.split()[:3])

    def agree(self, most):
        """Returns whether the date is that of the real-time clock, or at most `most` seconds behind
        it."""
        return self.rtc - most <= self.date <= self.behind + 1

    def offset(self):
        """Returns the least and the most by which the real-time clock can be ahead of the date."""
        return self.rtc - self.date - 1, self.behind - self.date + 1


class Passed:
    """The time that passes for the guest's clocks during an action, and the least and the most that
    can have passed for the host."""

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
    """Stops the machine for a while; returns for how long at least, in seconds."""
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
    """Checks that with clock=vm both clocks stop with the machine, and that they start at the given
    date."""
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
    """Checks that after a snapshot is loaded the clock continues from its saved time, without the
    time that has passed since, as in QEMU."""
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
    """Checks that with the virtual clock the date is the same in each run, even if one is
    stopped."""
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
