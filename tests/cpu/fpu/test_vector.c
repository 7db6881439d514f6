/* SPDX-License-Identifier: MIT */
/*
 * Tests what the rows of vf.def compute in each tier, with each policy, against MPFR
 * (vector_rows.def). VECTOR_CASES and VECTOR_SEED in the environment change and repeat a run.
 */
#include "vector_bench.h"

#include "cpu/fpu/fpu.h"
#include "tests/cpu/vector/rules.h"

struct row {
	u16 op;
	u8 operation; /* enum operation */
	const char *operands, *types;
};

static const struct row rows[] = {
#define ROW(name, operation, operands, types) { OP_##name, OP_##operation, operands, types },
#include "vector_rows.def"
};

static struct oracle *oracle;
static struct bench *benches[BENCHES];

/* Returns the oracle's type for a letter of vector_rows.def. */
static enum type type_of(char letter, unsigned size)
{
	static const enum type floats[] = { TYPE_NONE, TYPE_F16, TYPE_F32, TYPE_F64, TYPE_NONE };
	static const enum type signed_[] = { TYPE_S8, TYPE_S16, TYPE_S32, TYPE_S64, TYPE_NONE };
	static const enum type unsigned_[] = { TYPE_U8, TYPE_U16, TYPE_U32, TYPE_U64, TYPE_NONE };

	switch (letter) {
	case 'F':
	case 'r':
		return floats[size];
	case 'W':
	case 'R':
		return floats[size + 1];
	case 'S':
		return signed_[size];
	case 's':
		return signed_[size + 1];
	case 'U':
		return unsigned_[size];
	case 'u':
		return unsigned_[size + 1];
	default:
		return TYPE_NONE;
	}
}

/* Returns the oracle's type for a letter of a row, whose narrow numbers may be bfloat16. */
static enum type row_type(const struct row *row, char letter, unsigned size)
{
	u8 ext = isa_ops[row->op].ext;

	if (letter == 'F' && (ext == EXT_zvfbfmin || ext == EXT_zvfbfwma))
		return TYPE_BF16;
	return type_of(letter, size);
}

static bool is_wide(char letter)
{
	return letter == 'W' || letter == 's' || letter == 'u' || letter == 'R';
}

/* Returns the operation with the row's types, or with the narrow type that is widened. */
static struct fpu_op operation_of(const struct row *row, unsigned size)
{
	struct fpu_op op = { .operation = row->operation,
			     .from = row_type(row, row->types[0], size),
			     .to = row_type(row, row->types[1], size) };

	for (const char *at = row->operands; *at; at++)
		op.operands += *at != '-';
	return op;
}

static struct answer compute(struct bench *bench, const struct fpu_op *op, const u64 *in,
			     unsigned rm)
{
	struct answer answer;

	oracle_compute(oracle, op, in);
	answer = oracle_answer(oracle, rm);
	bench->want.fcsr |= answer.flags;
	return answer;
}

/* Returns an operand as the operation needs it: widened, negated. */
static u64 load(struct bench *bench, const struct row *row, char letter, bool negated, u64 value)
{
	bool wide = row->types[0] == 'W', widened = wide && letter >= 'a';
	struct fpu_op op = { .operation = OP_CONVERT, .from = row_type(row, 'F', bench->size),
			     .to = row_type(row, 'W', bench->size), .operands = 1 };

	if (widened)
		value = compute(bench, &op, &value, RM_RNE).value;
	return value ^ (u64)negated << ((8u << (bench->size + wide)) - 1);
}

/* Returns the result of an element, with the operands by letters a, b and d. */
static u64 result_of(struct bench *bench, const struct row *row, u64 a, u64 b, u64 d)
{
	struct fpu_op op = operation_of(row, bench->size);
	unsigned rm = row->types[2] ? RM_RTZ : (unsigned)(bench->in.fcsr >> 5), count = 0;
	bool negated = false;
	u64 in[3];

	for (const char *at = row->operands; *at; at++) {
		char letter = *at;

		if (letter == '-') {
			negated = true;
			continue;
		}
		in[count++] = load(bench, row, letter, negated,
				   letter == 'a' || letter == 'A' ? a :
				   letter == 'b' || letter == 'B' ? b :
								    d);
		negated = false;
	}
	return compute(bench, &op, in, rm).value;
}

/*
 * Fills an element. Groups that would end after the last register are reserved, so elements there
 * are not read and are left out.
 */
static void fill(struct bench *bench, enum operand operand, u64 n, unsigned size, u64 value)
{
	u8 *v = bench->in.v, *place = bench_place(v, bench, operand, n, size);

	if (place + (1u << size) > v + (size_t)VECTOR_REGISTERS * bench->vlenb)
		return;
	memcpy(place, &value, 1u << size);
	memcpy(bench_place(bench->want.v, bench, operand, n, size), &value, 1u << size);
}

/* Fills element n of the operands with operands that are drawn for the operation. */
static void draw_element(struct bench *bench, const struct row *row, u64 n, bool draws_scalar)
{
	struct fpu_op wide = operation_of(row, bench->size), narrow = wide;
	bool scalar = isa_format(row->op)->rs1.kind == OPERAND_F;
	u64 from_wide[3], from_narrow[3];
	unsigned k = 0;

	if (row->types[0] == 'W' && wide.operands > 1)
		narrow.from = narrow.to = row_type(row, 'F', bench->size);
	operands_draw(&bench->rng, &wide, from_wide);
	operands_draw(&bench->rng, &narrow, from_narrow);
	for (const char *at = row->operands; *at; at++) {
		bool is_capital = *at < 'a';
		u64 value = is_capital ? from_wide[k] : from_narrow[k];
		unsigned size = bench->size + is_capital;

		if (*at == '-')
			continue;
		k++;
		if (*at == 'a' || *at == 'A')
			fill(bench, VS2, n, size, value);
		else if (*at == 'd' || *at == 'D')
			fill(bench, VD, n, size, value);
		else if (!scalar)
			fill(bench, VS1, n, size, value);
		else if (draws_scalar)
			bench_set_scalar(bench, value & (~0ull >> (64 - (8u << size))));
	}
}

static bool is_nan(enum type type, u64 value)
{
	static const struct {
		u64 sign, infinity;
	} parts[] = {
		[TYPE_F16] = { 0x8000, 0x7c00 },
		[TYPE_BF16] = { 0x8000, 0x7f80 },
		[TYPE_F32] = { 0x80000000, 0x7f800000 },
		[TYPE_F64] = { 0x8000000000000000, 0x7ff0000000000000 },
	};

	return is_float(type) && (value & ~parts[type].sign) > parts[type].infinity;
}

static void draw(struct bench *bench, const struct row *row)
{
	u64 count = rules_vlmax(bench->in.vtype, bench->vlenb);

	do
		draw_element(bench, row, 0, true);
	while (bench->plain && isa_format(row->op)->rs1.kind == OPERAND_F &&
	       is_nan(row_type(row, 'F', bench->size), bench->scalar));
	for (u64 n = 1; n < count; n++)
		draw_element(bench, row, n, false);
}

static bool has(const struct row *row, char capital)
{
	return strchr(row->operands, capital) != NULL;
}

static u64 element_b(struct bench *bench, const struct row *row, u64 n)
{
	if (isa_format(row->op)->rs1.kind == OPERAND_F)
		return bench->scalar;
	return bench_get(bench, VS1, n, bench->size + has(row, 'B'));
}

static u64 element_of(struct bench *bench, const struct row *row, u64 n)
{
	return result_of(bench, row, bench_get(bench, VS2, n, bench->size + has(row, 'A')),
			 element_b(bench, row, n),
			 bench_get(bench, VD, n, bench->size + has(row, 'D')));
}

/*
 * Returns the result of element n. In a plain case the element gets other operands if the result is
 * a NaN.
 */
static u64 want_element(struct bench *bench, const struct row *row, u64 n)
{
	enum type type = row_type(row, row->types[1], bench->size);
	u64 fcsr = bench->want.fcsr, value = element_of(bench, row, n);

	for (unsigned tries = 0; bench->plain && is_nan(type, value) && tries < 50; tries++) {
		bench->want.fcsr = fcsr;
		draw_element(bench, row, n, false);
		value = element_of(bench, row, n);
	}
	return value;
}

static void want_elements(struct bench *bench, const struct row *row)
{
	char to = row->types[1];

	for (u64 n = bench->in.vstart; n < bench->in.vl; n++) {
		u64 value;

		if (bench->masked && !bench_bit(bench, n))
			continue;
		value = want_element(bench, row, n);
		if (to == 'M' || to == 'm') {
			u8 *byte = bench_place(bench->want.v, bench, VD, n / 8, 0);

			*byte = (u8)((*byte & ~(1u << n % 8)) | (u64)(value ^ (to == 'm'))
									<< n % 8);
		} else {
			bench_put(bench, n, bench->size + is_wide(to), value);
		}
	}
}

static void want_reduction(struct bench *bench, const struct row *row)
{
	unsigned size = bench->size + is_wide(row->types[1]);
	u64 sum = bench_get(bench, VS1, 0, size);

	for (u64 n = 0; n < bench->in.vl; n++)
		if (!bench->masked || bench_bit(bench, n))
			sum = result_of(bench, row, bench_get(bench, VS2, n, bench->size), sum, 0);
	if (bench->in.vl)
		bench_put(bench, 0, size, sum);
}

static void check_row(struct bench *bench, const struct row *row)
{
	draw(bench, row);
	bench_expect(bench);
	if (row->types[1] == 'r' || row->types[1] == 'R')
		want_reduction(bench, row);
	else
		want_elements(bench, row);
	bench_check(bench);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	u64 ones = 0;

	for (unsigned n = 0; n < BENCHES; n++) {
		struct bench *bench = benches[n];

		for (u64 round = 0; round <= bench_cases() / BENCHES; round++)
			for (u64 vtype = 0; vtype < 64; vtype++)
				if (bench_set(bench, row->op, vtype))
					check_row(bench, row);
		ones += bench->ones;
		bench->ones = 0;
	}
	assert_in_range(ones, 1, UINT64_MAX);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	int failed;

	bench_settings();
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++)
		tests[n] = (struct CMUnitTest){ isa_ops[rows[n].op].name, test_row, NULL, NULL,
						(void *)&rows[n] };
	oracle = oracle_new();
	for (unsigned n = 0; n < BENCHES; n++)
		benches[n] = bench_create(n);
	failed = cmocka_run_group_tests_name("vector", tests, NULL, NULL);
	for (unsigned n = 0; n < BENCHES; n++)
		bench_free(benches[n]);
	oracle_free(oracle);
	return failed;
}
