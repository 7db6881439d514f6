/* SPDX-License-Identifier: MIT */
/*
 * Tests sequences of vector instructions with one vtype, one of which may change vl, in a loop or
 * not: native code, which knows vl from a check before the sequence or from a vset in it, does what
 * the interpreter does, with AVX-512 and without.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/rules.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#include <string.h>

#define RUNS 6000

/* Returns vsetivli x0, vl; or vsetvli rd, rs1, where both registers may be x0. */
static u32 random_vset(u64 *seed, u64 vtype)
{
	u64 random = random_u64(seed);
	unsigned rd = random & 1 ? 0 : IMAGE_X_FIRST, rs1 = random & 2 ? 0 : IMAGE_X_LAST;

	if (random & 4)
		return 0xc0007057u | (u32)vtype << 20 | (u32)(random >> 8 & 31) << 15;
	return 0x00007057u | (u32)vtype << 20 | rs1 << 15 | rd << 7;
}

static u32 random_insn(struct case_maker *maker, const struct case_state *state,
		       struct vector_image *image)
{
	u64 random = random_u64(&maker->seed);
	struct case_state one = *state;

	if (random % 6 == 0)
		return random_vset(&maker->seed, state->vtype);
	one.masked = random >> 20 & 1;
	for (;;) {
		unsigned op =
			OP_vsetivli + 1 + random_u64(&maker->seed) % (OP_COUNT - OP_vsetivli - 1);

		if (isa_ops[op].class != CLASS_VSET && case_make_in(maker, op, &one, image))
			return image->raw;
	}
}

/*
 * Makes a sequence of instructions, and the state for the last of them, whose address others access
 * as well.
 */
static void make_run(struct case_maker *maker, struct unit_code *code, struct vector_image *image)
{
	u64 random = random_u64(&maker->seed), vtype = random & 63, vlmax;
	unsigned count = 2 + random % 8;
	struct case_state state;

	while (!rules_vtype(vtype))
		vtype = random_u64(&maker->seed) & 63;
	vlmax = rules_vlmax(vtype, maker->vlenb);
	state = (struct case_state){
		.vtype = vtype | (random >> 10 & 3) << 6,
		.vl = random & BIT(20) ? vlmax : (random >> 24) % (vlmax + 1),
	};
	*code = (struct unit_code){ .steps = count };
	for (unsigned n = 0; n < count; n++)
		code->insn[n] = random_insn(maker, &state, image);
	/* If a vset is the last one, no image may have been made for this vtype. */
	if (image->vtype != state.vtype)
		case_make_in(maker, OP_vadd_vv, &state, image);
	case_fill_memory(maker, image);
	image->fcsr &= 31;
	/* Accesses of a loop begin around the end of a page. */
	for (unsigned n = IMAGE_X_FIRST; n <= IMAGE_X_LAST && random & BIT(22); n++)
		image->x[n] = IMAGE_WINDOW + PAGE_SIZE - random_u64(&maker->seed) % 256;
	code->insn[count] = 0x0000006f; /* jal x0, 0 */
	if (random & (BIT(21) | BIT(22))) {
		/* bgeu x0, x0 branches back to the first instruction. */
		u32 back = 0u - 4 * count;

		code->insn[count] = 0x00007063 | (back >> 12 & 1) << 31 | (back >> 5 & 63) << 25 |
				    (back >> 1 & 15) << 8 | (back >> 11 & 1) << 7;
		code->steps = 3 * count + 3;
	}
}

static void check_run(struct unit *unit, struct case_maker *maker)
{
	static struct vector_image in, should, is;
	struct unit_code code;
	char text[256];
	u64 at;

	memset(&in, 0, sizeof(in));
	make_run(maker, &code, &in);
	should = in;
	at = unit_run_code(unit, UNIT_INTERP, &code, &should);
	for (unsigned tier = UNIT_NATIVE; tier < UNIT_TIERS; tier++) {
		u64 to;

		is = in;
		to = unit_run_code(unit, (enum unit_tier)tier, &code, &is);
		if (at == to && memcmp(&is, &should, sizeof(is)) == 0)
			continue;
		for (unsigned n = 0; n < 10; n++) {
			in.raw = code.insn[n];
			case_print(maker, &in, text, sizeof(text));
			print_error("%s\n", text);
		}
		fail_msg("tier %u, at %llu, not %llu", tier, to, at);
	}
}

static void test_batches(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct case_maker maker = { .isa = unit_isa(unit), .vlenb = vlen / 8,
					    .seed = vlen + 1 };

		for (unsigned n = 0; n < RUNS / TEST_PART; n++)
			check_run(unit, &maker);
		unit_free(unit);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_batches), { 0 } };
