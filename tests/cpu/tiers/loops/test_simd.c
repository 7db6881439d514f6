/* SPDX-License-Identifier: MIT */
/*
 * Tests loops of which native code does several iterations at once by SSE, AVX2 or AVX-512
 * (cpu/jit/loop/simd.h), and loops that look alike but must be done one iteration at a time:
 * elements of all sizes, one or several in an iteration, computed from one array or two, from
 * values that do not change and values that move with the iteration; sums; copies by shifts of what
 * the iteration before has loaded, as memcpy copies misaligned bytes; stores near what is loaded,
 * before it and after it; all kinds of ends.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/impl.h"
#include "tests/cpu/random.h"

#define PROGRAMS 2000
#define ITERATIONS_MOST 2048 /* of a loop */

/*
 * Registers: pointers, the end of one pointer, a count, numbers that do not change, a sum, shifts.
 */
enum {
	FROM = 10, OTHER = 11, TO = 12, END = 13, COUNT = 14, FIXED = 15, MOVING = 16, SUM = 17,
	RIGHT = 18, LEFT = 19, LIMIT = 20, AHEAD = 21, MORE_AHEAD = 22, SPARE = 23,
	VALUE = 24, /* and the next ones, for the elements of an iteration */
};
#define ELEMENTS_MOST 8

/*
 * A property because of which not all of a loop may be done at once, or that only looks like that.
 */
enum twist {
	TWIST_ODD, /* one of the elements is computed differently */
	TWIST_GAP, TWIST_TWICE, /* an iteration moves pointers by more than it stores, or by less */
	TWIST_EXCHANGED, /* elements are loaded from the places of each other */
	TWIST_WIDE, TWIST_NARROW, /* loads are twice as wide as elements, or half as wide */
	TWIST_UNEVEN, /* the pointer to the other array moves faster */
	TWIST_THREE, /* an iteration has three elements */
	TWIST_IN_PLACE, /* stores go to the array that is loaded, some elements away */
	TWIST_ONE_SUM, /* one of the elements is summed up */
	TWIST_SECOND, /* there is a store of bytes or doublewords to another array as well */
	TWIST_DEAD, /* an iteration keeps the element of the one before, and does not use it */
	TWISTS
};

struct shape {
	enum twist twist; /* TWISTS: no twist */
	s64 away; /* of TWIST_IN_PLACE, in bytes */
	unsigned size_log; /* of an element, in bytes */
	unsigned elements, step;
	unsigned ops; /* the number of operations on each element */
	struct {
		u16 op;
		u8 with; /* a register; OTHER: an element from there */
		s16 imm;
	} op[4];
	bool ordered; /* each element is stored before the next one is loaded */
	bool early; /* pointers are moved before the stores */
	bool sums; /* what is stored is added up */
};

static unsigned pick(u64 *seed, unsigned count)
{
	return (unsigned)(random_u64(seed) % count);
}

/* Chooses an operation; most loops with it are still done several iterations at once. */
static void choose_op(struct shape *shape, unsigned n, u64 *seed)
{
	static const u16 two[] = { OP_add, OP_sub, OP_xor, OP_and, OP_or, OP_addw, OP_subw, OP_mulw,
				   OP_mul, OP_sh1add, OP_sh3add };
	static const u16 number[] = { OP_addi, OP_xori, OP_andi, OP_ori, OP_addiw };
	static const u16 shift[] = { OP_slli, OP_srli, OP_slliw, OP_srliw, OP_sraiw };
	static const u16 by_register[] = { OP_sll, OP_srl, OP_sllw, OP_srlw, OP_sraw };
	static const u8 with[] = { FIXED, FIXED, OTHER, OTHER, MOVING, SUM };

	shape->op[n].with = 0;
	switch (pick(seed, 6)) {
	case 0:
		shape->op[n].op = number[pick(seed, ARRAY_SIZE(number))];
		shape->op[n].imm = (s16)(pick(seed, 4096) - 2048);
		break;
	case 1:
		shape->op[n].op = shift[pick(seed, ARRAY_SIZE(shift))];
		shape->op[n].imm = (s16)(1 + pick(seed, 31));
		break;
	case 2:
		shape->op[n].op = by_register[pick(seed, ARRAY_SIZE(by_register))];
		shape->op[n].with = pick(seed, 4) ? RIGHT : MOVING;
		break;
	default:
		shape->op[n].op = two[pick(seed, ARRAY_SIZE(two))];
		shape->op[n].with = with[pick(seed, ARRAY_SIZE(with))];
	}
}

static void choose_shape(struct shape *shape, u64 *seed)
{
	*shape = (struct shape){
		.twist = (enum twist)pick(seed, 3 * TWISTS),
		.size_log = pick(seed, 4),
		.elements = pick(seed, 2) ? 1 : 2u << pick(seed, 3),
		.ops = pick(seed, 2) ? pick(seed, 5) : pick(seed, 2),
		.ordered = pick(seed, 2),
		.early = pick(seed, 3) == 0,
		.sums = pick(seed, 4) == 0,
	};
	if (shape->twist == TWIST_THREE)
		shape->elements = 3;
	shape->step = shape->elements << shape->size_log << (shape->twist == TWIST_GAP);
	if (shape->twist == TWIST_TWICE && shape->elements > 1)
		shape->step /= 2;
	shape->away = ((s64)pick(seed, 32) - 16) * (1 << shape->size_log);
	for (unsigned n = 0; n < shape->ops; n++)
		choose_op(shape, n, seed);
}

static void make_load(struct emit *e, const struct shape *shape, unsigned rd, unsigned base,
		      unsigned n)
{
	static const u16 loads[] = { OP_lbu, OP_lhu, OP_lw, OP_ld, OP_ld };
	const unsigned at = shape->twist == TWIST_EXCHANGED ? n ^ 1 : n;
	unsigned size_log = shape->size_log + (shape->twist == TWIST_WIDE);

	if (shape->twist == TWIST_NARROW && size_log)
		size_log--;
	emit_load(e, e->match[loads[size_log]], rd, base, (s64)at << shape->size_log);
}

static void make_op(struct emit *e, const struct shape *shape, unsigned element, unsigned n)
{
	const unsigned rd = VALUE + element, with = shape->op[n].with;
	const u32 match = e->match[shape->op[n].op];

	if (with == OTHER)
		make_load(e, shape, SPARE, OTHER, element);
	if (with)
		emit_r(e, match, rd, rd, with == OTHER ? SPARE : with);
	else if (match == e->match[OP_slli] || match == e->match[OP_srli] ||
		 match == e->match[OP_slliw] || match == e->match[OP_srliw] ||
		 match == e->match[OP_sraiw])
		emit_shift(e, match, rd, rd, (unsigned)shape->op[n].imm);
	else
		emit_load(e, match, rd, rd, shape->op[n].imm);
}

static void make_element(struct emit *e, const struct shape *shape, unsigned element)
{
	make_load(e, shape, VALUE + element, FROM, element);
	for (unsigned n = 0; n < shape->ops; n++)
		make_op(e, shape, element, n);
	if (shape->twist == TWIST_ODD && element == shape->elements / 2)
		emit_addi(e, VALUE + element, VALUE + element, 1);
}

static void make_store(struct emit *e, const struct shape *shape, unsigned element)
{
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd };
	const s64 at = ((s64)element << shape->size_log) - (shape->early ? shape->step : 0);
	const bool sums = shape->twist == TWIST_ONE_SUM ? element == 0 : shape->sums;

	if (shape->twist == TWIST_IN_PLACE)
		emit_store(e, e->match[stores[shape->size_log]], FROM, VALUE + element,
			   at + shape->away);
	else
		emit_store(e, e->match[stores[shape->size_log]], TO, VALUE + element, at);
	if (shape->twist == TWIST_SECOND)
		emit_store(e, e->match[shape->ordered ? OP_sb : OP_sd], OTHER, VALUE + element, at);
	if (sums)
		emit_r(e, e->match[shape->size_log == 3 ? OP_add : OP_addw], SUM, SUM,
		       VALUE + element);
}

static void make_moves(struct emit *e, const struct shape *shape)
{
	emit_addi(e, FROM, FROM, shape->step);
	emit_addi(e, OTHER, OTHER, shape->step << (shape->twist == TWIST_UNEVEN));
	emit_addi(e, TO, TO, shape->step);
}

/* Emits the end of a loop: by a count, or by a pointer and its end, which may have been passed. */
static void make_back(struct emit *e, u64 head, u64 *seed)
{
	static const u16 below[] = { OP_bne, OP_bltu, OP_blt };
	const u32 end = END << 20, to = TO << 20;

	switch (pick(seed, 4)) {
	case 0:
		emit_branch_to(e, e->match[OP_bne], COUNT, head);
		break;
	case 1:
		emit_branch_to(e, e->match[pick(seed, 2) ? OP_bge : OP_bgeu] | to, END, head);
		break;
	case 2:
		emit_branch_to(e, e->match[OP_blt] | LIMIT << 20, MOVING, head);
		break;
	default:
		emit_branch_to(e, e->match[below[pick(seed, ARRAY_SIZE(below))]] | end, TO, head);
	}
}

/* Emits floating point, so that f registers are in host registers that the loop borrows. */
static void make_fp(struct emit *e, u64 *seed)
{
	u16 *branch;

	if (pick(seed, 2))
		return;
	emit_r(e, e->match[OP_fsgnj_d], 10, 10, 10);
	branch = emit_branch(e, e->match[OP_beq], 0, 0);
	emit_patch_branch(e, branch);
}

static void make_loop(struct emit *e, const struct shape *shape, u64 *seed)
{
	const bool fills = pick(seed, 8) == 0;
	const u64 head = e->pc;

	if (shape->twist == TWIST_DEAD) {
		emit_addi(e, MORE_AHEAD, AHEAD, 0);
		make_load(e, shape, AHEAD, FROM, 0);
	}
	for (unsigned n = 0; n < shape->elements && !fills; n++) {
		make_element(e, shape, n);
		if (shape->ordered && !shape->early)
			make_store(e, shape, n);
	}
	if (shape->early)
		make_moves(e, shape);
	for (unsigned n = 0; n < shape->elements; n++) {
		if (fills)
			emit_addi(e, VALUE + n, pick(seed, 4) ? FIXED : MOVING,
				  shape->twist == TWIST_ODD && n);
		if (!shape->ordered || shape->early || fills)
			make_store(e, shape, n);
	}
	if (!shape->early)
		make_moves(e, shape);
	emit_addi(e, COUNT, COUNT, -1);
	emit_addi(e, MOVING, MOVING, 8);
	make_back(e, head, seed);
	loop_count_rest(e, COUNT);
}

/* Emits a loop that only adds up words or doublewords. */
static void make_sum(struct emit *e, u64 *seed)
{
	const bool wide = pick(seed, 2);
	const u64 head = e->pc;

	emit_load(e, e->match[wide ? OP_ld : OP_lw], VALUE, FROM, 0);
	if (pick(seed, 2))
		emit_r(e, e->match[OP_xor], VALUE, VALUE, FIXED);
	emit_r(e, e->match[wide || pick(seed, 4) == 0 ? OP_add : OP_addw], SUM, VALUE, SUM);
	emit_addi(e, FROM, FROM, wide ? 8 : 4);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	loop_count_rest(e, COUNT);
}

/* Emits a merge of two registers that hold neighbouring doublewords, into `rd`. */
static void make_merge(struct emit *e, unsigned rd, unsigned low, unsigned high)
{
	emit_r(e, e->match[OP_srl], rd, low, RIGHT);
	emit_r(e, e->match[OP_sll], SPARE, high, LEFT);
	emit_r(e, e->match[OP_or], rd, rd, SPARE);
}

/*
 * Emits a copy of misaligned doublewords: two of each iteration begin in a doubleword that the
 * iteration before has loaded. When the loop begins, that register may have another value.
 */
static void make_shifted(struct emit *e, u64 *seed)
{
	u16 *begin = NULL;
	u64 head;

	if (pick(seed, 4)) {
		emit_load(e, e->match[OP_ld], AHEAD, FROM, -16);
		emit_load(e, e->match[OP_ld], MORE_AHEAD, FROM, -8);
	} else {
		begin = emit_branch(e, e->match[OP_beq], 0, 0);
	}
	head = e->pc;
	make_merge(e, VALUE, AHEAD, MORE_AHEAD);
	emit_store(e, e->match[OP_sd], TO, VALUE, 0);
	emit_load(e, e->match[OP_ld], AHEAD, FROM, 0);
	make_merge(e, VALUE, MORE_AHEAD, AHEAD);
	emit_store(e, e->match[OP_sd], TO, VALUE, 8);
	emit_load(e, e->match[OP_ld], MORE_AHEAD, FROM, 8);
	if (begin)
		emit_patch_branch(e, begin);
	emit_addi(e, FROM, FROM, 16);
	emit_addi(e, TO, TO, 16);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	loop_count_rest(e, COUNT);
}

/* Chooses where arrays are: apart, or one near another one. */
static void choose_places(struct hart *hart, const struct shape *shape, u64 *seed)
{
	const u64 iterations = 1 + random_u64(seed) % (pick(seed, 4) ? ITERATIONS_MOST : 4);
	const u64 half = LOOP_PAGES / 2 * PAGE_SIZE;
	const u64 align = pick(seed, 4) ? 8 : 1;

	hart->x[FROM] = LOOP_DATA + PAGE_SIZE + random_u64(seed) % PAGE_SIZE / align * align;
	hart->x[OTHER] = hart->x[FROM] + random_u64(seed) % PAGE_SIZE / align * align;
	hart->x[TO] = LOOP_DATA + half + random_u64(seed) % PAGE_SIZE / align * align;
	if (pick(seed, 2) == 0)
		hart->x[TO] = hart->x[pick(seed, 2) ? FROM : OTHER] +
			      (u64)((s64)(random_u64(seed) % 512 / align * align) - 256);
	hart->x[COUNT] = iterations;
	hart->x[END] = hart->x[TO] + MIN(iterations * shape->step, half / 2) + pick(seed, 2);
	hart->x[FIXED] = random_u64(seed);
	hart->x[MOVING] = random_u64(seed) % 4096;
	hart->x[LIMIT] = hart->x[MOVING] + iterations * 8 + pick(seed, 2);
	hart->x[SUM] = random_u64(seed);
	hart->x[AHEAD] = random_u64(seed);
	hart->x[RIGHT] = random_u64(seed) % 8 * 8 + (pick(seed, 4) == 0);
	hart->x[LEFT] = pick(seed, 8) ? 64 - hart->x[RIGHT] : random_u64(seed);
}

/* Chooses whether native code uses AVX2 only, if the host has AVX-512. */
static void choose_host(struct tier_machine *machine, bool has_avx512, u64 *seed)
{
	if (machine->jit)
		machine->jit->host.has_avx512 = has_avx512 && pick(seed, 2);
}

enum kind { KIND_ARRAYS, KIND_SUMS, KIND_SHIFTED };

static void check(struct machines *machines, enum kind kind, u64 seed)
{
	const struct jit *jit = machines->m[1].jit;
	const bool has_avx512 = jit && jit->host.has_avx512;

	for (unsigned program = 0; program < PROGRAMS; program++) {
		struct shape shape;
		struct emit e;
		struct hart *hart = loop_begin(machines, &e, &seed);

		choose_host(&machines->m[1], has_avx512, &seed);
		choose_shape(&shape, &seed);
		choose_places(hart, &shape, &seed);
		hart->mstatus = MSTATUS_FS;
		for (unsigned reg = 0; reg < 32; reg++)
			hart->f[reg] = random_u64(&seed);
		make_fp(&e, &seed);
		if (kind == KIND_ARRAYS)
			make_loop(&e, &shape, &seed);
		else if (kind == KIND_SUMS)
			make_sum(&e, &seed);
		else
			make_shifted(&e, &seed);
		directed_check(machines, 2000 + random_u64(&seed) % 20000);
	}
}

static void test_arrays(struct machines *machines)
{
	check(machines, KIND_ARRAYS, 11);
}

static void test_sums(struct machines *machines)
{
	check(machines, KIND_SUMS, 12);
}

static void test_shifted(struct machines *machines)
{
	check(machines, KIND_SHIFTED, 13);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_arrays),
	DIRECTED(test_sums),
	DIRECTED(test_shifted),
	{ 0 },
};
