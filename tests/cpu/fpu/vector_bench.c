/* SPDX-License-Identifier: MIT */
/* Executes floating-point vector instructions (see vector_bench.h). */
#include "vector_bench.h"

#include "cpu/csr/fast.h"
#include "cpu/fpu/fpu.h"
#include "cpu/isa/disasm.h"
#include "tests/cpu/vector/reference/reference.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"
#include "tests/setting.h"

#include <stddef.h>
#include <stdio.h>
#include <time.h>

#define DEFAULT_CASES 60

static u64 seed, cases;

unsigned bench_pick(struct bench *bench, unsigned count)
{
	return (unsigned)(rng_next(&bench->rng) >> 40) % count;
}

struct bench *bench_create(unsigned number)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	unsigned vlen = 128u << number;

	assert_non_null(bench);
	bench->unit = unit_create(&(struct vector_config){ .vlen = vlen });
	bench->ones_unit = unit_create(
		&(struct vector_config){ .vlen = vlen, .tail_ones = true, .mask_ones = true });
	bench->isa = unit_isa(bench->unit);
	bench->rng.state = seed + number;
	bench->vlenb = vlen / 8;
	return bench;
}

void bench_free(struct bench *bench)
{
	unit_free(bench->unit);
	unit_free(bench->ones_unit);
	free(bench);
}

u8 *bench_place(u8 *v, const struct bench *bench, enum operand operand, u64 n, unsigned size)
{
	return v + (size_t)bench->first[operand] * bench->vlenb + (n << size);
}

u64 bench_get(struct bench *bench, enum operand operand, u64 n, unsigned size)
{
	u64 value = 0;

	memcpy(&value, bench_place(bench->in.v, bench, operand, n, size), 1u << size);
	return value;
}

void bench_put(struct bench *bench, u64 n, unsigned size, u64 value)
{
	memcpy(bench_place(bench->want.v, bench, VD, n, size), &value, 1u << size);
}

bool bench_bit(struct bench *bench, u64 n)
{
	return bench_place(bench->in.v, bench, MASK, 0, 0)[n / 8] >> n % 8 & 1;
}

/* Encodes the instruction with its registers, and returns whether it is legal. */
static bool encode(struct bench *bench, u64 vtype)
{
	u32 raw = bench->first[VS2] << 20 | bench->first[VS1] << 15 | bench->first[VD] << 7 |
		  (u32)!bench->masked << 25;
	struct insn insn;

	bench->in.raw = (raw & ~bench->isa->mask[bench->op]) | bench->isa->match[bench->op];
	isa_decode(bench->isa, bench->in.raw, &insn);
	assert_int_equal(insn.op, bench->op);
	return vector_legal(bench->isa, &insn, vtype);
}

static bool draw_registers(struct bench *bench, u64 vtype)
{
	static const unsigned apart[OPERANDS] = { 0, 8, 16, 24 };
	unsigned registers = MAX(rules_lmul(vtype) / 8, 1), tries = bench_pick(bench, 3) ? 0 : 20;
	bool legal = false;

	while (!legal && tries-- > 0) {
		for (unsigned n = VD; n < OPERANDS; n++)
			bench->first[n] = bench_pick(bench, 32 / registers) * registers;
		legal = encode(bench, vtype);
	}
	if (!legal) {
		memcpy(bench->first, apart, sizeof(apart));
		legal = encode(bench, vtype);
	}
	/* Some rows are always masked, or never. */
	bench->masked = !(bench->in.raw >> 25 & 1);
	return legal;
}

static void make_image(struct bench *bench, u64 vtype)
{
	struct vector_image *in = &bench->in;
	u64 vlmax = rules_vlmax(vtype, bench->vlenb);

	in->vtype = vtype | (u64)bench_pick(bench, 4) << 6;
	in->vl = vlmax;
	if (!bench->plain && bench_pick(bench, 4))
		in->vl = bench_pick(bench, (unsigned)vlmax + 1);
	in->vstart = 0;
	if (!bench->plain && !(vector_shape(bench->op)->flags & SHAPE_START_0) &&
	    !bench_pick(bench, 8))
		in->vstart = bench_pick(bench, (unsigned)vlmax);
	in->fcsr = (u64)bench_pick(bench, 5) << 5 | (bench_pick(bench, 2) ? FFLAG_NX : 0);
	for (size_t n = 0; n < (size_t)VECTOR_REGISTERS * bench->vlenb; n += sizeof(u64)) {
		u64 value = rng_next(&bench->rng);

		memcpy(in->v + n, &value, sizeof(value));
	}
}

bool bench_set(struct bench *bench, unsigned op, u64 vtype)
{
	bench->op = op;
	bench->plain = !bench_pick(bench, 3);
	bench->masked = !bench->plain && bench_pick(bench, 2);
	if (vtype_legal(bench->isa, vtype) != vtype || !draw_registers(bench, vtype))
		return false;
	make_image(bench, vtype);
	bench->size = vtype_sew(vtype) - 3;
	bench->status = MSTATUS_FS | MSTATUS_VS;
	if (!bench->plain && !bench_pick(bench, 3))
		bench->status = BENCH_INITIAL;
	bench->dirty = isa_format(op)->rd.kind == OPERAND_V ? MSTATUS_VS : MSTATUS_FS;
	return true;
}

void bench_set_scalar(struct bench *bench, u64 value)
{
	static const u64 nans[] = { 0, F16_CANONICAL_NAN, F32_CANONICAL_NAN };
	u64 boxes = bench->size == 3 ? 0 : ~0ull << (8u << bench->size);
	bool boxed = !boxes || bench->plain || bench_pick(bench, 8);

	bench->in.f[bench->first[VS1]] = value | boxes;
	if (!boxed)
		bench->in.f[bench->first[VS1]] ^=
			BIT((8u << bench->size) + bench_pick(bench, 64 - (8u << bench->size)));
	bench->scalar = boxed ? value : nans[bench->size];
	if (!boxed && isa_ops[bench->op].ext == EXT_zvfbfwma)
		bench->scalar = BF16_CANONICAL_NAN;
}

void bench_random_scalar(struct bench *bench)
{
	bench_set_scalar(bench, rng_next(&bench->rng) & (~0ull >> (64 - (8u << bench->size))));
}

void bench_expect(struct bench *bench)
{
	bench->want = bench->in;
	bench->want.trap = IMAGE_DONE;
	bench->want.vstart = 0;
}

static void fail_case(const struct bench *bench, const char *where, const struct vector_image *is)
{
	const struct vector_image *in = &bench->in, *want = &bench->want;
	char text[DISASM_MAX];

	disasm(bench->isa, 0, in->raw, text, sizeof(text));
	printf("%s in %s: VLEN %u, vtype %llx, vl %llu, vstart %llu, frm %llu\n", text, where,
	       8 * bench->vlenb, in->vtype, in->vl, in->vstart, in->fcsr >> 5);
	for (unsigned n = 0; n < VECTOR_REGISTERS * bench->vlenb; n++)
		if (want->v[n] != is->v[n])
			fail_msg("v%u byte %u is %02x, not %02x", n / bench->vlenb,
				 n % bench->vlenb, is->v[n], want->v[n]);
	fail_msg("trap %u, not %u; fcsr %llx, not %llx; or vstart, or a register of the others",
		 is->trap, want->trap, is->fcsr, want->fcsr);
}

static void check_tier(struct bench *bench, unsigned tier)
{
	static const char *const names[UNIT_TIERS] = { "the interpreter", "threaded code",
						       "native code", "native code for AVX2" };
	struct hart *hart = unit_hart(bench->unit);
	struct vector_image is = bench->in;

	unit_run(bench->unit, (enum unit_tier)tier, &is);
	if (memcmp(&is, &bench->want, sizeof(is)))
		fail_case(bench, names[tier], &is);
	if (is.trap == IMAGE_DONE)
		assert_int_equal(csr_mstatus_now(hart) & bench->dirty, bench->dirty);
}

void bench_check(struct bench *bench)
{
	enum unit_tier some = (enum unit_tier)bench_pick(bench, UNIT_TIERS);
	struct vector_image is = bench->in;

	unit_set_status(bench->unit, bench->status);
	unit_set_status(bench->ones_unit, bench->status);
	for (unsigned tier = 0; tier < UNIT_TIERS; tier++)
		check_tier(bench, tier);
	unit_run(bench->ones_unit, some, &is);
	if (!reference_allows(&bench->in, &bench->want, &is, bench->vlenb, &bench->ones))
		fail_case(bench, "a tier that makes agnostic elements ones", &is);
}

u64 bench_cases(void)
{
	return cases;
}

void bench_settings(void)
{
	cases = setting("VECTOR_CASES", part_of(DEFAULT_CASES));
	seed = setting("VECTOR_SEED", (u64)time(NULL));
	printf("VECTOR_SEED=%llu VECTOR_CASES=%llu\n", seed, cases);
}
