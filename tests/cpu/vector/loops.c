/* SPDX-License-Identifier: MIT */
/* Makes random programs of loops of vectors (see loops.h). */
#include "tests/cpu/vector/loops.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/isa/vector.h"
#include "tests/cpu/random.h"
#include "tests/cpu/tables.h"
#include "tests/cpu/vector/rules.h"

/* --- instructions --- */

void loops_add(struct loops_program *program, u32 insn)
{
	program->insn[program->count++] = insn;
}

static u64 pick(struct loops_program *program, u64 count)
{
	return block_pick(&program->maker, count);
}

static u32 branch(u32 kind, u32 a, u32 b, int by)
{
	u32 to = (u32)(4 * by);

	return 0x63 | (to >> 12 & 1) << 31 | (to >> 5 & 63) << 25 | (to >> 1 & 15) << 8 |
	       (to >> 11 & 1) << 7 | kind << 12 | a << 15 | b << 20;
}

static u32 jal(u32 rd, int by)
{
	u32 to = (u32)(4 * by);

	return 0x6f | rd << 7 | (to >> 20 & 1) << 31 | (to >> 1 & 1023) << 21 |
	       (to >> 11 & 1) << 20 | (to >> 12 & 255) << 12;
}

u32 loops_addi(u32 rd, u32 rs, int imm)
{
	return 0x13 | rd << 7 | rs << 15 | (u32)imm << 20;
}

static u32 add_x(u32 rd, u32 a, u32 b)
{
	return 0x33 | rd << 7 | a << 15 | b << 20;
}

static u32 lui(u32 rd, u64 value)
{
	return 0x37 | rd << 7 | (u32)value;
}

static u32 vsetvli(u32 rd, u32 rs, u64 vtype)
{
	return 0x7057 | rd << 7 | rs << 15 | (u32)vtype << 20;
}

u32 loops_vset(struct loops_program *program, u64 vtype)
{
	u32 rd = pick(program, 2) ? 0 : BLOCK_NUMBER;

	switch (pick(program, 8)) {
	case 0:
		return 0x80007057 | rd << 7 | LEFT << 15 | VTYPE << 20; /* vsetvl */
	case 1:
		return 0xc0007057 | rd << 7 | (u32)pick(program, 32) << 15 | (u32)vtype << 20;
	case 2:
		return vsetvli(0, 0, vtype);
	case 3:
		return vsetvli(BLOCK_NUMBER, 0, vtype);
	default:
		return vsetvli(rd, BLOCK_COUNT, vtype);
	}
}

static u32 random_address(struct loops_program *program)
{
	return BLOCK_ADDRESS + (u32)pick(program, 4);
}

static bool is_legal(const struct loops_program *program, u32 raw)
{
	struct insn insn;

	isa_decode(program->maker.isa, raw, &insn);
	return vector_legal(program->maker.isa, &insn, program->vtype[0]);
}

/* Returns a unit-stride load or store: of a group, of whole registers, of segments or of a mask. */
static u32 any_access(struct loops_program *program, u32 at)
{
	static const u8 widths[] = { 0, 5, 6, 7 };
	u32 width = widths[program->maker.vtype >> 3 & 3], v = 8 * (u32)pick(program, 4);
	u32 store = (u32)pick(program, 2) << 5, unmasked = (pick(program, 6) != 0) << 25;
	u32 raw = 0x07 | store | at << 15 | v << 7;

	switch (pick(program, 11)) {
	case 0:
	case 1:
		return raw | 1 << 25 | 8 << 20 | (u32)pick(program, 2) << 29; /* whole */
	case 2:
	case 3: /* segments */
		width = widths[pick(program, 4)];
		return raw | unmasked | width << 12 |
		       (u32)(pick(program, 3) ? 1 : 1 + pick(program, 7)) << 29;
	case 4:
		return raw | (store ? 0 : 16) << 20 | unmasked | width << 12; /* fault-only-first */
	case 5:
		return raw | unmasked | (u32)widths[pick(program, 4)] << 12;
	case 6:
		return raw | 1 << 25 | 11 << 20; /* mask */
	default:
		return raw | unmasked | width << 12;
	}
}

static u32 random_access(struct loops_program *program, u32 at)
{
	u32 raw;

	do
		raw = any_access(program, at);
	while (!is_legal(program, raw) && pick(program, 20));
	return raw;
}

static u32 random_float(struct loops_program *program)
{
	static const u8 rows[] = { 0x00, 0x02, 0x24, 0x20, 0x28, 0x29, 0x2a,
				   0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x2c };
	u32 groups = 8 * (u32)pick(program, 4) << 20 | 8 * (u32)pick(program, 4) << 7;
	u32 row = (u32)rows[pick(program, ARRAY_SIZE(rows))] << 26 | 1 << 25 | 0x57;

	if (pick(program, 2))
		return row | groups | (u32)pick(program, 4) << 18 | 1 << 12;
	return row | groups | (u32)pick(program, pick(program, 4) ? 6 : 32) << 15 | 5 << 12;
}

/* Returns a vector instruction for a loop, or a scalar one. */
static u32 random_row(struct loops_program *program)
{
	u64 kind = pick(program, 100);

	if (kind < 50)
		return random_float(program);
	if (kind < 84)
		return block_vector(&program->maker, true);
	if (kind < 85)
		return block_vector(&program->maker, false);
	if (kind < 89) /* fmv.d.x or fmv.w.x */
		return (pick(program, 2) ? 0xf2000053 : 0xf0000053) | BLOCK_NUMBER << 15 |
		       (u32)pick(program, 6) << 7;
	return block_scalar(&program->maker);
}

/* --- loops --- */

static void add_step(struct loops_program *program, u32 at)
{
	static const s16 steps[] = { 8, 16, 32, 64, -16, -32, 4, 1, 256, -256, 24, 264, 0 };

	if (pick(program, 2))
		loops_add(program, loops_addi(at, at, steps[pick(program, ARRAY_SIZE(steps))]));
	else
		loops_add(program, add_x(at, at, STEP + (u32)pick(program, 3)));
}

/*
 * Sets the registers of addresses, steps and counters to their initial values, or to something
 * else.
 */
static void begin_loop(struct loops_program *program)
{
	for (unsigned n = 0; n < 4; n++)
		if (pick(program, 2))
			loops_add(program,
				  loops_addi(BLOCK_ADDRESS + n, BASE + (u32)pick(program, 4),
					     (int)pick(program, 64) * 8));
	if (!pick(program, 5))
		loops_add(program, loops_addi(STEP + (u32)pick(program, 3), 0,
					      64 - 16 * (int)pick(program, 9)));
	if (!pick(program, 8))
		loops_add(program, add_x(STEP + (u32)pick(program, 2), STEP + 2, STEP + 2));
	loops_add(program,
		  loops_addi(BLOCK_COUNT, 0, 1 + (int)pick(program, pick(program, 2) ? 70 : 8)));
	loops_add(program, loops_addi(LEFT, 0, 1 + (int)pick(program, 300)));
	if (!pick(program, 6))
		loops_add(program, 0x00805073 | (u32)pick(program, 8) << 15); /* csrwi vstart */
}

static void add_round(struct loops_program *program)
{
	unsigned streams = 1 + (unsigned)pick(program, 4), rows = (unsigned)pick(program, 9);

	/*
	 * The first rounds skip the vector instructions, so vstart may still be nonzero after them.
	 */
	if (!pick(program, 8))
		loops_add(program,
			  branch(6, BLOCK_NUMBER + 1, BLOCK_COUNT, 2 + (int)pick(program, 6)));
	if (pick(program, 3) == 0)
		loops_add(program, loops_vset(program, program->vtype[!pick(program, 6)]));
	while (streams + rows > 0) {
		if (pick(program, streams + rows) < streams) {
			u32 at = random_address(program);

			loops_add(program, random_access(program, at));
			if (pick(program, 4))
				add_step(program, at);
			streams--;
			continue;
		}
		if (!pick(program, 12))
			loops_add(program,
				  block_branch(&program->maker, 1 + (int)pick(program, 4)));
		else
			loops_add(program, random_row(program));
		rows--;
	}
}

void loops_add_back(struct loops_program *program, unsigned reg, unsigned to)
{
	loops_add(program, loops_addi(reg, reg, -1));
	loops_add(program, branch(4, 0, reg, (int)to - (int)program->count));
}

/* Adds a branch back into the middle of a loop, taken a few times: two loops then share a part. */
static void add_way_back(struct loops_program *program, unsigned start)
{
	unsigned middle = start + (unsigned)pick(program, program->count - start);

	loops_add(program, loops_addi(BLOCK_COUNT, 0, 1 + (int)pick(program, 20)));
	loops_add_back(program, AGAIN, middle);
}

void loops_add_loop(struct loops_program *program)
{
	bool by_length = pick(program, 4) == 0, steps = !pick(program, 8);
	bool again = !pick(program, 6);
	unsigned start;

	begin_loop(program);
	if (again)
		loops_add(program, loops_addi(AGAIN, 0, 1 + (int)pick(program, 4)));
	start = program->count;
	if (by_length)
		loops_add(program, vsetvli(SET, LEFT, program->vtype[0]));
	add_round(program);
	for (unsigned n = 0; n < 4 && !pick(program, 20); n++)
		loops_add(program, BLOCK_NOP);
	if (steps)
		loops_add(program, loops_addi(STEP, STEP, 512 - 72 * (int)pick(program, 14)));
	if (by_length) {
		loops_add(program, 0x40000033 | LEFT << 7 | LEFT << 15 | SET << 20); /* sub */
		loops_add(program, branch(1, LEFT, 0, (int)start - (int)program->count));
	} else {
		loops_add(program, loops_addi(BLOCK_COUNT, BLOCK_COUNT, -1));
		loops_add(program, branch(1, BLOCK_COUNT, 0, (int)start - (int)program->count));
	}
	for (unsigned n = (unsigned)pick(program, 4); n > 0; n--)
		loops_add(program, random_row(program));
	if (again)
		add_way_back(program, start);
}

/* Copies prepared entries over those of the page table, or code over a function and calls it. */
static void add_copy(struct loops_program *program, bool code)
{
	unsigned start;

	loops_add(program, lui(FROM, LISTED));
	loops_add(program, loops_addi(FROM, FROM, code ? 1024 : 0));
	loops_add(program, lui(TO, code ? CODE + PAGE_SIZE : ENTRIES));
	loops_add(program, loops_addi(TO, TO, code ? CALLED - (int)PAGE_SIZE : 0));
	loops_add(program, loops_addi(BLOCK_COUNT, 0, 1 + (int)pick(program, 2)));
	start = program->count;
	loops_add(program, 0x02800007 | FROM << 15 | 8 << 7); /* vl1re8.v */
	loops_add(program, 0x02800027 | TO << 15 | 8 << 7); /* vs1r.v */
	loops_add(program, add_x(FROM, FROM, STEP + 3));
	loops_add(program, add_x(TO, TO, STEP + 3));
	loops_add(program, loops_addi(BLOCK_COUNT, BLOCK_COUNT, -1));
	loops_add(program, branch(1, BLOCK_COUNT, 0, (int)start - (int)program->count));
	loops_add(program, code ? 0x0000100f : 0x12000073); /* fence.i, sfence.vma */
	if (code)
		loops_add(program, jal(RA, (int)(CALLED / 4 - program->count)));
}

/* --- programs --- */

static void add_function(struct loops_program *program)
{
	if (pick(program, 4))
		loops_add(program, loops_vset(program, program->vtype[pick(program, 2)]));
	for (unsigned n = (unsigned)pick(program, 6); n > 0; n--)
		loops_add(program, random_row(program));
	if (pick(program, 2))
		loops_add_loop(program);
	loops_add(program, RET);
}

static void add_part(struct loops_program *program)
{
	unsigned called = program->function[pick(program, LOOPS_FUNCTIONS)];

	switch (pick(program, 10)) {
	case 0: /* csrs or csrc sstatus */
		loops_add(program, 0x10002073 | VS << 15 | (u32)pick(program, 2) << 12);
		break;
	case 1:
		loops_add(program, loops_vset(program, program->vtype[pick(program, 3)]));
		break;
	case 2:
	case 3:
	case 4:
		loops_add(program, loops_vset(program, program->vtype[pick(program, 3)]));
		loops_add(program, jal(RA, (int)called - (int)program->count));
		break;
	case 5:
		add_copy(program, pick(program, 2));
		break;
	default:
		loops_add_loop(program);
	}
}

static void make_code(struct loops_program *program)
{
	unsigned parts = 2 + (unsigned)pick(program, 5);

	program->count = 1;
	for (unsigned n = 0; n < LOOPS_FUNCTIONS; n++) {
		program->function[n] = program->count;
		add_function(program);
	}
	program->insn[0] = jal(0, (int)program->count);
	while (parts-- > 0)
		add_part(program);
	loops_add(program, jal(0, -(int)program->count));
	for (unsigned n = 0; n < CALLED_INSNS; n++)
		program->insn[CALLED / 4 + n] = n < CALLED_INSNS - 1 ? ADDI + (n << 20) : RET;
}

static u64 random_entry(struct loops_program *program, unsigned n)
{
	static const u8 flags[] = { LEAF & ~PTE_W, LEAF & ~PTE_D, LEAF & ~(PTE_A | PTE_D), 0 };
	u64 pa = DATA_PA + (n % PAGES * 2 + pick(program, 2)) * PAGE_SIZE;

	return loops_leaf(pa, pick(program, 6) ? LEAF : flags[pick(program, ARRAY_SIZE(flags))]);
}

static void make_addresses(struct loops_program *program)
{
	u64 *x = program->x;

	for (unsigned n = 0; n < 4; n++) {
		u64 at = PAGE_SIZE * (1 + pick(program, PAGES - 1)) - pick(program, 1024);

		x[BLOCK_NUMBER + n] = pick(program, 70);
		x[BASE + n] = WINDOW + (pick(program, 5) ? align_down(at, 8) : at);
		if (n && !pick(program, 3))
			x[BASE + n] = x[BASE + n - 1] + 8 * pick(program, 40);
		if (!pick(program, 5))
			x[BASE + n] += ALIAS - WINDOW;
		x[BLOCK_ADDRESS + n] = x[BASE + n];
	}
	if (!pick(program, 12))
		x[BASE + 3] = 0 - 8 * pick(program, 64);
	if (!pick(program, 12))
		x[BASE + 3] = CODE + CALLED + 8 * pick(program, 8);
}

void loops_make_counts(struct loops_program *program, unsigned vlenb)
{
	static const s64 steps[] = { 0, 8, 16, 32, 64, -32, 256, -256, 257, 4096, INT64_MIN, 1 };
	u64 *x = program->x;

	for (unsigned n = 0; n < 3; n++)
		x[STEP + n] = pick(program, 2) ? vlenb :
						 (u64)steps[pick(program, ARRAY_SIZE(steps))];
	x[STEP + 3] = vlenb;
	x[BLOCK_COUNT] = 1 + pick(program, 30);
	x[LEFT] = pick(program, 100);
	x[VTYPE] = program->vtype[pick(program, 3)] | (pick(program, 12) ? 0 : BIT(63));
}

/*
 * Makes v registers numbers near 1, or random, and f registers numbers near 1; sometimes one of
 * these is random, and so perhaps a NaN or not NaN-boxed.
 */
static void make_numbers(struct loops_program *program, unsigned vlenb)
{
	bool wide = program->maker.vtype >> 3 & 1, plain = pick(program, 4);
	u64 *seed = &program->maker.seed;

	for (size_t n = 0; n < 32 * vlenb; n++)
		program->v[n] = (u8)random_u64(seed);
	for (size_t n = 3; n < 32 * vlenb && plain; n += 4)
		program->v[n] = 0x3e | (program->v[n] & 1);
	for (unsigned n = 0; n < 32; n++)
		program->f[n] = wide ? 0x3ff8000000000001 : 0xffffffff3fc00001;
	if (!pick(program, 6))
		program->f[pick(program, 6)] = random_u64(seed);
}

void loops_begin(struct loops_program *program, unsigned vlenb)
{
	u64 seed = program->maker.seed;
	const struct isa *isa = program->maker.isa;

	memset(program, 0, sizeof(*program));
	block_maker_init(&program->maker, isa, seed);
	for (unsigned n = 0; n < 3; n++) {
		program->vl = block_make_vtype(&program->maker, n ? 32 : 8, vlenb);
		program->vtype[2 - n] = program->maker.vtype;
	}
	/* Half of the time the second vtype differs from the first only in vta and vma. */
	if (pick(program, 2))
		program->vtype[1] = program->vtype[0] ^ (1 + pick(program, 3)) << 6;
	if (!pick(program, 8))
		program->vtype[2] = 0x87; /* none: vill */
}

void loops_make(struct loops_program *program, unsigned vlenb)
{
	loops_begin(program, vlenb);
	make_code(program);
	make_addresses(program);
	loops_make_counts(program, vlenb);
	program->x[VS] = field_set(0, MSTATUS_VS, 1 + pick(program, 3));
	program->x[ON] = MSTATUS_VS;
	make_numbers(program, vlenb);
	for (unsigned n = 0; n < 2 * PAGES; n++)
		program->entry[n] = random_entry(program, n);
	if (!pick(program, 4))
		program->forbidden = DATA_PA + 8 * pick(program, 2 * PAGES * PAGE_SIZE / 8);
	program->vs = pick(program, 4) ? MSTATUS_VS : program->x[VS];
	program->ones = !pick(program, 16);
	program->half_avl = !pick(program, 16);
	program->keeps = !pick(program, 3);
}
