/* SPDX-License-Identifier: MIT */
/*
 * Tests that native code, which is translated for the state in which it is run first, is also right
 * in other states: blocks of vector and floating-point instructions, with accesses to their CSRs
 * between them, are run with several images. vl, vstart, masks, rounding modes, flags, states of FS
 * and VS, NaN boxes and numbers differ; some numbers are extreme. Registers, memory, CSRs and
 * mstatus are then those of the interpreter.
 */
#include "cpu/csr/csr.h"
#include "tests/cmocka.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/programs.h"
#include "tests/cpu/vector/rules.h"
#include "tests/part.h"

#include <string.h>

#define BLOCKS 3000
#define IMAGES 8

#define FS(state) ((u64)(state) << 13)
#define VS(state) ((u64)(state) << 9)

/* Returns a read or a write of a CSR, or a vsetvli or vsetivli that keeps vtype. */
static u32 random_csr(struct block_maker *maker)
{
	const u32 x = BLOCK_NUMBER + (u32)block_pick(maker, 4), imm = (u32)block_pick(maker, 32);
	const u32 insns[] = {
		0x00102073 | x << 7, /* csrr x, fflags */
		0x00101073 | x << 15, /* csrw fflags, x */
		0x00205073 | (imm & 7) << 15, /* csrwi frm */
		0x00205073, /* csrwi frm, 0 */
		0x00a05073 | (imm & 3) << 15, /* csrwi vxrm */
		0x00902073 | x << 7, /* csrr x, vxsat */
		0x00905073 | (imm & 1) << 15, /* csrwi vxsat */
		0x00805073 | (imm & 3) << 15, /* csrwi vstart */
		0x00007057 | (u32)maker->vtype << 20 | x << 7 | x << 15, /* vsetvli x, x */
		0xc0007057 | (u32)maker->vtype << 20 | imm << 15, /* vsetivli x0, imm */
	};

	return insns[block_pick(maker, ARRAY_SIZE(insns))];
}

static u32 random_insn(struct block_maker *maker, bool only_vectors)
{
	u64 kind = only_vectors ? 0 : block_pick(maker, 9);

	return kind < 6 ? block_vector(maker, true) :
	       kind < 8 ? block_scalar(maker) :
			  random_csr(maker);
}

static void make_code(struct block_maker *maker, struct unit_code *code)
{
	unsigned count = 1 + (unsigned)block_pick(maker, block_pick(maker, 2) ? 4 : 16), n = 0;
	bool only_vectors = block_pick(maker, 2), loops = !block_pick(maker, 3);

	memset(code, 0, sizeof(*code));
	while (n < count)
		code->insn[n++] = random_insn(maker, only_vectors);
	if (loops) {
		code->insn[n++] = 0xfff00013 | BLOCK_COUNT << 15 | BLOCK_COUNT << 7; /* addi */
		code->insn[n] = block_branch(maker, -(int)n);
		n++;
	}
	code->insn[n] = UNIT_STAY;
	code->steps = loops ? 3 * n : n + 1;
}

static void make_csrs(struct block_maker *maker, struct vector_image *in, unsigned vlenb)
{
	u64 vlmax = rules_vlmax(maker->vtype, vlenb);
	const u64 vl[] = { vlmax, vlmax, vlmax, vlmax / 2, block_pick(maker, vlmax + 1),
			   block_pick(maker, 2) };

	in->vtype = maker->vtype;
	in->vl = MIN(vl[block_pick(maker, ARRAY_SIZE(vl))], vlmax);
	in->vstart = block_pick(maker, 24) ? 0 : block_pick(maker, vlmax);
	in->vcsr = block_pick(maker, 8);
	in->fcsr = block_pick(maker, 3) ? 0 : block_pick(maker, 32);
	in->fcsr |= block_pick(maker, 8) ? 0 : block_pick(maker, 8) << 5;
}

/* Makes v0, the mask: all ones, zeros except for one element, or random. */
static void make_mask(struct block_maker *maker, struct vector_image *in, unsigned vlenb)
{
	u64 kind = block_pick(maker, 4);

	for (unsigned n = 0; n < vlenb; n++)
		in->v[n] = kind == 0 ? 0xff : kind == 1 ? 0 : (u8)random_u64(&maker->seed);
	if (kind == 1)
		in->v[block_pick(maker, vlenb)] = (u8)BIT(block_pick(maker, 8));
}

static void make_registers(struct block_maker *maker, struct vector_image *in, unsigned vlenb)
{
	struct case_maker fills = { .isa = maker->isa, .vlenb = vlenb,
				    .seed = random_u64(&maker->seed) | 1 };
	const unsigned sew = (unsigned)(maker->vtype >> 3 & 3);

	if (block_pick(maker, 2)) {
		case_make_plain(&fills, in);
	} else {
		for (unsigned n = 0; n < 32; n++)
			case_fill(&fills, in->v + n * vlenb, vlenb,
				  block_pick(maker, 4) ? sew : MIN(sew + 1, 3u),
				  block_pick(maker, 3));
		case_fill(&fills, (u8 *)in->f, sizeof(in->f), MAX(sew, 1u), true);
		for (unsigned n = 0; n < 32 && sew < 3; n++)
			in->f[n] |= ~0ull << (8u << MAX(sew, 1u));
	}
	if (!block_pick(maker, 4))
		in->f[block_pick(maker, 32)] ^= BIT(32 + block_pick(maker, 32));
	make_mask(maker, in, vlenb);
	program_make_x(maker, in->x);
	case_fill(&fills, in->memory, sizeof(in->memory), sew, block_pick(maker, 2));
}

/* Returns mstatus with floating point and vectors mostly on, and often Initial or Clean. */
static u64 make_status(struct block_maker *maker)
{
	static const u64 on[] = { FS(3) | VS(3), FS(3) | VS(3), FS(1) | VS(3), FS(2) | VS(3) };
	static const u64 any[] = { FS(3) | VS(1), FS(3) | VS(2), FS(0) | VS(3), FS(3) | VS(0),
				   FS(1) | VS(1) };

	return block_pick(maker, 5) ? on[block_pick(maker, ARRAY_SIZE(on))] :
				      any[block_pick(maker, ARRAY_SIZE(any))];
}

/* An image before and after the block, and mstatus. */
struct state {
	struct vector_image in, out;
	u64 status_in, status_out, pc;
};

static void make_state(struct unit *unit, struct block_maker *maker, struct state *state)
{
	const unsigned vlenb = unit_hart(unit)->vector.vlenb;

	memset(state, 0, sizeof(*state));
	state->status_in = make_status(maker);
	make_csrs(maker, &state->in, vlenb);
	make_registers(maker, &state->in, vlenb);
}

static void run(struct unit *unit, enum unit_tier tier, const struct unit_code *code, bool again,
		struct state *state)
{
	state->out = state->in;
	unit_set_status(unit, state->status_in);
	state->pc = again ? unit_run_again(unit, tier, code, &state->out) :
			    unit_run_code(unit, tier, code, &state->out);
	state->status_out = csr_mstatus(unit_hart(unit));
}

/* Returns the number of a program's instructions. */
static unsigned end_of(const struct unit_code *code)
{
	unsigned n = 0;

	while (code->insn[n] != UNIT_STAY)
		n++;
	return n;
}

static void check(struct unit *unit, const struct block_maker *maker, enum unit_tier tier,
		  const struct unit_code *code, const struct state *should)
{
	static struct state is;

	for (unsigned n = 0; n < IMAGES; n++) {
		is = should[n];
		run(unit, tier, code, n > 0, &is);
		if (memcmp(&is, &should[n], sizeof(is)) == 0)
			continue;
		block_print(maker, code->insn, end_of(code));
		fail_msg("%s, VLEN %u, vtype %llx, image %u: vl %llu, vstart %llu, fcsr %llx, "
			 "vcsr %llx, mstatus %llx: at %llx, not %llx, mstatus %llx, not %llx",
			 unit_tier_names[tier], unit_hart(unit)->vector.vlenb * 8, is.in.vtype, n,
			 is.in.vl, is.in.vstart, is.in.fcsr, is.in.vcsr, is.status_in, is.pc,
			 should[n].pc, is.status_out, should[n].status_out);
	}
}

static void check_block(struct unit *unit, struct block_maker *maker)
{
	static struct state should[IMAGES];
	struct unit_code code;

	block_make_vtype(maker, block_pick(maker, 5) ? 16 : 8, unit_hart(unit)->vector.vlenb);
	make_code(maker, &code);
	for (unsigned n = 0; n < IMAGES; n++) {
		make_state(unit, maker, &should[n]);
		run(unit, UNIT_INTERP, &code, n > 0, &should[n]);
	}
	for (unsigned tier = UNIT_NATIVE; tier < UNIT_V2; tier++)
		check(unit, maker, (enum unit_tier)tier, &code, should);
}

static void test_images(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct block_maker maker;

		block_maker_init(&maker, unit_isa(unit), vlen + 9);
		for (unsigned n = 0; n < part_of(BLOCKS); n++)
			check_block(unit, &maker);
		unit_free(unit);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_images), { 0 } };
