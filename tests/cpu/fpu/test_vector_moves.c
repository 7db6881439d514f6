/* SPDX-License-Identifier: MIT */
/*
 * Compares the rows of vf.def that move numbers with copies, and tests which rows trap. The other
 * rows are tested by test_vector.c.
 */
#include "vector_bench.h"

#include "cpu/fpu/fpu.h"
#include "tests/cpu/vector/unit.h"

static struct bench *benches[BENCHES];

/*
 * Rows that move bits, and how they compute a result from the elements of a and b, and the bit of
 * v0.
 */
struct move {
	u16 op;
	u64 (*bits)(u64 a, u64 b, u64 sign, bool bit);
};

static u64 sgnj(u64 a, u64 b, u64 sign, bool bit)
{
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
	return bit ? b : a;
}

static u64 second(u64 a, u64 b, u64 sign, bool bit)
{
	return b;
}

static const struct move moves[] = {
	{ OP_vfsgnj_vv, sgnj },	  { OP_vfsgnj_vf, sgnj },   { OP_vfsgnjn_vv, sgnjn },
	{ OP_vfsgnjn_vf, sgnjn }, { OP_vfsgnjx_vv, sgnjx }, { OP_vfsgnjx_vf, sgnjx },
	{ OP_vfmerge_vfm, merge }, { OP_vfmv_v_f, second },
};

/* The rows that compute. */
static const u16 computing[] = {
#define ROW(name, operation, operands, types) OP_##name,
#include "vector_rows.def"
};

/* Each of these rows has its own test. */
static const u16 others[] = { OP_vfslide1up_vf, OP_vfslide1down_vf, OP_vfmv_s_f, OP_vfmv_f_s };

/* Begins a case. The test then sets the expected state. */
static bool begin(struct bench *bench, unsigned op, u64 vtype)
{
	if (!bench_set(bench, op, vtype))
		return false;
	bench_random_scalar(bench);
	bench_expect(bench);
	return true;
}

static bool is_active(struct bench *bench, u64 n)
{
	return !bench->masked || bench_bit(bench, n);
}

static void check_move(struct bench *bench, const struct move *move)
{
	bool merges = move->op == OP_vfmerge_vfm;

	for (u64 n = bench->in.vstart; n < bench->in.vl; n++) {
		u64 a = bench_get(bench, VS2, n, bench->size), b = bench->scalar;
		u64 sign = BIT((8u << bench->size) - 1);

		if (isa_format(move->op)->rs1.kind == OPERAND_V)
			b = bench_get(bench, VS1, n, bench->size);
		if (merges || is_active(bench, n))
			bench_put(bench, n, bench->size,
				  move->bits(a, b, sign, bench_bit(bench, n)));
	}
	bench_check(bench);
}

/* Checks vfslide1up and vfslide1down, which put the scalar at one end. */
static void check_slide(struct bench *bench, bool up)
{
	u64 vl = bench->in.vl;

	for (u64 n = bench->in.vstart; n < vl; n++)
		if (is_active(bench, n))
			bench_put(bench, n, bench->size,
				  n == (up ? 0 : vl - 1) ?
					  bench->scalar :
					  bench_get(bench, VS2, up ? n - 1 : n + 1, bench->size));
	bench_check(bench);
}

static void check_read(struct bench *bench)
{
	u64 boxes = bench->size == 3 ? 0 : ~0ull << (8u << bench->size);

	bench->want.f[bench->first[VD]] = bench_get(bench, VS2, 0, bench->size) | boxes;
	bench_check(bench);
}

static void test_move(void **state)
{
	const struct move *move = *state;

	for (u64 n = 0; n < bench_cases() * 64; n++) {
		struct bench *bench = benches[n / 64 % BENCHES];

		if (begin(bench, move->op, n % 64))
			check_move(bench, move);
	}
}

static void test_slides(void **state)
{
	for (u64 n = 0; n < bench_cases() * 128; n++) {
		struct bench *bench = benches[n / 128 % BENCHES];
		bool up = n & 1;

		if (begin(bench, up ? OP_vfslide1up_vf : OP_vfslide1down_vf, n / 2 % 64))
			check_slide(bench, up);
	}
}

/* vfmv.s.f writes element 0 if vstart < vl; vfmv.f.s reads it always. */
static void test_scalar_moves(void **state)
{
	for (u64 n = 0; n < bench_cases() * 64; n++) {
		struct bench *bench = benches[n / 64 % BENCHES];

		if (begin(bench, OP_vfmv_s_f, n % 64)) {
			if (bench->in.vstart < bench->in.vl)
				bench_put(bench, 0, bench->size, bench->scalar);
			bench_check(bench);
		}
		if (begin(bench, OP_vfmv_f_s, n % 64))
			check_read(bench);
	}
}

/* Checks that the instruction is illegal and has changed nothing. */
static void check_trap(struct bench *bench)
{
	bench_expect(bench);
	bench->want.trap = IMAGE_ILLEGAL;
	bench->want.vstart = bench->in.vstart;
	bench_check(bench);
}

/* If frm is reserved, every row traps, even if it does not round or has no elements. */
static void test_reserved_modes(void **state)
{
	struct bench *bench = benches[0];

	for (unsigned op = OP_vfadd_vf; op < OP_COUNT; op++)
		for (unsigned vtype = 0; vtype < 64; vtype++)
			for (u8 frm = 5; frm < 8; frm++) {
				if (!bench_set(bench, op, vtype))
					continue;
				bench->in.vl = 0;
				bench->in.vstart = 0;
				bench->in.fcsr = (u64)frm << 5;
				check_trap(bench);
				assert_int_equal(unit_hart(bench->unit)->trap.reason,
						 REASON_rounding_mode);
			}
}

/* With FS or VS off all rows are illegal. */
static void test_units_off(void **state)
{
	static const u64 off[] = { BIT(13), BIT(9) };
	struct bench *bench = benches[0];

	for (unsigned op = OP_vfadd_vf; op < OP_COUNT; op++)
		for (unsigned n = 0; n < 2 * 64; n++) {
			if (!bench_set(bench, op, n / 2))
				continue;
			bench->status = off[n % 2];
			check_trap(bench);
		}
}

/* Arithmetic makes FS Dirty, whether it raises flags or not. */
static void test_dirty(void **state)
{
	static const u64 zero = 0, signaling = 0x7f800001, canonical = 0x7fc00000;
	struct bench *bench = benches[0];

	for (unsigned n = 0; n < 2; n++) {
		do
			bench->in.vl = 0;
		while (!bench_set(bench, OP_vfadd_vv, 2 << 3) || bench->masked ||
		       bench->in.vl == 0 || bench->in.vstart);
		memset(bench->in.v, 0, sizeof(bench->in.v));
		memcpy(bench_place(bench->in.v, bench, VS2, 0, 0), n ? &signaling : &zero, 4);
		bench->status = BENCH_INITIAL;
		bench->dirty |= MSTATUS_FS;
		bench_expect(bench);
		bench_put(bench, 0, 2, n ? canonical : zero);
		bench->want.fcsr |= n ? FFLAG_NV : 0;
		bench_check(bench);
	}
}

/* Returns whether a row is legal for an element size, with the extensions that the hart has. */
static bool is_legal(const struct isa *isa, unsigned op, unsigned size)
{
	struct insn insn;
	u32 raw = 16u << 20 | 24u << 15 | 8u << 7 | BIT(25);

	isa_decode(isa, (raw & ~isa->mask[op]) | isa->match[op], &insn);
	return insn.op == op && vector_legal(isa, &insn, size << 3);
}

/* The number of a scalar register is not that of a vector register, so it overlaps no group. */
static void test_scalar_numbers(void **state)
{
	static const u16 ops[] = { OP_vfadd_vf, OP_vfmacc_vf, OP_vmflt_vf, OP_vadd_vx,
				   OP_vmacc_vx };
	const struct isa *isa = benches[0]->isa;

	for (unsigned n = 0; n < ARRAY_SIZE(ops); n++)
		for (u32 number = 0; number < 32; number++) {
			u32 raw = 16u << 20 | number << 15 | 8u << 7;
			struct insn insn;

			isa_decode(isa, (raw & ~isa->mask[ops[n]]) | isa->match[ops[n]], &insn);
			assert_true(vector_legal(isa, &insn, 2 << 3 | 3));
		}
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

	/* Each SEW is a bit: SEW 8 is 1, 16 is 2, 32 is 4, 64 is 8. */
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
	int failed;
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
	for (unsigned n = 0; n < BENCHES; n++)
		benches[n] = bench_create(n);
	failed = cmocka_run_group_tests_name("vector_moves", tests, NULL, NULL);
	for (unsigned n = 0; n < BENCHES; n++)
		bench_free(benches[n]);
	return failed;
}
