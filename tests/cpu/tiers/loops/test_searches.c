/* SPDX-License-Identifier: MIT */
/*
 * Tests random searches (cpu/jit/loop/search.h), and loops that nearly are: elements of each size,
 * upwards and downwards, compared by each branch with registers, constants, other elements and
 * bytes that were computed; ends by counts; addresses of one to three registers; registers that are
 * copied; loops of one block and of several, whose instructions are in any order. Some also store
 * elements or registers: far from what is loaded, near it, through other addresses of the same
 * pages, and in pages that compete for the same entries of the TLB or have fewer rights. The
 * elements have few values, so that loops end after any number of iterations. Each loop is entered
 * many times, in S-mode or in U-mode. It may run into a page that is not mapped, and then all
 * registers are compared.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/part.h"

#include "cpu/jit/impl.h"
#include "tests/cpu/random.h"

#include <string.h>

#define PROGRAMS 6000
#define TRAPS (RAM_BASE + PAGE_SIZE) /* the handler of loop_begin */
#define TESTS_MOST 3
#define BRANCHES 6

/* The roles of registers. */
enum role {
	ROLE_BASE, ROLE_OTHER, ROLE_INDEX, ROLE_FAR, ROLE_LIMIT, ROLE_FIXED,
	ROLE_SAME = ROLE_FIXED + 2,
	ROLE_ADDRESS, ROLE_VALUE, ROLE_COPY = ROLE_VALUE + 4, ROLE_BEGIN = ROLE_COPY + 2, ROLE_END,
	ROLE_ROUNDS, ROLE_ENDED, ROLE_TO, ROLE_DISTANCE, ROLE_PLACE, ROLE_COUNTED, ROLES
};

struct maker {
	struct emit e;
	u64 seed;
	u8 reg[31]; /* by role */
	unsigned size_log;
	bool sign;
	s64 step, count; /* of an iteration: in bytes, and by how much a count changes */
	bool indexed; /* the first address has an index */
	unsigned scale; /* the index counts two to the power of this many bytes */
	unsigned counted; /* the count is compared after a shift by this many bits; 0: itself */
	bool two, same; /* there are elements of a second array; a load of the same address */
	bool stores, placed; /* it has stores; their address is in a register of their own */
	unsigned to_log; /* the binary logarithm of the size of what is stored */
	unsigned tests;
	u16 *exits[TESTS_MOST + 2]; /* branches out of the loop */
	unsigned exit_count;
};

static unsigned pick(struct maker *m, unsigned count)
{
	return (unsigned)(random_u64(&m->seed) % count);
}

static u32 match_of(const struct maker *m, u16 op)
{
	return m->e.match[op];
}

/* Returns an element, extended: one of few, which lie around 0 or around the ends of the range. */
static u64 some_element(struct maker *m, unsigned kinds)
{
	const unsigned unused = 64 - (8u << m->size_log);
	const u64 value = (BIT(63) >> unused) * (kinds % 3 != 0) + pick(m, kinds) - kinds / 2;

	return m->sign ? (u64)((s64)(value << unused) >> unused) : value << unused >> unused;
}

static void make_data(struct maker *m)
{
	static const u8 counts[] = { 1, 2, 2, 3, 4, 7, 60 };
	const unsigned kinds = counts[pick(m, ARRAY_SIZE(counts))], bits = 8u << m->size_log;

	for (u64 at = 0; at < LOOP_PAGES * PAGE_SIZE; at += 8) {
		u64 word = 0;

		for (unsigned bit = 0; bit < 64; bit += bits)
			word |= (some_element(m, kinds) & (UINT64_MAX >> (64 - bits))) << bit;
		emit_put(&m->e, RAM_BASE + LOOP_DATA + at, word);
	}
}

/* Emits rd = base + (index << shift). */
static void make_sum(struct maker *m, unsigned shift, unsigned rd, unsigned index, unsigned base)
{
	static const u16 ops[] = { OP_add, OP_sh1add, OP_sh2add, OP_sh3add };

	emit_r(&m->e, match_of(m, ops[shift]), rd, index, base);
}

static u16 some_branch(struct maker *m)
{
	static const u16 ops[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu, OP_bgeu };

	return ops[pick(m, pick(m, 2) ? 2 : BRANCHES)];
}

static void move(struct maker *m, unsigned to, unsigned from)
{
	if (pick(m, 2))
		emit_addi(&m->e, m->reg[to], m->reg[from], 0);
	else
		emit_r(&m->e, match_of(m, OP_add), m->reg[to], 0, m->reg[from]);
}

static u32 some_load(const struct maker *m, bool sign)
{
	static const u16 loads[2][4] = { { OP_lbu, OP_lhu, OP_lwu, OP_ld },
					 { OP_lb, OP_lh, OP_lw, OP_ld } };

	return match_of(m, loads[sign][m->size_log]);
}

/* Emits the loads of an iteration. */
static void make_loads(struct maker *m)
{
	unsigned address = m->reg[ROLE_BASE];

	if (m->indexed) {
		make_sum(m, m->scale, m->reg[ROLE_ADDRESS], m->reg[ROLE_INDEX], address);
		address = m->reg[ROLE_ADDRESS];
		if (pick(m, 2))
			emit_r(&m->e, match_of(m, OP_add), address, address, m->reg[ROLE_FAR]);
	}
	emit_load(&m->e, some_load(m, m->sign), m->reg[ROLE_VALUE], address,
		  (s64)pick(m, 3) << m->size_log);
	if (m->two)
		emit_load(&m->e, some_load(m, pick(m, 4) ? m->sign : !m->sign),
			  m->reg[ROLE_VALUE + 1], m->reg[ROLE_OTHER], 0);
	if (m->same)
		emit_load(&m->e, match_of(m, OP_lw), m->reg[ROLE_VALUE + 3], m->reg[ROLE_SAME], 8);
}

/* Emits the computation of an address of stores, mostly one of the next elements. */
static void make_place(struct maker *m)
{
	emit_addi(&m->e, m->reg[ROLE_PLACE], m->reg[ROLE_TO],
		  pick(m, 3) ? ((s64)pick(m, 3) - 1) * (1 << m->size_log) : (s64)pick(m, 9) - 4);
}

/* Emits the store of an element, of what was computed from one, or of another register. */
static void make_store(struct maker *m)
{
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd };
	static const u8 values[] = { ROLE_VALUE + 2, ROLE_FIXED, ROLE_FAR, ROLE_BASE };
	unsigned value = m->reg[values[pick(m, ARRAY_SIZE(values))]], to = m->reg[ROLE_TO];

	if (pick(m, 3))
		value = m->reg[ROLE_VALUE + (m->two && pick(m, 2))];
	if (m->placed && pick(m, 2))
		make_place(m);
	if (m->placed)
		to = m->reg[ROLE_PLACE];
	emit_store(&m->e, match_of(m, stores[m->to_log]), to, pick(m, 8) ? value : 0,
		   (s64)pick(m, 3) << m->to_log);
}

/* Emits a computation with an element. */
static void make_op(struct maker *m, unsigned to, unsigned from)
{
	if (pick(m, 3) == 0)
		emit_load(&m->e, match_of(m, OP_andi), to, from, (s64)pick(m, 260));
	else
		emit_load(&m->e, match_of(m, pick(m, 2) ? OP_addi : OP_addiw), to, from,
			  pick(m, 2) ? (s64)pick(m, 5) - 2 : (s64)pick(m, 1024) - 512);
}

/* Emits computations with an element, mostly with bytes; returns the role of the result. */
static unsigned make_value(struct maker *m)
{
	const unsigned to = m->reg[ROLE_VALUE + 2];

	if (pick(m, m->size_log ? 16 : 2))
		return ROLE_VALUE;
	if (pick(m, 4) == 0)
		move(m, ROLE_VALUE + 2, ROLE_VALUE);
	else
		make_op(m, to, m->reg[ROLE_VALUE]);
	if (pick(m, 2))
		emit_load(&m->e, match_of(m, OP_andi), to, to, UINT8_MAX);
	else if (pick(m, 2))
		make_op(m, to, to);
	return ROLE_VALUE + 2;
}

/* Emits a branch out of the loop, or one that skips the jump out of it. */
static void make_exit(struct maker *m, u16 op, unsigned a, unsigned b)
{
	u16 *skip;

	if (pick(m, 2)) {
		m->exits[m->exit_count++] = emit_branch(&m->e, match_of(m, op), a, b);
		return;
	}
	skip = emit_branch(&m->e, match_of(m, op), a, b);
	m->exits[m->exit_count++] = emit_branch(&m->e, match_of(m, OP_beq), 0, 0);
	emit_patch_branch(&m->e, skip);
}

static void make_tests(struct maker *m)
{
	const unsigned value = make_value(m);

	if (pick(m, 4) == 0)
		emit_addi(&m->e, m->reg[ROLE_FIXED], 0,
			  pick(m, 2) ? (s64)pick(m, 4) - 1 : (s64)pick(m, 600) - 300);
	if (pick(m, 16) == 0)
		emit_addi(&m->e, m->reg[ROLE_FIXED + 1], m->reg[ROLE_FIXED + 1], 1);
	for (unsigned n = 0; n < m->tests; n++) {
		const unsigned roles[] = { ROLE_FIXED, ROLE_FIXED + 1,
					   m->two ? ROLE_VALUE + 1 : ROLE_FIXED };
		const unsigned a = m->reg[value], b = pick(m, 4) ? m->reg[roles[pick(m, 3)]] : 0;

		if (pick(m, 2))
			make_exit(m, some_branch(m), a, b);
		else
			make_exit(m, some_branch(m), b, a);
	}
}

static void make_steps(struct maker *m)
{
	if (pick(m, 8) == 0)
		emit_addi(&m->e, m->reg[ROLE_COPY + 1], m->reg[ROLE_COPY], 3);
	if (pick(m, 3) == 0)
		move(m, ROLE_COPY, ROLE_BASE);
	if (pick(m, 16) == 0)
		emit_addi(&m->e, m->reg[ROLE_FAR], m->reg[ROLE_FAR], m->step);
	if (pick(m, 16) == 0)
		emit_addi(&m->e, m->reg[ROLE_FAR], m->reg[ROLE_COPY], 0);
	if (!m->indexed)
		emit_addi(&m->e, m->reg[ROLE_BASE], m->reg[ROLE_BASE], m->step);
	if (m->two)
		emit_addi(&m->e, m->reg[ROLE_OTHER], m->reg[ROLE_OTHER],
			  pick(m, 8) ? m->step : -m->step);
	if (m->placed)
		make_place(m);
	if (m->stores && pick(m, 16))
		emit_addi(&m->e, m->reg[ROLE_TO], m->reg[ROLE_TO],
			  (pick(m, 8) ? m->step : -m->step) * (1 << (m->to_log - m->size_log)));
	if (pick(m, 16) == 0)
		emit_addi(&m->e, m->reg[ROLE_LIMIT], m->reg[ROLE_LIMIT], (s64)pick(m, 5) - 2);
	emit_addi(&m->e, m->reg[ROLE_INDEX], m->reg[ROLE_INDEX], m->count);
	if (pick(m, 3) == 0)
		emit_addi(&m->e, m->reg[ROLE_COPY + 1], m->reg[ROLE_INDEX], 5);
}

/* Emits the code after the loop, which enters it again a number of times. */
static void make_outside(struct maker *m, u64 head)
{
	struct emit *e = &m->e;
	u16 *enough, *range;

	emit_addi(e, m->reg[ROLE_ENDED], m->reg[ROLE_ENDED], 1);
	emit_addi(e, m->reg[ROLE_ROUNDS], m->reg[ROLE_ROUNDS], -1);
	enough = emit_branch(e, match_of(m, OP_beq), m->reg[ROLE_ROUNDS], 0);
	make_steps(m);
	if (m->counted && pick(m, 4)) {
		make_sum(m, m->counted, m->reg[ROLE_LIMIT], m->reg[ROLE_INDEX], 0);
		emit_addi(e, m->reg[ROLE_LIMIT], m->reg[ROLE_LIMIT],
			  m->count * (1 << m->counted) * (s64)pick(m, 30));
	} else if (pick(m, 2)) {
		emit_addi(e, m->reg[ROLE_LIMIT], m->reg[ROLE_INDEX], m->count * (s64)pick(m, 60));
	}
	range = emit_branch(e, match_of(m, m->step > 0 ? OP_bltu : OP_bgeu),
			    m->reg[m->indexed ? ROLE_INDEX : ROLE_BASE], m->reg[ROLE_END]);
	move(m, m->indexed ? ROLE_INDEX : ROLE_BASE, ROLE_BEGIN);
	emit_patch_branch(e, range);
	if (m->stores)
		make_sum(m, m->scale, m->reg[ROLE_TO], m->reg[m->indexed ? ROLE_INDEX : ROLE_BASE],
			 m->reg[ROLE_DISTANCE]);
	emit_jump(e, head);
	emit_patch_branch(e, enough);
	loop_count_rest(e, m->reg[ROLE_ENDED]);
}

/* Emits an exit by a count, mostly one that is taken when the count has reached the limit. */
static void make_count(struct maker *m)
{
	static const u16 usual[] = { OP_beq, OP_bge, OP_bgeu };
	const u16 op = pick(m, 4) ? usual[pick(m, ARRAY_SIZE(usual))] : some_branch(m);
	const unsigned limit = m->reg[ROLE_LIMIT];
	unsigned index = m->reg[ROLE_INDEX];

	if (m->counted) {
		make_sum(m, m->counted, m->reg[ROLE_COUNTED], index, 0);
		index = m->reg[ROLE_COUNTED];
	}
	if (m->count < 0 && pick(m, 2))
		make_exit(m, op, limit, index);
	else
		make_exit(m, op, index, limit);
}

static void make_loop(struct maker *m)
{
	struct emit *e = &m->e;
	const bool first = pick(m, 3) == 0, counts = !m->tests || pick(m, 2);
	u16 *begin = first && pick(m, 2) ? emit_branch(e, match_of(m, OP_beq), 0, 0) : NULL;
	const u64 head = e->pc;
	const unsigned store = pick(m, 8);

	if (first)
		make_steps(m);
	if (begin)
		emit_patch_branch(e, begin);
	if (pick(m, 3) == 0)
		make_count(m);
	/* After a jump, the search has to write all registers that an iteration writes. */
	if (pick(m, 4) == 0)
		emit_jump(e, e->pc + 4);
	if (m->stores && store < 2)
		make_store(m);
	make_loads(m);
	if (m->stores && store > 1 && store < 5)
		make_store(m);
	make_tests(m);
	if (m->stores && (store >= 5 || pick(m, 16) == 0))
		make_store(m);
	if (!first)
		make_steps(m);
	if (counts)
		make_count(m);
	if (m->tests && pick(m, 3) == 0)
		emit_branch_to(e, match_of(m, OP_bne), m->reg[ROLE_VALUE], head);
	else
		emit_jump(e, head);
	for (unsigned n = 0; n < m->exit_count; n++)
		emit_patch_branch(e, m->exits[n]);
	make_outside(m, head);
}

/* Gives each role a register. */
static void choose_registers(struct maker *m)
{
	for (unsigned n = 0; n < ARRAY_SIZE(m->reg); n++)
		m->reg[n] = (u8)(n + 1);
	for (unsigned n = ARRAY_SIZE(m->reg) - 1; n > 0; n--) {
		const unsigned other = pick(m, n + 1);
		const u8 reg = m->reg[n];

		m->reg[n] = m->reg[other];
		m->reg[other] = reg;
	}
}

static void choose_shape(struct maker *m)
{
	m->size_log = pick(m, 2) ? pick(m, 4) : 0;
	m->sign = pick(m, 2);
	m->step = (pick(m, 3) ? 1 : -1) * (1 << m->size_log);
	if (pick(m, 16) == 0)
		m->step *= 2;
	m->indexed = pick(m, 3) == 0;
	m->count = pick(m, 4) ? 1 : 1 + pick(m, 4);
	if (m->step < 0)
		m->count = -m->count;
	m->scale = m->indexed && pick(m, 2) ? m->size_log : 0;
	if (m->indexed)
		m->count = m->step / (1 << m->scale);
	m->counted = pick(m, 6) ? 0 : 1 + pick(m, 3);
	m->two = pick(m, 3) == 0;
	m->same = pick(m, 6) == 0;
	m->stores = pick(m, 2);
	m->placed = m->stores && pick(m, 4) == 0;
	m->to_log = m->size_log + (m->size_log < 3 && pick(m, 12) == 0);
	m->tests = m->stores && pick(m, 2) ? 0 : 1 + pick(m, TESTS_MOST);
	m->exit_count = 0;
}

/* Returns by how much the addresses of stores are greater than those of loads. */
static u64 some_distance(struct maker *m)
{
	const u64 range = pick(m, 2) ? 16 : 160;
	const u64 near = (pick(m, (unsigned)range) - range / 2) << pick(m, m->size_log + 1);

	switch (pick(m, 16)) {
	case 0 ... 3:
		return near;
	case 4 ... 7:
		return near + LOOP_FAR;
	case 8:
		return near - LOOP_DATA; /* to the page of the code */
	case 9 ... 11:
		return near + LOOP_RIVAL;
	default:
		return near + (LOOP_PAGES / 2 - pick(m, LOOP_PAGES)) * PAGE_SIZE;
	}
}

/* Returns where a count begins, mostly one that does not wrap. */
static u64 some_count(struct maker *m)
{
	static const u64 counts[] = { 0, 0, 1000, BIT(62), BIT(63) - 40, BIT(63), -40ull };

	return counts[pick(m, ARRAY_SIZE(counts))] + pick(m, 20);
}

static void set_registers(struct maker *m, struct hart *hart)
{
	const u64 pages = 2 + pick(m, LOOP_PAGES - 3), odd = pick(m, 8) ? 0 : pick(m, 8);
	const u64 data = LOOP_DATA + (pick(m, 4) ? 0 : LOOP_RIVAL);
	const u64 begin = data + 512 + odd, end = begin + pages * PAGE_SIZE + pick(m, 5000);
	const u64 near = data + (m->step > 0 ? (LOOP_PAGES - 1) * PAGE_SIZE : PAGE_SIZE);
	const unsigned by = m->indexed ? ROLE_INDEX : ROLE_BASE;
	u64 from = m->step > 0 ? begin : end, to = m->step > 0 ? end : begin;

	if (pick(m, 4) == 0)
		from = near + pick(m, 2) * 64 - (m->step > 0 ? 0 : BIT(m->size_log)) + odd;
	for (unsigned reg = 1; reg < 32; reg++)
		hart->x[reg] = random_u64(&m->seed);
	hart->x[m->reg[ROLE_FAR]] = 64;
	hart->x[m->reg[ROLE_SAME]] = LOOP_DATA + PAGE_SIZE - 16 + pick(m, 3) * 4;
	hart->x[m->reg[ROLE_OTHER]] = from + 8;
	for (unsigned n = 0; n < 2; n++)
		hart->x[m->reg[ROLE_FIXED + n]] = pick(m, 12) ? some_element(m, 4) :
								random_u64(&m->seed);
	hart->x[m->reg[ROLE_BASE]] = m->indexed ? LOOP_DATA + odd : from;
	hart->x[m->reg[ROLE_INDEX]] = some_count(m);
	hart->x[m->reg[ROLE_BEGIN]] = m->indexed ? (from - LOOP_DATA) >> m->scale : from;
	hart->x[m->reg[ROLE_END]] = m->indexed ? (to - LOOP_DATA) >> m->scale : to;
	hart->x[m->reg[by]] = hart->x[m->reg[ROLE_BEGIN]];
	hart->x[m->reg[ROLE_LIMIT]] = hart->x[m->reg[ROLE_INDEX]] +
				      (u64)(m->count * ((s64)pick(m, 99) - (pick(m, 8) ? 0 : 50)));
	if (pick(m, 6) == 0)
		hart->x[m->reg[ROLE_LIMIT]] = some_count(m);
	hart->x[m->reg[ROLE_ROUNDS]] = 50 + pick(m, 600);
	hart->x[m->reg[ROLE_ENDED]] = 0;
	hart->x[m->reg[ROLE_DISTANCE]] = some_distance(m) + (m->indexed ? LOOP_DATA : 0);
	hart->x[m->reg[ROLE_TO]] =
		hart->x[m->reg[ROLE_DISTANCE]] + (hart->x[m->reg[by]] << m->scale);
	hart->x[m->reg[ROLE_PLACE]] = hart->x[m->reg[ROLE_TO]];
	if (pick(m, 2))
		hart->x[m->reg[ROLE_SAME]] = hart->x[m->reg[ROLE_TO]] + pick(m, 64);
}

static void check_program(struct machines *machines, u64 seed)
{
	struct maker m = { .seed = seed };
	struct hart *hart = loop_begin(machines, &m.e, &m.seed);

	choose_registers(&m);
	choose_shape(&m);
	if (pick(&m, 2))
		loop_in_user_mode(hart, &m.e);
	make_data(&m);
	set_registers(&m, hart);
	make_loop(&m);
	m.e.pc = TRAPS;
	loop_count_rest(&m.e, m.reg[ROLE_ENDED]);
	directed_check(machines, 2000 + pick(&m, 30000));
}

/* Half of the programs are run as on a host without AVX-512. */
static void test_random(struct machines *machines)
{
	struct jit *jit = machines->m[1].jit;
	const bool has_avx512 = jit && jit->host.has_avx512;

	for (u64 n = 0; n < part_of(PROGRAMS); n++) {
		if (jit)
			jit->host.has_avx512 = has_avx512 && n % 2;
		check_program(machines, n + 1);
	}
}

/*
 * A loop whose count is compared before the element is loaded: after the loop, a register has what
 * was computed from the last element.
 */
static void check_last_value(struct machines *machines, s64 step)
{
	enum { BASE = 10, INDEX = 11, LIMIT = 12, FIXED = 13, VALUE = 14, SUM = 15, ROUNDS = 16 };
	u64 seed = 1, again, head;
	struct emit e;
	struct hart *hart = loop_begin(machines, &e, &seed);
	u16 *counted, *found;

	memset(hart->x, 0, sizeof(hart->x));
	hart->x[FIXED] = 100;
	hart->x[LIMIT] = 1;
	hart->x[ROUNDS] = 60;
	again = e.pc;
	emit_lui(&e, BASE, (LOOP_DATA + PAGE_SIZE) >> 12);
	emit_addi(&e, BASE, BASE, 256);
	emit_addi(&e, INDEX, 0, 0);
	head = e.pc;
	counted = emit_branch(&e, e.match[OP_beq], INDEX, LIMIT);
	emit_load(&e, e.match[OP_lbu], VALUE, BASE, 0);
	emit_addi(&e, VALUE, VALUE, -40);
	emit_load(&e, e.match[OP_andi], VALUE, VALUE, 95);
	found = emit_branch(&e, e.match[OP_beq], VALUE, FIXED);
	emit_addi(&e, BASE, BASE, step);
	emit_addi(&e, INDEX, INDEX, 1);
	emit_jump(&e, head);
	emit_patch_branch(&e, counted);
	emit_patch_branch(&e, found);
	emit_shift(&e, e.match[OP_slli], SUM, SUM, 1);
	emit_r(&e, e.match[OP_add], SUM, SUM, VALUE);
	emit_addi(&e, LIMIT, LIMIT, 1);
	emit_addi(&e, ROUNDS, ROUNDS, -1);
	emit_branch_to(&e, e.match[OP_bne], ROUNDS, again);
	loop_count_rest(&e, ROUNDS);
	directed_check(machines, 30000);
}

static void test_last_value(struct machines *machines)
{
	check_last_value(machines, 1);
	check_last_value(machines, -1);
}

/* A loop that stores what it computes from the elements, and ends after another count each time. */
static void test_stored_values(struct machines *machines)
{
	enum { FROM = 10, TO = 11, LIMIT = 12, VALUE = 13, COUNT = 14 };
	static const u16 ops[] = { OP_andi, OP_addi };

	for (unsigned n = 0; n < ARRAY_SIZE(ops); n++) {
		u64 seed = n + 1, again, head;
		struct emit e;
		struct hart *hart = loop_begin(machines, &e, &seed);

		memset(hart->x, 0, sizeof(hart->x));
		hart->x[COUNT] = 100;
		again = e.pc;
		emit_lui(&e, FROM, (LOOP_DATA + PAGE_SIZE) >> 12);
		emit_addi(&e, TO, FROM, 512);
		emit_load(&e, e.match[OP_andi], LIMIT, COUNT, 15);
		emit_r(&e, e.match[OP_add], LIMIT, LIMIT, FROM);
		emit_addi(&e, LIMIT, LIMIT, 1);
		head = e.pc;
		emit_load(&e, e.match[OP_lbu], VALUE, FROM, 0);
		emit_load(&e, e.match[ops[n]], VALUE, VALUE, 37);
		emit_store(&e, e.match[OP_sb], TO, VALUE, 0);
		emit_addi(&e, FROM, FROM, 1);
		emit_addi(&e, TO, TO, 1);
		emit_branch_to(&e, e.match[OP_bne] | LIMIT << 20, FROM, head);
		emit_addi(&e, COUNT, COUNT, -1);
		emit_branch_to(&e, e.match[OP_bne], COUNT, again);
		loop_count_rest(&e, COUNT);
		directed_check(machines, 10000);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_random),
	DIRECTED(test_last_value),
	DIRECTED(test_stored_values),
	{ 0 },
};
