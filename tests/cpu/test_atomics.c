/* SPDX-License-Identifier: MIT */
/*
 * Tests Zabha, Zacas and Zama16b, one fact of their chapters per line: operand sizes, sign
 * extension, register pairs, alignment. The A extension's own rows are in test_mem and in
 * riscv-tests.
 */
#include "tests/cpu/fixture.h"

#define CODE RAM_BASE
#define DATA (RAM_BASE + 0x1000)

/* The operands are rd = a0, rs1 = a1, rs2 = a2. */
#define AMO_RAW(funct5, funct3) (0x00c5852fu | (u32)(funct5) << 27 | (u32)(funct3) << 12)
enum { SWAP = 1, ADD = 0, XOR = 4, AND = 12, OR = 8, AMIN = 16, AMAX = 20, AMINU = 24, AMAXU = 28,
       CAS = 5 };
enum { BYTE, HALF, WORD, DOUBLE, QUAD };

struct small {
	u8 funct5, funct3;
	u64 rs2, before, after, rd;
};

/* Only the operand's bytes change; rd is sign-extended; upper bits of rs2 do not matter. */
static const struct small smalls[] = {
	{ SWAP, BYTE, 0xff12, 0x1122334455667788, 0x1122334455667712, 0xffffffffffffff88 },
	{ SWAP, HALF, 0xff1234, 0x1122334455667788, 0x1122334455661234, 0x7788 },
	{ ADD, BYTE, 0x01, 0x11223344556677ff, 0x1122334455667700, UINT64_MAX },
	{ ADD, HALF, 0x10001, 0x112233445566ffff, 0x1122334455660000, UINT64_MAX },
	{ XOR, BYTE, 0xffff, 0x7788, 0x7777, 0xffffffffffffff88 },
	{ XOR, HALF, 0x1ffff, 0x117788, 0x118877, 0x7788 },
	{ AND, BYTE, 0x0f, 0x7788, 0x7708, 0xffffffffffffff88 },
	{ AND, HALF, 0x0f0f, 0x117788, 0x110708, 0x7788 },
	{ OR, BYTE, 0x0f, 0x7788, 0x778f, 0xffffffffffffff88 },
	{ OR, HALF, 0x80f0, 0x117788, 0x11f7f8, 0x7788 },
	{ AMIN, BYTE, 0x80, 0x777f, 0x7780, 0x7f },
	{ AMIN, HALF, 0x8000, 0x117fff, 0x118000, 0x7fff },
	{ AMAX, BYTE, 0x80, 0x777f, 0x777f, 0x7f },
	{ AMAX, HALF, 0x7fff, 0x118000, 0x117fff, 0xffffffffffff8000 },
	{ AMINU, BYTE, 0x80, 0x777f, 0x777f, 0x7f },
	{ AMINU, HALF, 0x7fff, 0x118000, 0x117fff, 0xffffffffffff8000 },
	{ AMAXU, BYTE, 0x180, 0x777f, 0x7780, 0x7f },
	{ AMAXU, HALF, 0x7fff, 0x118000, 0x118000, 0xffffffffffff8000 },
};

static void test_bytes_and_halfwords(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 *x = machine->hart.x;

	for (unsigned n = 0; n < ARRAY_SIZE(smalls); n++) {
		const struct small *s = &smalls[n];

		*machine_ram(machine, DATA) = s->before;
		x[11] = DATA;
		x[12] = s->rs2;
		assert_true(machine_step(machine, CODE, AMO_RAW(s->funct5, s->funct3)));
		assert_int_equal(*machine_ram(machine, DATA), s->after);
		assert_int_equal(x[10], s->rd);
	}
	machine_free(machine);
}

/*
 * For each size: AMOCAS stores if memory holds the value of rd, and not otherwise; rd gets the old
 * value of memory.
 */
static void test_compare_and_swap(void **unused)
{
	static const u64 mask[] = { 0xff, 0xffff, 0xffffffff, UINT64_MAX };
	static const u64 loaded[] = { 0xffffffffffffff88, 0x7788, 0x55667788, 0xf122334455667788 };
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 *x = machine->hart.x, *word = machine_ram(machine, DATA);
	const u64 value = 0xf122334455667788, other = 0x0123456789abcdef;

	for (unsigned size = BYTE; size <= DOUBLE; size++) {
		x[11] = DATA;
		x[12] = other;
		*word = value;
		/* The bits of rd above the operand are not compared. */
		x[10] = value ^ (~mask[size] & 0x5a5a5a5a5a5a5a5a);
		assert_true(machine_step(machine, CODE, AMO_RAW(CAS, size)));
		assert_int_equal(*word, (value & ~mask[size]) | (other & mask[size]));
		assert_int_equal(x[10], loaded[size]);
		*word = value;
		x[10] = value ^ 1;
		assert_true(machine_step(machine, CODE, AMO_RAW(CAS, size)));
		assert_int_equal(*word, value);
		assert_int_equal(x[10], loaded[size]);
		/* x0 compares as zero and stays zero. */
		*word = 0;
		x[X_SINK] = 99;
		assert_true(machine_step(machine, CODE, AMO_RAW(CAS, size) & ~(31u << 7)));
		assert_int_equal(*word, other & mask[size]);
		assert_int_equal(x[0], 0);
	}
	machine_free(machine);
}

static void put_pair(struct machine *machine, u64 low, u64 high)
{
	*machine_ram(machine, DATA) = low;
	*machine_ram(machine, DATA + 8) = high;
}

static void assert_pair(struct machine *machine, u64 low, u64 high)
{
	assert_int_equal(*machine_ram(machine, DATA), low);
	assert_int_equal(*machine_ram(machine, DATA + 8), high);
}

/* amocas.q a4, a2, (a1) compares a4:a5 and stores a2:a3. */
#define CAS_QUAD ((AMO_RAW(CAS, QUAD) & ~(31u << 7)) | 14 << 7)

static void test_pairs(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 *x = machine->hart.x;

	x[11] = DATA;
	x[12] = 3;
	x[13] = 4;
	put_pair(machine, 1, 2);
	x[14] = 1;
	x[15] = 2;
	assert_true(machine_step(machine, CODE, CAS_QUAD));
	assert_pair(machine, 3, 4);
	assert_int_equal(x[14], 1);
	assert_int_equal(x[15], 2);
	/* Either half can differ. */
	x[14] = 3;
	assert_true(machine_step(machine, CODE, CAS_QUAD));
	assert_pair(machine, 3, 4);
	assert_int_equal(x[15], 4);
	x[14] = 2;
	assert_true(machine_step(machine, CODE, CAS_QUAD));
	assert_pair(machine, 3, 4);
	assert_int_equal(x[14], 3);
	/* With x0 the pair is zero, and x1 is neither read nor written. */
	x[1] = 77;
	put_pair(machine, 0, 0);
	assert_true(machine_step(machine, CODE, CAS_QUAD & ~(31u << 7)));
	assert_pair(machine, 3, 4);
	assert_int_equal(x[1], 77);
	x[14] = 3;
	x[15] = 4;
	assert_true(machine_step(machine, CODE, CAS_QUAD & ~(31u << 20)));
	assert_pair(machine, 0, 0);
	/* Odd registers are reserved. */
	assert_false(machine_step(machine, CODE, CAS_QUAD | 1 << 7));
	assert_int_equal(machine->hart.trap.cause, CAUSE_ILLEGAL);
	assert_false(machine_step(machine, CODE, CAS_QUAD | 1 << 20));
	assert_int_equal(machine->hart.trap.cause, CAUSE_ILLEGAL);
	machine_free(machine);
}

/* Tests each AMO size at each offset in 16 bytes: those that cross the granule trap. */
static void check_alignment(struct ext_set extensions, bool granule)
{
	struct machine *machine = machine_create(extensions);
	u64 *x = machine->hart.x;

	for (unsigned size = BYTE; size <= QUAD; size++)
		for (unsigned offset = 0; offset < 16; offset++) {
			u32 raw = size == QUAD ? CAS_QUAD : AMO_RAW(ADD, size);
			unsigned bytes = 1u << size;
			bool works = granule ? offset + bytes <= 16 : offset % bytes == 0;

			put_pair(machine, 0, 0);
			x[11] = DATA + offset;
			x[12] = 0x55;
			x[10] = x[14] = 7;
			assert_int_equal(machine_step(machine, CODE, raw), works);
			assert_int_equal(machine->ram.host[DATA - RAM_BASE + offset],
					 works && size != QUAD ? 0x55 : 0);
			if (works)
				continue;
			assert_int_equal(x[size == QUAD ? 14 : 10], 7);
			assert_int_equal(machine->hart.trap.cause, CAUSE_STORE_MISALIGNED);
			assert_int_equal(machine->hart.trap.tval, DATA + offset);
		}
	/* LR and SC are always aligned. */
	x[11] = DATA + 2;
	assert_false(machine_step(machine, CODE, AMO_RAW(2, WORD) & ~(31u << 20)));
	assert_int_equal(machine->hart.trap.cause, CAUSE_LOAD_MISALIGNED);
	assert_false(machine_step(machine, CODE, AMO_RAW(3, WORD)));
	assert_int_equal(machine->hart.trap.cause, CAUSE_STORE_MISALIGNED);
	machine_free(machine);
}

static void test_alignment(void **unused)
{
	check_alignment(EXT_TOGETHER, true);
	check_alignment(ext_without(EXT_TOGETHER, EXT_zama16b), false);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_bytes_and_halfwords),
	cmocka_unit_test(test_compare_and_swap),
	cmocka_unit_test(test_pairs),
	cmocka_unit_test(test_alignment),
	{ 0 },
};
