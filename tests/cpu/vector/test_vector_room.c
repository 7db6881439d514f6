/* SPDX-License-Identifier: MIT */
/*
 * Tests that the code of vector rows stays within the space reserved for it, in either half of the
 * memory: each row that has an emitter, in each vtype, masked or not, with each number of fields,
 * in a loop that has all versions (with strips, and without groups), with vl known and not, with
 * AVX-512 and without.
 */
#include "cpu/jit/emitter.h"
#include "cpu/jit/impl.h"
#include "tests/cmocka.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#include <string.h>

#define COPIES 6

/* x registers: addresses, the end of the loop, and a scalar. */
enum { TEMPORARY = 5, SCALAR, AT = 10, STREAM, END };

/* The variant of the row that is emitted. */
struct shape {
	unsigned op;
	u64 vtype;
	unsigned fields;
	bool unmasked;
	bool known; /* vl is set in the loop */
};

static u32 encode(const struct isa *isa, const struct shape *shape)
{
	enum insn_class class = isa_ops[shape->op].class;
	bool memory = class == CLASS_VLOAD || class == CLASS_VSTORE;
	const struct format *format = isa_format(shape->op);
	u32 rs1 = format->rs1.kind != OPERAND_X ? 24 : memory ? AT : SCALAR;
	u32 rs2 = format->rs2.kind == OPERAND_X ? SCALAR : 16;
	u32 raw = 8u << 7 | rs1 << 15 | rs2 << 20 | (u32)shape->unmasked << 25 |
		  (u32)shape->fields << 29;

	return (raw & ~isa->mask[shape->op]) | isa->match[shape->op];
}

/* Makes a loop of lbu, addi, the row several times, and another lbu. */
static void make_code(const struct isa *isa, const struct shape *shape, struct unit_code *code)
{
	unsigned n = 0;
	s32 back;

	memset(code, 0, sizeof(*code));
	code->insn[n++] = 0x00000003 | 4 << 12 | TEMPORARY << 7 | STREAM << 15; /* lbu */
	code->insn[n++] = 0x00100013 | STREAM << 7 | STREAM << 15; /* addi */
	if (shape->known)
		code->insn[n++] = 0xc0007057 | (u32)shape->vtype << 20 | 4 << 15; /* vsetivli */
	for (unsigned copy = 0; copy < COPIES; copy++)
		code->insn[n++] = encode(isa, shape);
	code->insn[n++] = 0x00100003 | 4 << 12 | TEMPORARY << 7 | STREAM << 15;
	back = -(s32)(4 * n);
	code->insn[n++] = 0x63 | 1 << 12 | STREAM << 15 | END << 20 | ((u32)back >> 11 & 1) << 7 |
			  ((u32)back >> 1 & 15) << 8 | ((u32)back >> 5 & 63) << 25 |
			  ((u32)back >> 12 & 1) << 31;
	code->insn[n++] = 0x0000006f; /* jal x0, 0 */
	code->steps = 4 * n;
}

static void check(struct unit *unit, enum unit_tier tier, const struct shape *shape)
{
	static struct vector_image image;
	struct jit *jit = unit_hart(unit)->native.jit;
	const struct jit_stats before = jit->stats;
	struct unit_code code;
	u64 cold, hot, room;

	make_code(unit_isa(unit), shape, &code);
	memset(&image, 0, sizeof(image));
	image.vtype = shape->vtype;
	image.vl = 4;
	image.x[SCALAR] = 4;
	image.x[AT] = IMAGE_WINDOW + 64;
	image.x[STREAM] = IMAGE_WINDOW;
	unit_run_code(unit, tier, &code, &image);
	cold = jit->stats.cold_bytes - before.cold_bytes;
	hot = jit->stats.bytes - before.bytes - cold;
	room = jit_room((unsigned)(jit->stats.insns - before.insns), true);
	if (MAX(hot, cold) > room)
		fail_msg("%s, %s, VLEN %u, vtype %llx, nf %u: %llu and %llu bytes, %llu at most",
			 isa_ops[shape->op].name, unit_tier_names[tier],
			 unit_hart(unit)->vector.vlenb * 8, shape->vtype, shape->fields, hot, cold,
			 room);
}

static void check_row(struct unit *unit, enum unit_tier tier, unsigned op)
{
	enum insn_class class = isa_ops[op].class;
	bool memory = class == CLASS_VLOAD || class == CLASS_VSTORE;

	for (u64 vtype = 0; vtype < 32; vtype++)
		for (unsigned way = 0; way < 4; way++)
			for (unsigned fields = 0; fields < (memory ? 8 : 1); fields++)
				check(unit, tier,
				      &(struct shape){ .op = op,
						       .vtype = vtype,
						       .fields = fields,
						       .unmasked = way & 1,
						       .known = way >> 1 });
}

static void test_room(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });

		for (unsigned op = 0; op < OP_COUNT; op++)
			if (class_is_vector(isa_ops[op].class) && isa_ops[op].class != CLASS_VSET &&
			    emitters[op].emit && part_has_row(op, vlen))
				for (unsigned tier = UNIT_NATIVE; tier < UNIT_TIERS; tier++)
					check_row(unit, (enum unit_tier)tier, op);
		unit_free(unit);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_room), { 0 } };
