/* SPDX-License-Identifier: MIT */
/*
 * The rows of vf.def that move numbers, against copies, and which rows trap. The rest of them are
 * tested by test_vector.c.
 */
#include "vector_bench.h"

#include "cpu/csr/fast.h"
#include "cpu/fpu/fpu.h"

/* Rows that move bits: the result of a's element, of b's, and of the bit of v0. */
struct move {
	u16 op;
	u64 (*bits)(u64 a, u64 b, u64 sign, bool bit);
};

static u64 sgnj(u64 a, u64 b, u64 sign, bool bit)
{
	(void)bit;
	return b & sign ? a | sign : a & ~sign;
}

static u64 sgnjn(u64 a, u64 b, u64 sign, bool bit)
{
	return sgnj(a, b ^ sign, sign, bit);
}

static u64 sgnjx(u64 a, u64 b, u64 sign, bool bit)
{
	return sgnj(a, a ^ b, sign, bit);
}

static u64 merge(u64 a, u64 b, u64 sign, bool bit)
{
	(void)sign;
	return bit ? b : a;
}

static u64 second(u64 a, u64 b, u64 sign, bool bit)
{
	(void)a;
	(void)sign;
	(void)bit;
	return b;
}

static const struct move moves[] = {
	{ OP_vfsgnj_vv, sgnj },	  { OP_vfsgnj_vf, sgnj },   { OP_vfsgnjn_vv, sgnjn },
	{ OP_vfsgnjn_vf, sgnjn }, { OP_vfsgnjx_vv, sgnjx }, { OP_vfsgnjx_vf, sgnjx },
	{ OP_vfmerge_vfm, merge }, { OP_vfmv_v_f, second },
};

/* Those that compute. */
static const u16 computing[] = {
#define ROW(name, operation, operands, types) OP_##name,
#include "vector_rows.def"
};

/* These have a test each. */
static const u16 others[] = { OP_vfslide1up_vf, OP_vfslide1down_vf, OP_vfmv_s_f, OP_vfmv_f_s };

static void test_move(void **state)
{
	const struct move *move = *state;
	struct bench *bench = bench_create();
	u8 before[VECTOR_REGISTERS * VLENB_MAX];

	for (u64 n = 0; n < bench_cases() * 64; n++) {
		bool merges = move->op == OP_vfmerge_vfm;

		if (!bench_set(bench, move->op, n % 64))
			continue;
		bench_random_scalar(bench);
		memcpy(before, bench->hart->vector.v, sizeof(before));
		bench_execute(bench);
		for (u64 i = bench->first; i < bench->hart->vector.vl; i++) {
			bool bit = bench_bit(before, bench, i);
			u64 a = bench_get(before, bench, VS2, i, bench->size), b = bench->scalar;

			if (isa_format(move->op)->rs1.kind == OPERAND_V)
				b = bench_get(before, bench, VS1, i, bench->size);
			if (merges || !bench->masked || bit)
				bench_put(bench, i, bench->size,
					  move->bits(a, b, BIT((8u << bench->size) - 1), bit));
		}
		bench_check(bench);
	}
	bench_free(bench);
}

/* vfslide1up and vfslide1down: the scalar is at one end. */
static void test_slides(void **state)
{
	struct bench *bench = bench_create();
	u8 before[VECTOR_REGISTERS * VLENB_MAX];

	(void)state;
	for (u64 n = 0; n < bench_cases() * 128; n++) {
		bool up = n & 1;
		u64 vl;

		if (!bench_set(bench, up ? OP_vfslide1up_vf : OP_vfslide1down_vf, n / 2 % 64))
			continue;
		vl = bench->hart->vector.vl;
		bench_random_scalar(bench);
		memcpy(before, bench->hart->vector.v, sizeof(before));
		bench_execute(bench);
		for (u64 i = bench->first; i < vl; i++)
			if (!bench->masked || bench_bit(before, bench, i))
				bench_put(bench, i, bench->size,
					  i == (up ? 0 : vl - 1) ?
						  bench->scalar :
						  bench_get(before, bench, VS2, up ? i - 1 : i + 1,
							    bench->size));
		bench_check(bench);
	}
	bench_free(bench);
}

/* vfmv.s.f writes element 0 if vstart < vl; vfmv.f.s reads it always. */
static void test_scalar_moves(void **state)
{
	struct bench *bench = bench_create();

	(void)state;
	for (u64 n = 0; n < bench_cases() * 64; n++) {
		struct hart *hart = bench->hart;
		u64 value;

		if (bench_set(bench, OP_vfmv_s_f, n % 64)) {
			bench_set_scalar(bench, rng_next(&bench->rng) &
							(~0ull >> (64 - (8u << bench->size))));
			bench_execute(bench);
			if (bench->first < hart->vector.vl)
				bench_put(bench, 0, bench->size, bench->scalar);
			bench_check(bench);
		}
		if (bench_set(bench, OP_vfmv_f_s, n % 64)) {
			value = bench_get(hart->vector.v, bench, VS2, 0, bench->size);
			bench_execute(bench);
			bench_check(bench);
			assert_int_equal(hart->f[VD],
					 value | (bench->size == 3 ? 0 :
								     ~0ull << (8u << bench->size)));
			assert_int_equal(csr_mstatus_now(hart) & MSTATUS_FS, MSTATUS_FS);
		}
	}
	bench_free(bench);
}

/* A reserved frm traps every row, also those that round nothing and those of no elements. */
static void test_reserved_modes(void **state)
{
	struct bench *bench = bench_create();

	(void)state;
	for (unsigned op = OP_vfadd_vf; op < OP_COUNT; op++)
		for (unsigned vtype = 0; vtype < 64; vtype++)
			for (u8 frm = 5; frm < 8; frm++) {
				if (!bench_set(bench, op, vtype))
					continue;
				bench->hart->vector.vl = 0;
				bench->hart->vector.vstart = 0;
				bench->hart->frm = frm;
				assert_false(machine_step(bench->machine, RAM_BASE, bench->raw));
				assert_int_equal(bench->hart->trap.cause, CAUSE_ILLEGAL);
				assert_int_equal(bench->hart->trap.reason, REASON_rounding_mode);
			}
	bench_free(bench);
}

/* With FS or VS off all rows are illegal. */
static void test_units_off(void **state)
{
	static const u64 off[] = { BIT(13), BIT(9) };
	struct bench *bench = bench_create();

	(void)state;
	for (unsigned op = OP_vfadd_vf; op < OP_COUNT; op++)
		for (unsigned n = 0; n < 2 * 64; n++) {
			if (!bench_set(bench, op, n / 2))
				continue;
			csr_set_mstatus(bench->hart, off[n % 2]);
			hart_regime_changed(bench->hart);
			assert_false(machine_step(bench->machine, RAM_BASE, bench->raw));
			assert_int_equal(bench->hart->trap.cause, CAUSE_ILLEGAL);
		}
	bench_free(bench);
}

/* Arithmetic makes FS Dirty, whether it raises flags or not. */
static void test_dirty(void **state)
{
	struct bench *bench = bench_create();
	u64 nothing[] = { 0, 0 }, signaling[] = { 1ull << 32 | 0x7f800001, 0 };

	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		do
			bench->hart->vector.vl = 0;
		while (!bench_set(bench, OP_vfadd_vv, 2 << 3) || bench->masked ||
		       bench->hart->vector.vl == 0 || bench->first);
		memset(bench->hart->vector.v, 0, sizeof(bench->hart->vector.v));
		memcpy(bench_place(bench->hart->vector.v, bench, VS2, 0, 0),
		       n ? signaling : nothing, 16);
		bench_execute(bench);
		assert_int_equal(field_get(csr_mstatus_now(bench->hart), MSTATUS_FS), 3);
		assert_int_equal(bench->hart->fflags & FFLAG_NV, n ? FFLAG_NV : 0);
	}
	bench_free(bench);
}

/* Which SEW a row is legal at, by what of the extensions the hart has. */
static bool is_legal(const struct isa *isa, unsigned op, unsigned size)
{
	struct insn insn;
	u32 raw = VS2 << 20 | VS1 << 15 | VD << 7 | BIT(25);

	isa_decode(isa, (raw & ~isa->mask[op]) | isa->match[op], &insn);
	return insn.op == op && vector_legal(isa, &insn, size << 3);
}

/* The number of a scalar is no vector register: it overlaps no group. */
static void test_scalar_numbers(void **state)
{
	static const u16 ops[] = { OP_vfadd_vf, OP_vfmacc_vf, OP_vmflt_vf, OP_vadd_vx,
				   OP_vmacc_vx };
	struct bench *bench = bench_create();
	const struct isa *isa = &bench->machine->isa;

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(ops); n++)
		for (u32 number = 0; number < 32; number++) {
			u32 raw = VS2 << 20 | number << 15 | VD << 7;
			struct insn insn;

			isa_decode(isa, (raw & ~isa->mask[ops[n]]) | isa->match[ops[n]], &insn);
			assert_true(vector_legal(isa, &insn, 2 << 3 | 3));
		}
	bench_free(bench);
}

static unsigned legal_sizes(struct ext_set extensions, unsigned op)
{
	static struct isa isa;
	unsigned sizes = 0;

	isa_init(&isa, extensions);
	for (unsigned size = 0; size < 4; size++)
		sizes |= (unsigned)is_legal(&isa, op, size) << size;
	return sizes;
}

static void test_formats(void **state)
{
	struct ext_set f =
		ext_with(PLAIN_EXTENSIONS, EXT_zve32x, EXT_zve32f, EXT_zve64x, EXT_zve64f);
	struct ext_set d = ext_with(f, EXT_zve64d), min = ext_with(d, EXT_zvfhmin);
	struct ext_set h = ext_with(min, EXT_zvfh);

	(void)state;
	/* By bits: SEW 8 is 1, 16 is 2, 32 is 4, 64 is 8. */
	assert_int_equal(legal_sizes(f, OP_vfadd_vv), 4);
	assert_int_equal(legal_sizes(d, OP_vfadd_vv), 12);
	assert_int_equal(legal_sizes(min, OP_vfadd_vv), 12);
	assert_int_equal(legal_sizes(h, OP_vfadd_vv), 14);
	assert_int_equal(legal_sizes(f, OP_vfwadd_vv), 0);
	assert_int_equal(legal_sizes(min, OP_vfwadd_vv), 4);
	assert_int_equal(legal_sizes(h, OP_vfwadd_vv), 6);
	assert_int_equal(legal_sizes(d, OP_vfncvt_f_f_w), 4);
	assert_int_equal(legal_sizes(min, OP_vfncvt_f_f_w), 6);
	assert_int_equal(legal_sizes(min, OP_vfwcvt_f_f_v), 6);
	assert_int_equal(legal_sizes(d, OP_vfncvt_rod_f_f_w), 4);
	assert_int_equal(legal_sizes(min, OP_vfncvt_rod_f_f_w), 4);
	assert_int_equal(legal_sizes(h, OP_vfncvt_rod_f_f_w), 6);
	assert_int_equal(legal_sizes(f, OP_vfncvt_rod_f_f_w), 0);
	assert_int_equal(legal_sizes(f, OP_vfwcvt_x_f_v), 4);
	assert_int_equal(legal_sizes(f, OP_vfncvt_f_x_w), 4);
	assert_int_equal(legal_sizes(min, OP_vfncvt_x_f_w), 6);
	assert_int_equal(legal_sizes(h, OP_vfncvt_x_f_w), 7);
	assert_int_equal(legal_sizes(h, OP_vfwcvt_f_x_v), 7);
	assert_int_equal(legal_sizes(h, OP_vfmv_f_s), 14);
	assert_int_equal(legal_sizes(min, OP_vfmv_f_s), 12);
}

/* Every row of vf.def is in one of the tables above. */
static void test_complete(void **state)
{
	unsigned found[OP_COUNT] = { 0 };

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(computing); n++)
		found[computing[n]]++;
	for (unsigned n = 0; n < ARRAY_SIZE(moves); n++)
		found[moves[n].op]++;
	for (unsigned n = 0; n < ARRAY_SIZE(others); n++)
		found[others[n]]++;
	for (unsigned op = OP_vfadd_vf; op < OP_COUNT; op++)
		assert_int_equal(found[op], 1);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(moves) + 8] = {
		cmocka_unit_test(test_slides),	       cmocka_unit_test(test_scalar_moves),
		cmocka_unit_test(test_reserved_modes), cmocka_unit_test(test_units_off),
		cmocka_unit_test(test_dirty),	       cmocka_unit_test(test_formats),
		cmocka_unit_test(test_complete),       cmocka_unit_test(test_scalar_numbers),
	};

	bench_settings();
	for (unsigned n = 0; n < ARRAY_SIZE(moves); n++)
		tests[8 + n] = (struct CMUnitTest){ isa_ops[moves[n].op].name, test_move, NULL,
						    NULL, (void *)&moves[n] };
	return cmocka_run_group_tests_name("vector_moves", tests, NULL, NULL);
}
