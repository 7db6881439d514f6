/* SPDX-License-Identifier: MIT */
/* Makes random programs for U-mode (see programs.h). */
#include "tests/cpu/vector/programs.h"

#include "tests/cpu/random.h"
#include "tests/cpu/vector/rules.h"

#include <string.h>

/* The distance of the longest branch over instructions. */
#define PADDING 6

/*
 * The x register that counts how often the whole program is executed; blocks.h and loops.h do not
 * use it.
 */
#define ROUNDS 31

static u64 pick(struct program *program, u64 count)
{
	return block_pick(&program->loops.maker, count);
}

static void add(struct program *program, u32 insn)
{
	loops_add(&program->loops, insn);
}

/* --- instructions --- */

/* Returns a move from a floating-point register to an integer register, or vice versa. */
static u32 random_move(struct program *program)
{
	static const u32 moves[] = {
		0xe2000053, 0xe0000053, 0xe4000053, /* fmv.x.d, fmv.x.w, fmv.x.h */
		0xf2000053, 0xf0000053, 0xf4000053, /* fmv.d.x, fmv.w.x, fmv.h.x */
	};
	u32 f = (u32)pick(program, 32), x = BLOCK_NUMBER + (u32)pick(program, 4);
	u64 n = pick(program, ARRAY_SIZE(moves));

	return moves[n] | (n < 3 ? f << 15 | x << 7 : x << 15 | f << 7);
}

/* Returns a csrwi or csrr; it seldom sets an invalid rounding mode. */
static u32 random_csr(struct program *program)
{
	static const u16 csrs[] = { 0x008, 0x009, 0x00a, 0x00f, 0x001, 0x002, 0x002, 0x00a };
	static const u16 reads[] = { 0x008, 0x009, 0x00a, 0x00f, 0x003, 0xc20, 0xc21, 0xc22 };
	u32 csr = csrs[pick(program, ARRAY_SIZE(csrs))];
	u64 value = pick(program, csr == 0x002 && pick(program, 8) ? 5 : 8);

	if (!pick(program, 3))
		return 0x00002073 | (u32)reads[pick(program, ARRAY_SIZE(reads))] << 20 |
		       (BLOCK_NUMBER + (u32)pick(program, 4)) << 7;
	return 0x00005073 | csr << 20 | (u32)value << 15;
}

/*
 * Adds an instruction that sets another vtype; half of the time it has the same VLMAX, and vl may
 * be kept.
 */
static void add_vset(struct program *program, unsigned vlenb)
{
	struct loops_program *loops = &program->loops;
	u64 last = rules_vlmax(loops->vtype[0], vlenb);
	bool keeps = pick(program, 2);

	for (unsigned n = 0; n < 20; n++) {
		block_make_vtype(&loops->maker, 8, vlenb);
		if (!keeps || rules_vlmax(loops->maker.vtype, vlenb) == last)
			break;
	}
	loops->vtype[0] = loops->maker.vtype;
	if (pick(program, 2))
		add(program,
		    loops_addi(BLOCK_COUNT, 0, (int)pick(program, pick(program, 2) ? 16 : 2048)));
	add(program, loops_addi(VTYPE, 0, (int)loops->vtype[0]));
	add(program, loops_vset(loops, loops->vtype[0]));
}

static void add_insn(struct program *program, unsigned vlenb)
{
	struct loops_program *loops = &program->loops;
	u64 kind = pick(program, 100);

	if (kind < 66)
		add(program, block_vector(&loops->maker, pick(program, 5) < 3));
	else if (kind < 74)
		loops->count += block_indexed(&loops->maker, loops->insn + loops->count);
	else if (kind < 82)
		add(program, block_scalar(&loops->maker));
	else if (kind < 86)
		add(program, random_move(program));
	else if (kind < 91)
		add(program, random_csr(program));
	else if (kind < 94)
		add(program, block_branch(&loops->maker, 1 + (int)pick(program, PADDING)));
	else
		add_vset(program, vlenb);
}

static void make_code(struct program *program, unsigned vlenb)
{
	struct loops_program *loops = &program->loops;
	unsigned most = 8 + (unsigned)pick(program, 33), left = (unsigned)pick(program, 3);
	u32 step;

	add_vset(program, vlenb);
	while (loops->count < most) {
		if (left && pick(program, 8) == 0) {
			loops_add_loop(loops);
			left--;
		} else {
			add_insn(program, vlenb);
		}
	}
	for (unsigned n = 0; n < PADDING; n++)
		add(program, BLOCK_NOP);
	/* The loops mostly have another step in the next round. */
	step = STEP + (u32)pick(program, 3);
	if (pick(program, 4))
		add(program, loops_addi(step, step, 8 * (int)pick(program, 9) - 32));
	loops_add_back(loops, ROUNDS, 0);
	memset(&program->code, 0, sizeof(program->code));
	memcpy(program->code.insn, loops->insn, loops->count * sizeof(*loops->insn));
	program->code.insn[loops->count] = UNIT_END;
}

/* --- the state --- */

void program_make_x(struct block_maker *maker, u64 *x)
{
	static const s64 strides[] = { 0, 8, 8, 4, 16, 24, -8, 40, 264, 4 };
	static const u16 masks[] = { 0x78, 0x7c, 0x3f8, 0x7f8, 0xff8, 0xffc, 0xfff, 0x1ff8 };

	for (unsigned n = 0; n < 4; n++) {
		x[BLOCK_NUMBER + n] = block_pick(maker, 3) ? block_pick(maker, 70) :
							     random_u64(&maker->seed);
		x[BLOCK_ADDRESS + n] = IMAGE_WINDOW + 256 + 8 * block_pick(maker, 380);
	}
	if (!block_pick(maker, 3))
		x[BLOCK_ADDRESS] = IMAGE_WINDOW + PAGE_SIZE - block_pick(maker, 512);
	if (!block_pick(maker, 12))
		x[BLOCK_ADDRESS + 1] = IMAGE_WINDOW + IMAGE_BYTES - block_pick(maker, 1024);
	x[BLOCK_MASK] = masks[block_pick(maker, ARRAY_SIZE(masks))];
	x[BLOCK_STRIDE] = (u64)strides[block_pick(maker, ARRAY_SIZE(strides))];
	x[BLOCK_COUNT] = 1 + block_pick(maker, 6);
}

/* Moves addresses near the ends of the window, so that loops leave it and trap. */
static void make_ends(struct program *program)
{
	u64 *x = program->in.x;

	program->leaves = !pick(program, 3);
	for (unsigned n = 0; n < 4 && program->leaves; n++)
		if (pick(program, 2))
			x[BASE + n] = pick(program, 3) ? IMAGE_WINDOW + IMAGE_BYTES :
							 IMAGE_WINDOW + PAGE_SIZE;
	for (unsigned n = 0; n < 4 && program->leaves; n++)
		x[BASE + n] -= 8 * pick(program, 128);
}

/* Makes registers and memory as for a case, half of the time for a floating-point instruction. */
static void make_state(struct program *program, struct case_maker *maker)
{
	struct loops_program *loops = &program->loops;
	const struct case_state state = { .vtype = loops->vtype[0], .vl = loops->vl };
	struct vector_image *in = &program->in;

	if (!pick(program, 2) || !case_make_in(maker, OP_vfadd_vv, &state, in))
		case_make_in(maker, OP_vadd_vv, &state, in);
	case_fill_memory(maker, in);
	loops_make_counts(loops, maker->vlenb);
	memcpy(in->x + IMAGE_X_FIRST, loops->x + IMAGE_X_FIRST,
	       (IMAGE_X_LAST + 1 - IMAGE_X_FIRST) * sizeof(*in->x));
	program_make_x(&loops->maker, in->x);
	memcpy(in->x + BASE, in->x + BLOCK_ADDRESS, 4 * sizeof(*in->x));
	make_ends(program);
	in->x[ROUNDS] = pick(program, 4);
	in->raw = 0;
}

/*
 * Replaces instructions that trap by no-ops until the program ends or a trap may stay. Returns
 * false if the program does not end.
 */
static bool repair(struct program *program, struct unit *unit)
{
	static struct vector_image image;
	bool traps = program->leaves || !pick(program, 5);
	u64 at;

	for (unsigned n = 0; n <= program->loops.count; n++) {
		image = program->in;
		program->code.steps = PROGRAM_STEPS;
		at = unit_run_code(unit, UNIT_INTERP, &program->code, &image);
		if (image.trap == IMAGE_DONE)
			return at == 4ull * program->loops.count;
		if (traps && !pick(program, 3))
			return true;
		program->code.insn[at / 4] = BLOCK_NOP;
	}
	return false;
}

void program_make(struct program *program, struct case_maker *maker, struct unit *unit)
{
	do {
		loops_begin(&program->loops, maker->vlenb);
		make_state(program, maker);
		make_code(program, maker->vlenb);
	} while (!repair(program, unit));
}
