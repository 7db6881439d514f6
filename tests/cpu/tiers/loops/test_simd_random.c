/* SPDX-License-Identifier: MIT */
/*
 * Tests random loops of many shapes, most of which native code does several iterations at once
 * (cpu/jit/loop/simd.h): registers in any roles, one to five bases, some of them near each other,
 * or with one page at two addresses, or with an index; up to three streams that are written; values
 * from elements, from registers that do not change or that move, and from what the iteration before
 * has loaded; sums; bases that are moved in the middle of an iteration; and ends by any branch,
 * whose operands move or not.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/part.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/impl.h"
#include "tests/cpu/random.h"

#define PROGRAMS 6000
#define BYTES_MOST 20000 /* the most by which a base is moved */
#define BASES_MOST 5
#define OUTPUTS_MOST 3
#define OPS_MOST 6

/* The roles of registers. Of some there are several. */
enum role {
	ROLE_BASE, ROLE_INDEX = ROLE_BASE + BASES_MOST, ROLE_ADDRESS, ROLE_COUNT, ROLE_ONE,
	ROLE_ANOTHER, ROLE_FIXED, ROLE_MOVING = ROLE_FIXED + 3, ROLE_SHIFT = ROLE_MOVING + 2,
	ROLE_SUM = ROLE_SHIFT + 2, ROLE_BEFORE = ROLE_SUM + 2, ROLE_VALUE = ROLE_BEFORE + 2,
	ROLE_OTHER = ROLE_VALUE + 4, ROLES
};

/*
 * The second operand of an operation: an element, a register, or a number; or two kinds of shifts.
 */
enum kind { KIND_ELEMENT, KIND_REGISTER, KIND_NUMBER, KIND_SHIFT, KIND_BY_REGISTER, KINDS };

struct operation {
	enum kind kind;
	u16 op;
	bool exchanged; /* its operands are exchanged */
	u8 role; /* of the register */
	unsigned base; /* the base of the element, which is at `at` from it */
	s64 at;
};

/* A value: an element or a register, and operations on it. */
struct value {
	bool is_register, is_signed;
	u8 role;
	unsigned base;
	s64 at;
	unsigned ops;
	struct operation op[OPS_MOST];
};

struct maker {
	struct emit e;
	u64 seed;
	u8 reg[31]; /* indexed by role */
	unsigned size_log, elements, bases, outputs;
	s64 step;
	s64 moved[BASES_MOST]; /* by how much the iteration has moved a base so far */
	bool indexed; /* the first base has an index, and is not moved */
	bool sums, carries;
};

static unsigned pick(struct maker *m, unsigned count)
{
	return (unsigned)(random_u64(&m->seed) % count);
}

static u32 match_of(const struct maker *m, u16 op)
{
	return m->e.match[op];
}

/* Returns the role of a register to compute with, which may be x0. */
static u8 some_role(struct maker *m)
{
	static const u8 roles[] = { ROLE_FIXED, ROLE_FIXED + 1, ROLE_MOVING, ROLE_MOVING + 1,
				    ROLE_SHIFT };

	switch (pick(m, 8)) {
	case 0:
		return m->sums ? ROLE_SUM : ROLES;
	case 1:
		return m->carries ? (u8)(ROLE_BEFORE + pick(m, 2)) : ROLES;
	default:
		return roles[pick(m, ARRAY_SIZE(roles))];
	}
}

static unsigned register_of(const struct maker *m, unsigned role)
{
	return role == ROLES ? 0 : m->reg[role];
}

/* Chooses which element of an iteration a value reads: mostly the first one. */
static s64 some_place(struct maker *m)
{
	return pick(m, 4) ? 0 : (s64)pick(m, 3) * m->step - (pick(m, 4) ? 0 : 1 << m->size_log);
}

static void choose_op(struct maker *m, struct operation *op)
{
	static const u16 two[] = { OP_add, OP_sub, OP_xor, OP_and, OP_or, OP_addw, OP_subw, OP_mulw,
				   OP_mul, OP_sh1add, OP_sh2add, OP_sh3add, OP_andn };
	static const u16 number[] = { OP_addi, OP_xori, OP_andi, OP_ori, OP_addiw };
	static const u16 shift[] = { OP_slli, OP_srli, OP_slliw, OP_srliw, OP_sraiw, OP_srai };
	static const u16 by_register[] = { OP_sll, OP_srl, OP_sllw, OP_srlw, OP_sraw };

	*op = (struct operation){ .kind = (enum kind)pick(m, KINDS),
			   .exchanged = pick(m, 2),
			   .role = some_role(m),
			   .base = pick(m, m->bases),
			   .at = some_place(m) };
	switch (op->kind) {
	case KIND_NUMBER:
		op->op = number[pick(m, ARRAY_SIZE(number))];
		op->at = (s64)pick(m, 4096) - 2048;
		break;
	case KIND_SHIFT:
		op->op = shift[pick(m, ARRAY_SIZE(shift))];
		op->at = pick(m, 32);
		break;
	case KIND_BY_REGISTER:
		op->op = by_register[pick(m, ARRAY_SIZE(by_register))];
		op->role = (u8)(pick(m, 4) ? ROLE_SHIFT + pick(m, 2) : ROLE_ANOTHER);
		break;
	default:
		op->op = two[pick(m, ARRAY_SIZE(two))];
	}
}

static void choose_value(struct maker *m, struct value *value)
{
	*value = (struct value){ .is_register = pick(m, 8) == 0,
				 .is_signed = pick(m, 2),
				 .role = some_role(m),
				 .base = pick(m, m->bases),
				 .at = some_place(m),
				 .ops = pick(m, OPS_MOST) };
	for (unsigned n = 0; n < value->ops; n++)
		choose_op(m, &value->op[n]);
}

/* Returns the register of a base, and changes `*at` to the offset that it needs now. */
static unsigned address_of(struct maker *m, unsigned base, s64 *at)
{
	static const u16 sums[] = { OP_add, OP_sh1add, OP_sh2add, OP_sh3add };
	unsigned shift = 0;

	if (!m->indexed || base) {
		*at -= m->moved[base];
		return m->reg[ROLE_BASE + base];
	}
	while (1 << shift < m->step)
		shift++;
	emit_r(&m->e, match_of(m, sums[shift]), m->reg[ROLE_ADDRESS], m->reg[ROLE_INDEX],
	       m->reg[ROLE_BASE]);
	return m->reg[ROLE_ADDRESS];
}

static void make_load(struct maker *m, bool is_signed, unsigned rd, unsigned base, s64 at)
{
	static const u16 loads[2][4] = { { OP_lbu, OP_lhu, OP_lwu, OP_ld },
					 { OP_lb, OP_lh, OP_lw, OP_ld } };
	const unsigned reg = address_of(m, base, &at);

	emit_load(&m->e, match_of(m, loads[is_signed][m->size_log]), rd, reg, at);
}

static void make_store(struct maker *m, unsigned rs, unsigned base, s64 at)
{
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd };
	const unsigned reg = address_of(m, base, &at);

	emit_store(&m->e, match_of(m, stores[m->size_log]), reg, rs, at);
}

static void make_op(struct maker *m, const struct operation *op, unsigned rd, s64 offset)
{
	const u32 match = match_of(m, op->op);
	unsigned with = register_of(m, op->role);

	switch (op->kind) {
	case KIND_NUMBER:
		emit_load(&m->e, match, rd, rd, op->at);
		return;
	case KIND_SHIFT:
		emit_shift(&m->e, match, rd, rd, (unsigned)op->at);
		return;
	case KIND_BY_REGISTER:
		emit_r(&m->e, match, rd, rd, with);
		return;
	case KIND_ELEMENT:
		with = m->reg[ROLE_OTHER];
		make_load(m, true, with, op->base, op->at + offset);
		break;
	default:
		break;
	}
	emit_r(&m->e, match, rd, op->exchanged ? with : rd, op->exchanged ? rd : with);
}

static void make_value(struct maker *m, const struct value *value, unsigned rd, unsigned element)
{
	const s64 offset = (s64)element << m->size_log;

	if (value->is_register)
		emit_addi(&m->e, rd, register_of(m, value->role), pick(m, 2) ? 0 : 5);
	else
		make_load(m, value->is_signed, rd, value->base, value->at + offset);
	for (unsigned n = 0; n < value->ops; n++)
		make_op(m, &value->op[n], rd, offset);
}

static void move_base(struct maker *m, unsigned base)
{
	if (m->moved[base] || (m->indexed && !base))
		return;
	emit_addi(&m->e, m->reg[ROLE_BASE + base], m->reg[ROLE_BASE + base], m->step);
	m->moved[base] = m->step;
}

/* Emits elements that are stored one by one, or all after the last one is computed. */
static void make_output(struct maker *m, unsigned output)
{
	const unsigned to = m->bases - 1 - output;
	const s64 at = pick(m, 6) ? 0 : m->step * pick(m, 4);
	const bool each = m->elements > 4 || pick(m, 2);
	struct value value;

	choose_value(m, &value);
	for (unsigned n = 0; n < m->elements; n++) {
		const unsigned rd = m->reg[ROLE_VALUE + n % 4];

		make_value(m, &value, rd, n);
		if (pick(m, 40) == 0)
			move_base(m, pick(m, m->bases));
		if (each)
			make_store(m, rd, to, at + ((s64)n << m->size_log));
	}
	for (unsigned n = 0; n < m->elements && !each; n++)
		make_store(m, m->reg[ROLE_VALUE + n % 4], to, at + ((s64)n << m->size_log));
	if (pick(m, 4) == 0)
		move_base(m, to);
}

static void make_sum(struct maker *m, unsigned n)
{
	const u16 op = m->size_log == 3 ? OP_add : OP_addw;
	const unsigned sum = m->reg[ROLE_SUM + n], more = m->reg[ROLE_VALUE];
	struct value value;

	choose_value(m, &value);
	if (pick(m, 2) || !m->outputs)
		make_value(m, &value, more, 0);
	emit_r(&m->e, match_of(m, op), sum, pick(m, 2) ? sum : more, sum);
}

/*
 * Emits a register that has what the iteration before has loaded, or two registers that pass it on.
 */
static void make_carried(struct maker *m, bool both)
{
	if (both)
		emit_addi(&m->e, m->reg[ROLE_BEFORE], m->reg[ROLE_BEFORE + 1], 0);
	make_load(m, true, m->reg[ROLE_BEFORE + 1], 0, 0);
}

/*
 * Emits the end. The registers that the branch compares move so that they meet after `iterations`
 * iterations, or nearly meet.
 */
static void make_end(struct maker *m, struct hart *hart, u64 head, u64 iterations)
{
	static const u16 ops[] = { OP_bne, OP_blt, OP_bltu, OP_bge, OP_bgeu };
	static const s16 steps[] = { -1, 1, -8, 8, -4, 4, -16, 16, 2, 3, 0, 0 };
	const s64 one = steps[pick(m, ARRAY_SIZE(steps))];
	const s64 another = pick(m, 2) ? 0 : steps[pick(m, ARRAY_SIZE(steps))];
	const unsigned a = m->reg[ROLE_ONE], b = m->reg[ROLE_ANOTHER];
	const bool exchanged = pick(m, 2);
	u64 start = random_u64(&m->seed);
	u16 op = ops[pick(m, ARRAY_SIZE(ops))];

	if (pick(m, 2))
		start = (pick(m, 2) ? BIT(63) : 0) + start % 4096 - 2048;
	if (pick(m, 4) == 0)
		op = OP_bne;
	hart->x[a] = start;
	hart->x[b] =
		start + (u64)((one - another) * (s64)iterations) + (pick(m, 4) ? 0 : pick(m, 8));
	emit_addi(&m->e, a, a, one);
	emit_addi(&m->e, b, b, another);
	emit_addi(&m->e, m->reg[ROLE_COUNT], m->reg[ROLE_COUNT], -1);
	if (pick(m, 4) == 0)
		emit_branch_to(&m->e, match_of(m, OP_bne), m->reg[ROLE_COUNT], head);
	else
		emit_branch_to(&m->e, match_of(m, op) | (exchanged ? a : b) << 20,
			       exchanged ? b : a, head);
}

/* Emits the loop, and after it one that counts the remaining steps. */
static void make_loop(struct maker *m, struct hart *hart, u64 iterations)
{
	const bool early = pick(m, 2), both = pick(m, 3);
	const u64 head = m->e.pc;

	if (m->carries && early)
		make_carried(m, both);
	for (unsigned n = 0; n < m->outputs; n++)
		make_output(m, n);
	if (m->carries && !early)
		make_carried(m, both);
	for (unsigned n = 0; m->sums && n < 2; n++)
		make_sum(m, n);
	for (unsigned n = 0; n < m->bases; n++)
		move_base(m, n);
	emit_addi(&m->e, m->reg[ROLE_INDEX], m->reg[ROLE_INDEX], m->step <= 8 ? 1 : m->step);
	for (unsigned n = 0; n < 2; n++)
		emit_addi(&m->e, m->reg[ROLE_MOVING + n], m->reg[ROLE_MOVING + n],
			  pick(m, 2) ? 0 : (s64)pick(m, 4096) - 2048);
	make_end(m, hart, head, iterations);
	loop_count_rest(&m->e, m->reg[ROLE_COUNT]);
}

static void choose_roles(struct maker *m)
{
	_Static_assert(ROLES <= sizeof(m->reg), "there are 31 registers");
	for (unsigned n = 0; n < sizeof(m->reg); n++)
		m->reg[n] = (u8)(n + 1);
	for (unsigned n = 0; n < sizeof(m->reg); n++) {
		const unsigned other = pick(m, sizeof(m->reg));
		const u8 reg = m->reg[n];

		m->reg[n] = m->reg[other];
		m->reg[other] = reg;
	}
}

static void choose_shape(struct maker *m)
{
	m->size_log = pick(m, 4);
	m->elements = pick(m, 3) ? 1 : 1u << pick(m, 3);
	m->step = (s64)m->elements << m->size_log;
	m->bases = 1 + pick(m, BASES_MOST);
	m->indexed = m->step <= 8 && pick(m, 4) == 0;
	m->sums = m->elements == 1 && pick(m, 3) == 0;
	m->carries = m->size_log == 3 && pick(m, 3) == 0;
	m->outputs = pick(m, MIN(OUTPUTS_MOST, m->bases) + 1);
	if (!m->outputs && !m->sums)
		m->outputs = 1;
}

/*
 * Chooses bases: anywhere, near another one, or a few elements from the first; some by a distant
 * alias.
 */
static void choose_bases(struct maker *m, struct hart *hart)
{
	for (unsigned n = 0; n < m->bases; n++) {
		u64 at = LOOP_DATA + 1024 + random_u64(&m->seed) % (6 * PAGE_SIZE);

		if (n && pick(m, 2))
			at = hart->x[m->reg[ROLE_BASE + pick(m, n)]] + pick(m, 1600) - 800;
		if (n && pick(m, 4) == 0)
			at = hart->x[m->reg[ROLE_BASE]] + 8ull * pick(m, 40) - 160;
		if (pick(m, 4))
			at &= ~7ull;
		if (at < LOOP_DATA + 512)
			at += 1024;
		if (pick(m, 3) == 0 && at < LOOP_FAR)
			at += LOOP_FAR;
		hart->x[m->reg[ROLE_BASE + n]] = at;
	}
}

static void make_program(struct maker *m, struct hart *hart)
{
	u64 iterations;

	choose_roles(m);
	choose_shape(m);
	iterations = 1 + random_u64(&m->seed) % (BYTES_MOST / (u64)m->step);
	iterations = MIN(iterations, 2048);
	hart->mstatus = MSTATUS_FS;
	for (unsigned reg = 1; reg < 32; reg++) {
		hart->f[reg] = random_u64(&m->seed);
		hart->x[reg] = random_u64(&m->seed);
	}
	choose_bases(m, hart);
	hart->x[m->reg[ROLE_INDEX]] = pick(m, 100);
	hart->x[m->reg[ROLE_COUNT]] = iterations;
	for (unsigned n = 0; n < 2; n++)
		hart->x[m->reg[ROLE_SHIFT + n]] = pick(m, 128);
	/* A block with floating point has f registers in host registers. */
	if (pick(m, 2)) {
		emit_r(&m->e, match_of(m, OP_fsgnj_d), 10, 10, 10);
		emit_patch_branch(&m->e, emit_branch(&m->e, match_of(m, OP_beq), 0, 0));
	}
	make_loop(m, hart, iterations);
}

static void test_loops(struct machines *machines)
{
	struct jit *jit = machines->m[1].jit;
	const bool has_avx512 = jit && jit->host.has_avx512;

	for (unsigned program = 0; program < part_of(PROGRAMS); program++) {
		struct maker m = { .seed = (program + 1) * 0x9e3779b97f4a7c15ull };
		struct hart *hart = loop_begin(machines, &m.e, &m.seed);

		if (jit)
			jit->host.has_avx512 = has_avx512 && pick(&m, 2);
		make_program(&m, hart);
		directed_check(machines, 2000 + random_u64(&m.seed) % 20000);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_loops),
	{ 0 },
};
