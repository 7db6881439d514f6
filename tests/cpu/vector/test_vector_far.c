/* SPDX-License-Identifier: MIT */
/*
 * Tests copies between arrays whose pages have the same entries of the TLB view. The entries that
 * native code has cached are right whatever number the address space has; and with vectors the view
 * is filled a few times per page, not by each access.
 */
#include "cpu/hart/vector_state.h"
#include "cpu/jit/impl.h"
#include "cpu/mmu/tlb.h"
#include "tests/cpu/jit/native.h"

#define CODE (RAM_BASE + MiB)
#define FROM (RAM_BASE + 4 * MiB)
#define DISTANCE (TLB_ENTRIES_MAX * PAGE_SIZE)
#define VLENB 32u
#define PAGES 64u
/* An access that crosses pages fills both entries. */
#define FILLS_MOST (4 * PAGES)
#define SPACES 40

/* x registers: the count, the address to copy from, the address to copy to, and the step. */
enum { COUNT = 11, IN, OUT, STEP };

/*
 * A loop that copies `bytes` bytes per round with `insns` instructions, and moves on by `step`
 * bytes.
 */
struct loop {
	u32 code[8];
	unsigned insns, bytes;
	s64 step;
};

/* The length is a register that the loop writes, so that it has no version without checks. */
static const struct loop checked = {
	.code = { 0x0c35f557, /* vsetvli a0, a1, e8, m8, ta, ma */
		  0x02060407, /* vle8.v v8, (a2) */
		  0x02068427, /* vse8.v v8, (a3) */
		  0x40a585b3, /* sub a1, a1, a0 */
		  0x00a60633, /* add a2, a2, a0 */
		  0x00a686b3, /* add a3, a3, a0 */
		  0xfe0594e3, /* bnez a1, to the first */
		  0x0000006f }, /* j . */
	.insns = 7, .bytes = 8 * VLENB, .step = 8 * VLENB,
};

static const struct loop vectors = {
	.code = { 0xe2860407, /* vl8re8.v v8, (a2) */
		  0xe2868427, /* vs8r.v v8, (a3) */
		  0xf0058593, /* addi a1, a1, -256 */
		  0x00e60633, /* add a2, a2, a4 */
		  0x00e686b3, /* add a3, a3, a4 */
		  0xfe0596e3, /* bnez a1, to the first */
		  0x0000006f },
	.insns = 6, .bytes = 8 * VLENB, .step = 8 * VLENB,
};

static const struct loop up = {
	.code = { 0x00063703, /* ld a4, (a2) */
		  0x00e6b023, /* sd a4, (a3) */
		  0xff858593, /* addi a1, a1, -8 */
		  0x00860613, /* addi a2, a2, 8 */
		  0x00868693, /* addi a3, a3, 8 */
		  0xfe0596e3, /* bnez a1, to the first */
		  0x0000006f },
	.insns = 6, .bytes = 8, .step = 8,
};

static const struct loop down = {
	.code = { 0x00063703, 0x00e6b023, 0xff858593,
		  0xff860613, /* addi a2, a2, -8 */
		  0xff868693, /* addi a3, a3, -8 */
		  0xfe0596e3, 0x0000006f },
	.insns = 6, .bytes = 8, .step = -8,
};

/* Copies `bytes` bytes from an address. Returns how many entries of the view were filled. */
static u64 copy(struct native_machine *native, const struct loop *loop, u64 from, u64 bytes)
{
	struct hart *hart = &native->machine->hart;
	const u64 before = hart->tlb_stats.misses;
	u64 first = loop->step < 0 ? from + bytes - loop->bytes : from;
	u8 *ram = native->machine->ram.host + (from - RAM_BASE);

	for (u64 n = 0; n < bytes; n++)
		ram[n] = (u8)(n * 37 + n / 251 + before);
	hart->x[COUNT] = bytes;
	hart->x[IN] = first;
	hart->x[OUT] = first + DISTANCE;
	hart->x[STEP] = (u64)loop->step;
	hart->pc = CODE;
	hart_regime_changed(hart);
	hart_run(hart, jit_run, 1 + loop->insns * (bytes / loop->bytes));
	assert_int_equal(hart->x[COUNT], 0);
	assert_memory_equal(ram, ram + DISTANCE, bytes);
	return hart->tlb_stats.misses - before;
}

static void setup(struct native_machine *native, const struct loop *loop)
{
	struct hart *hart;

	native_setup(native);
	hart = &native->machine->hart;
	machine_open_pmp(native->machine);
	hart->vector.config.vlen = 8 * VLENB;
	hart->vector.vlenb = VLENB;
	csr_set_mstatus(hart, MSTATUS_FS | MSTATUS_VS);
	native_put(native, CODE, loop->code, ARRAY_SIZE(loop->code));
}

static void test_fills(void **unused)
{
	struct native_machine native;

	setup(&native, &checked);
	/* If the view has only one entry, each access fills it. */
	if (limits_paranoid() || (!native.jit->host.has_avx2 && !native.jit->host.has_avx512)) {
		native_teardown(&native);
		skip();
	}
	for (u64 skipped = 0; skipped <= 8; skipped += 8) {
		copy(&native, &checked, FROM + skipped, PAGES * PAGE_SIZE);
		assert_true(copy(&native, &checked, FROM + skipped, PAGES * PAGE_SIZE) <=
			    FILLS_MOST);
	}
	native_teardown(&native);
}

/*
 * Copies in many address spaces: each flush gives the space a new number, and strips are tried each
 * time.
 */
static void check_spaces(const struct loop *loop, u64 from, u64 bytes)
{
	struct native_machine native;
	struct hart *hart;

	setup(&native, loop);
	hart = &native.machine->hart;
	for (unsigned n = 0; n < SPACES; n++) {
		copy(&native, loop, from, bytes);
		memset(hart->native.unprofitable, 0, sizeof(hart->native.unprofitable));
		copy(&native, loop, from, bytes);
		tlb_flush_all(hart->tlb);
	}
	native_teardown(&native);
}

static void test_spaces(void **unused)
{
	for (u64 offset = 0; offset < 64; offset += 8) {
		check_spaces(&up, FROM + offset, 2 * PAGE_SIZE);
		check_spaces(&down, FROM + offset, 2 * PAGE_SIZE);
		check_spaces(&vectors, FROM + offset, 4 * PAGE_SIZE);
	}
	/* The loop goes down from the first page of RAM, below which there is no memory. */
	check_spaces(&down, RAM_BASE, 64);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_fills),
	cmocka_unit_test(test_spaces),
	{ 0 },
};
