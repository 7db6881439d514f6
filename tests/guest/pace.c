/* SPDX-License-Identifier: MIT */
/*
 * Tests the virtual clock's pace: an instruction takes 2^SHIFT nanoseconds, and so does a cycle,
 * whether the hart executes or sleeps. QEMU's -icount shift=SHIFT agrees on time; its mcycle counts
 * nanoseconds.
 */
#include "guest.h"

#define ROUNDS 100000ul
#define TICK_NS 100ul /* the period of mtime */
#define SLEEP 1000000ul /* ticks */
#define SLACK 200ul /* instructions around the part that is measured */

PROBE(loop, "1: addi a0, a0, -1\nbnez a0, 1b");
PROBE(do_wfi, "wfi");

struct reading {
	u64 ns, cycles, retired;
};

static struct reading now(void)
{
	return (struct reading){ mtime() * TICK_NS, csr_read(mcycle), csr_read(minstret) };
}

/* Returns the differences since the reading `start`. */
static struct reading since(struct reading start)
{
	struct reading end = now();

	return (struct reading){ end.ns - start.ns, end.cycles - start.cycles,
				 end.retired - start.retired };
}

/* Returns whether the time fits the cycles, some of which may precede one of the readings of time
 * or follow the other. */
static bool takes(u64 ns, u64 cycles)
{
	return ns + (SLACK << SHIFT) + TICK_NS >= cycles << SHIFT &&
	       ns <= ((cycles + SLACK) << SHIFT) + TICK_NS;
}

void main(void)
{
	struct reading start = now(), past;

	run(MODE_M, loop, ROUNDS, 0);
	past = since(start);
	report(takes(past.ns, 2 * ROUNDS), "time goes on by 2^SHIFT ns with each instruction");
	report(takes(past.ns, past.retired), "which minstret has counted");
	report(takes(past.ns, past.cycles), "and mcycle");
	csr_write(mie, BIT(MTI));
	start = now();
	set_mtimecmp(0, mtime() + SLEEP);
	run(MODE_M, do_wfi, 0, 0);
	past = since(start);
	report(past.ns >= SLEEP * TICK_NS, "a hart sleeps until its timer is due");
	report(past.ns <= SLEEP * TICK_NS + (SLACK << SHIFT) + TICK_NS, "and no longer");
	report(takes(past.ns, past.cycles), "cycles take as long in WFI");
}
