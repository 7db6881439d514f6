/* SPDX-License-Identifier: MIT */
/* Executes vector instructions of floating point (see vector_bench.h). */
#include "vector_bench.h"

#include "cpu/fpu/fpu.h"
#include "cpu/isa/disasm.h"
#include "cpu/vector/loops.h"
#include "tests/part.h"

#include <stdio.h>
#include <time.h>

#define DEFAULT_CASES 60

static u64 seed, cases;

unsigned bench_pick(struct bench *bench, unsigned count)
{
	return (unsigned)(rng_next(&bench->rng) >> 40) % count;
}

/* Any of the loops that this host can execute: the best ones, or those for lesser hosts. */
static const struct vector_loops *some_loops(struct bench *bench)
{
	static const struct vector_loops *const levels[] = {
		&vector_loops_v2, &vector_loops_v3, &vector_loops_v4,
	};
	unsigned best = 0;

	while (levels[best] != vector_loops_best())
		best++;
	return levels[bench_pick(bench, best + 1)];
}

struct bench *bench_create(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->machine = machine_create(ext_with(PLAIN_EXTENSIONS, EXT_v, EXT_zve32x, EXT_zve32f,
						 EXT_zve64x, EXT_zve64f, EXT_zve64d, EXT_zvfh,
						 EXT_zvfhmin, EXT_zvfbfmin, EXT_zvfbfwma));
	bench->hart = &bench->machine->hart;
	bench->rng.state = seed++;
	bench->hart->vector.loops = some_loops(bench);
	bench->hart->vector.vlenb = 16u << bench_pick(bench, 4);
	return bench;
}

void bench_free(struct bench *bench)
{
	machine_free(bench->machine);
	free(bench);
}

u8 *bench_place(u8 *registers, const struct bench *bench, unsigned number, u64 n, unsigned size)
{
	return registers + (size_t)number * bench->hart->vector.vlenb + (n << size);
}

u64 bench_get(u8 *registers, const struct bench *bench, unsigned number, u64 n, unsigned size)
{
	u64 value = 0;

	memcpy(&value, bench_place(registers, bench, number, n, size), 1u << size);
	return value;
}

void bench_put(struct bench *bench, u64 n, unsigned size, u64 value)
{
	memcpy(bench_place(bench->want, bench, VD, n, size), &value, 1u << size);
}

bool bench_bit(u8 *registers, const struct bench *bench, u64 n)
{
	return bench_place(registers, bench, MASK, 0, 0)[n / 8] >> n % 8 & 1;
}

/* Encodes the instruction with its registers. */
static void encode(struct bench *bench, unsigned op)
{
	const struct isa *isa = &bench->machine->isa;
	u32 rs1 = isa_format(op)->rs1.kind == OPERAND_V ? VS1 : SCALAR;
	u32 raw = VS2 << 20 | rs1 << 15 | VD << 7 | (u32)!bench->masked << 25;

	bench->raw = (raw & ~isa->mask[op]) | isa->match[op];
	bench->masked = !(bench->raw >> 25 & 1);
}

bool bench_set(struct bench *bench, unsigned op, u64 vtype)
{
	struct hart *hart = bench->hart;
	struct insn insn;
	u64 vlmax;

	bench->op = op;
	bench->masked = bench_pick(bench, 2);
	encode(bench, op);
	isa_decode(&bench->machine->isa, bench->raw, &insn);
	assert_int_equal(insn.op, op);
	if (vtype_legal(&bench->machine->isa, vtype) != vtype ||
	    !vector_legal(&bench->machine->isa, &insn, vtype))
		return false;
	hart->vector.vtype = vtype;
	hart->vector.key = hart_vector_key(vtype);
	vlmax = vector_vlmax(&hart->vector);
	hart->vector.vl = bench_pick(bench, 4) ? bench_pick(bench, (unsigned)vlmax + 1) : vlmax;
	hart->vector.vstart = 0;
	if (!(vector_shape(op)->flags & SHAPE_START_0) && !bench_pick(bench, 8))
		hart->vector.vstart = bench_pick(bench, (unsigned)vlmax);
	hart->frm = (u8)bench_pick(bench, 5);
	hart->fflags = bench_pick(bench, 2) ? FFLAG_NX : 0;
	csr_set_mstatus(hart, BIT(13) | BIT(9)); /* FS and VS Initial */
	hart_regime_changed(hart);
	for (unsigned n = 0; n < sizeof(hart->vector.v); n++)
		hart->vector.v[n] = (u8)rng_next(&bench->rng);
	bench->size = vtype_sew(vtype) - 3;
	bench->first = hart->vector.vstart;
	bench->flags = hart->fflags;
	return true;
}

void bench_set_scalar(struct bench *bench, u64 value)
{
	static const u64 nans[] = { 0, F16_CANONICAL_NAN, F32_CANONICAL_NAN };
	u64 boxes = bench->size == 3 ? 0 : ~0ull << (8u << bench->size);
	bool boxed = !boxes || bench_pick(bench, 8);

	bench->hart->f[SCALAR] = value | boxes;
	if (!boxed)
		bench->hart->f[SCALAR] ^=
			BIT((8u << bench->size) + bench_pick(bench, 64 - (8u << bench->size)));
	bench->scalar = boxed ? value : nans[bench->size];
	if (!boxed && isa_ops[bench->op].ext == EXT_zvfbfwma)
		bench->scalar = BF16_CANONICAL_NAN;
}

void bench_execute(struct bench *bench)
{
	memcpy(bench->want, bench->hart->vector.v, sizeof(bench->want));
	if (!machine_step(bench->machine, RAM_BASE, bench->raw))
		fail_msg("%08x trapped", bench->raw);
}

void bench_check(struct bench *bench)
{
	struct hart *hart = bench->hart;
	char text[DISASM_MAX];

	if (!memcmp(bench->want, hart->vector.v, sizeof(bench->want)) &&
	    bench->flags == hart->fflags && !hart->vector.vstart)
		return;
	disasm(&bench->machine->isa, 0, bench->raw, text, sizeof(text));
	for (unsigned n = 0; n < sizeof(bench->want); n++)
		if (bench->want[n] != hart->vector.v[n])
			fail_msg(
				"%s, SEW %u, vl %llu, vstart %llu, frm %u: v%u byte %u is %02x, not %02x",
				text, 8u << bench->size, hart->vector.vl, bench->first, hart->frm,
				n / hart->vector.vlenb, n % hart->vector.vlenb, hart->vector.v[n],
				bench->want[n]);
	fail_msg("%s, SEW %u, vl %llu, vstart %llu, frm %u: flags %x, not %x", text,
		 8u << bench->size, hart->vector.vl, bench->first, hart->frm, hart->fflags,
		 bench->flags);
}

void bench_random_scalar(struct bench *bench)
{
	bench_set_scalar(bench, rng_next(&bench->rng) & (~0ull >> (64 - (8u << bench->size))));
}

u64 bench_cases(void)
{
	return cases;
}

static u64 setting(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

void bench_settings(void)
{
	cases = setting("VECTOR_CASES", part_of(DEFAULT_CASES));
	seed = setting("VECTOR_SEED", (u64)time(NULL));
	printf("VECTOR_SEED=%llu VECTOR_CASES=%llu\n", seed, cases);
}
