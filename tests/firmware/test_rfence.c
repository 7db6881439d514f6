/* SPDX-License-Identifier: MIT */
/*
 * Tests RFENCE: another hart that has cached a translation, or code, sees the new one after the
 * fence; all harts may fence each other at the same time; parameters are checked.
 */
#include "tests/firmware/guest.h"

#define ROUNDS 60 /* fence_all() uses all its functions, bases and sizes in this many rounds */
#define PAGES 24

static u64 pages[PAGES * 2][512] __attribute__((aligned(4096)));
static volatile u64 command, answer; /* rounds requested from the other hart, and done by it */
static volatile u64 sum, stop;

enum { READ_WINDOW = 1, RUN_CODE };
static volatile u64 what;

/* `li a0, n; ret`, rewritten between rounds. */
static u32 code[2] __attribute__((aligned(4096))) = { 0x00000513, 0x00008067 };

/* Runs on the other hart: reads all pages of the window, or calls the code, and reports the sum. */
static void rfence_follow(u64 unused)
{
	(void)unused;
	paging_on();
	for (u64 done = 0; !stop;) {
		if (command == done)
			continue;
		done = command;
		if (what == RUN_CODE) {
			sum = ((u64(*)(void))code)();
		} else {
			u64 total = 0;

			for (u64 page = 0; page < PAGES; page++)
				total += *(volatile u64 *)(WINDOW + page * 4096);
			sum = total;
		}
		__atomic_store_n(&answer, done, __ATOMIC_RELEASE);
	}
	paging_off();
}

static bool answered(u64 round)
{
	return __atomic_load_n(&answer, __ATOMIC_ACQUIRE) == round;
}

static u64 rfence_ask(u64 kind)
{
	what = kind;
	__atomic_store_n(&command, command + 1, __ATOMIC_RELEASE);
	return time_wait(answered, command) ? sum : -1UL;
}

/* Maps each page of the window to one of two pages: the first contains 1, the second 100. */
static void map_all(bool second)
{
	for (u64 page = 0; page < PAGES; page++)
		paging_map(page, pages[page * 2 + second]);
}

static const struct {
	u64 function, first_page, size;
	const char *text;
} ranges[] = {
	{ 1, 0, 0, "sfence.vma of everything, start and size 0" },
	{ 1, 0, -1UL, "sfence.vma of everything, size -1" },
	{ 1, WINDOW, 3 * 4096, "sfence.vma of three pages" },
	{ 1, WINDOW + 8, 1, "sfence.vma of a byte" },
	{ 1, WINDOW + 4095, 2, "sfence.vma of two bytes in two pages" },
	{ 1, WINDOW, PAGES * 4096, "sfence.vma of many pages" },
	{ 1, WINDOW, -4096UL, "sfence.vma of a range that wraps" },
	{ 2, 0, 0, "sfence.vma with ASID of everything" },
	{ 2, WINDOW, 2 * 4096, "sfence.vma with ASID of two pages" },
};

/* Returns how many pages of the window a range overlaps. Their new contents must be seen. */
static u64 touched(u64 start, u64 size)
{
	u64 first = start & -4096UL;

	if ((start == 0 && size == 0) || start + size < start || size == -1UL)
		return PAGES;
	return (start + size - first + 4095) / 4096;
}

static void translations(u64 hart)
{
	for (u64 page = 0; page < PAGES; page++) {
		pages[page * 2][0] = 1;
		pages[page * 2 + 1][0] = 100;
	}
	stop = command = answer = 0;
	map_all(false);
	hart_run(hart, rfence_follow, 0);
	for (u64 i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		u64 count = touched(ranges[i].first_page, ranges[i].size), new;
		struct sbiret ret;

		map_all(false);
		sbi(EXT_RFENCE, 1, 1UL << hart, 0, 0, 0);
		if (rfence_ask(READ_WINDOW) != PAGES)
			report(false, "the window before the change");
		for (u64 page = 0; page < count; page++)
			paging_map(page, pages[page * 2 + 1]);
		ret = sbi(EXT_RFENCE, ranges[i].function, 1UL << hart, 0, ranges[i].first_page,
			  ranges[i].size, 0);
		new = rfence_ask(READ_WINDOW);
		report_equal(ret.error, SUCCESS, ranges[i].text);
		report_equal(new, count * 100 + PAGES - count, "the other hart sees the new pages");
	}
}

static void instructions(u64 hart)
{
	bool all = true;

	for (u64 n = 0; n < 50; n++) {
		*(volatile u32 *)code = n << 20 | 0x513;
		all &= sbi(EXT_RFENCE, 0, 1UL << hart, 0).error == SUCCESS;
		all &= rfence_ask(RUN_CODE) == n;
	}
	report(all, "fence.i: the other hart runs the new code");
}

static volatile u64 fencing, failures;

/* Fences all other harts, in a way that differs from hart to hart. */
static void fence_all(u64 hart)
{
	u64 mask = hart_mask();

	__atomic_fetch_add(&fencing, 1, __ATOMIC_SEQ_CST);
	for (u64 i = 0; i < ROUNDS; i++) {
		u64 function = (i + hart) % 3, base = i % 5 == 0 ? -1UL : 0;

		if (sbi(EXT_RFENCE, function, mask, base, WINDOW + i * 4096, (hart + i) % 20 * 4096,
			i & 7)
			    .error != SUCCESS)
			__atomic_fetch_add(&failures, 1, __ATOMIC_SEQ_CST);
	}
	__atomic_fetch_sub(&fencing, 1, __ATOMIC_SEQ_CST);
}

static void all_at_once(void)
{
	u64 others = hart_mask() & ~(1UL << hart_here());
	bool stopped = true;

	failures = 0;
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			hart_run(hart, fence_all, hart);
	fence_all(hart_here());
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			stopped &= hart_wait(hart, STOPPED);
	report(stopped, "harts that fence each other all come to an end");
	report_equal(failures, 0, "and all their fences succeed");
}

static void parameters(void)
{
	s64 hypervisor = has_hypervisor() ? SUCCESS : NOT_SUPPORTED;
	u64 here = hart_here();

	for (u64 function = 0; function < 7; function++) {
		s64 expected = function < 3 ? SUCCESS : hypervisor;
		s64 invalid = expected == SUCCESS ? INVALID_PARAM : expected;

		report_equal(sbi(EXT_RFENCE, function, 1, here, 0x1000, 0x3000, 1).error, expected,
			     "a range, here");
		report_equal(sbi(EXT_RFENCE, function, 0, -1UL, 0, 0, 1).error, expected,
			     "everything, everywhere, stopped harts included");
		report_equal(sbi(EXT_RFENCE, function, 1, MAX_HARTS, 0, 0, 0).error, invalid,
			     "a hart that does not exist");
		report_equal(sbi(EXT_RFENCE, function, 1, here, 0, 1UL << 62, 0).error, expected,
			     "a huge range ends");
	}
}

void test_rfence(void)
{
	u64 hart = hart_other(0);

	report_section("rfence");
	parameters();
	if (hart == -1UL)
		return;
	translations(hart);
	instructions(hart);
	stop = 1;
	report(hart_wait(hart, STOPPED), "the other hart stops");
	all_at_once();
}
