/* SPDX-License-Identifier: MIT */
/* Runs code that a test chooses in all tiers (see tier_directed.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/impl.h"

#include <stdlib.h>
#include <string.h>

/* Runs the test in threaded code, in native code, and in native code for an old host. */
void directed_run(void (*test)(struct machines *machines), unsigned harts)
{
	for (unsigned n = 0; n < 3; n++) {
		const struct tier_config config = {
			.harts = harts, .extensions = TIER_EXTENSIONS, .native = n > 0,
		};
		struct machines *machines = calloc(1, sizeof(*machines));

		assert_non_null(machines);
		machines_init(machines, &config);
		if (n == 2)
			machines->m[1].jit->host = (struct jit_host){ 0 };
		test(machines);
		machines_free(machines);
		free(machines);
	}
}

void directed_test(void **state)
{
	const struct directed *row = *state;

	directed_run(row->test, 1);
}

struct hart *directed_begin(struct machines *machines, struct emit *emit, u64 pc)
{
	struct harts *harts = &machines->m[0].harts;

	machines_begin(machines);
	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		hart->pc = RAM_BASE;
		hart->mnstatus = MNSTATUS_NMIE;
		hart->mstatus = MSTATUS_FS;
		hart->pmp.addr[15] = PMP_ADDR_MASK;
		hart->pmp.cfg[15] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	}
	for (u64 page = 0; page < DIRECTED_PAGES; page++)
		ram_mark(&machines->m[0].ram, page << PAGE_SHIFT, PAGE_SIZE);
	emit_start(emit, &harts->isa, machines->m[0].ram.host, pc);
	return harts->hart[0];
}

static void directed_same(struct machines *machines, u64 count)
{
	char difference[256];

	if (machines_differs(machines, difference, sizeof(difference)))
		fail_msg("a difference after %llu instructions in %s", count, difference);
}

void directed_check(struct machines *machines, u64 steps)
{
	machines_mirror(machines);
	for (unsigned n = 0; n < machines->count; n++)
		tier_run(&machines->m[n], steps);
	directed_same(machines, steps);
}

void directed_check_all(struct machines *machines, u64 count)
{
	machines_mirror(machines);
	for (unsigned n = 0; n < machines->count; n++)
		assert_int_equal(tier_run_to(&machines->m[n], count), HARTS_LIMIT);
	directed_same(machines, count);
}
