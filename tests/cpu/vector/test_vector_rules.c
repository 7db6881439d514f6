/* SPDX-License-Identifier: MIT */
/*
 * Tests which vector instructions and vtypes are legal: cpu/isa/vector.c, with its shapes, against
 * the rules of the manual (rules.c), by enumeration of registers and vtypes, and at random.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/rules.h"

#include "cpu/isa/disasm.h"
#include "cpu/isa/vector.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/extensions.h"
#include "tests/part.h"

#include <string.h>

/* The hart under test, and its description for the rules. */
static struct isa isa;
static const struct rules_hart *hart;

static int rules_setup(void **unused)
{
	vector_isa(&isa);
	hart = &rules_whole_hart;
	return 0;
}

static void check(u32 raw, u64 vtype)
{
	enum rules rules = rules_legal_on(hart, raw, vtype);
	char text[DISASM_MAX];
	struct insn insn;
	bool legal;

	isa_decode(&isa, raw, &insn);
	/* Scalar floating-point loads and stores share the opcodes. */
	if (rules == RULES_UNKNOWN && (insn.op == OP_illegal || !vector_is_row(insn.op)))
		return;
	legal = insn.op != OP_illegal && vector_legal(&isa, &insn, vtype);
	if (legal == (rules == RULES_LEGAL) && rules != RULES_UNKNOWN)
		return;
	disasm(&isa, 0, raw, text, sizeof(text));
	fail_msg("%s (%08x) in vtype %llx is %s, but %s by the rules", text, raw, vtype,
		 legal ? "legal" : "reserved",
		 (const char *[]){ "reserved", "legal", "unknown" }[rules]);
}

/* Lists the vtypes that differ in SEW or LMUL, and an illegal one. Returns how many there are. */
static unsigned all_vtypes(u64 *vtypes)
{
	unsigned count = 0;

	for (u64 vtype = 0; vtype < 64; vtype++)
		if (rules_vtype_on(hart, vtype))
			vtypes[count++] = vtype;
	vtypes[count++] = VTYPE_VILL;
	return count;
}

/* Checks a row with all registers in its vector operands. */
static void check_registers(unsigned op, u32 raw, u64 vtype)
{
	const struct format *format = isa_format(op);
	unsigned vs2s = format->rs2.kind == OPERAND_V ? 32 : 1;
	unsigned vs1s = format->rs1.kind == OPERAND_V ? 32 : 1;
	unsigned vds = format->rd.kind == OPERAND_V ? 32 : 1;

	for (unsigned vd = 0; vd < vds; vd++)
		for (unsigned vs2 = 0; vs2 < vs2s; vs2++)
			for (unsigned vs1 = 0; vs1 < vs1s; vs1++)
				check(raw | vd << 7 | vs1 << 15 | vs2 << 20, vtype);
}

static void check_row(unsigned op)
{
	bool memory = isa_format(op)->memory == MEMORY_VECTOR;
	u64 vtypes[65];
	unsigned count = all_vtypes(vtypes);

	for (unsigned n = 0; n < count; n++) {
		if (!part_has_case(op, n))
			continue;
		for (u32 vm = 0; vm < 2; vm++)
			for (u32 nf = 0; nf < (memory ? 8 : 1); nf++) {
				u32 free = vm << 25 | nf << 29;

				if (free & isa.mask[op] & ~isa.match[op])
					continue;
				check_registers(op, isa.match[op] | free, vtypes[n]);
			}
	}
}

/*
 * Checks one row of each shape and form, but all loads and stores, which differ in their encoding.
 */
static void test_shapes(void **unused)
{
	static struct {
		const struct vector_shape *shape;
		struct form form;
	} done[OP_COUNT];
	unsigned count = 0;

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++) {
		bool memory = isa_format(op)->memory == MEMORY_VECTOR, seen = false;

		done[count].shape = vector_shape(op);
		rules_form(isa.match[op], &done[count].form);
		for (unsigned n = 0; n < count; n++)
			seen |= !memcmp(&done[n], &done[count], sizeof(done[n]));
		if (!isa_has_row(&isa, op) || (seen && !memory))
			continue;
		count++;
		check_row(op);
	}
}

/* Checks random encodings of each row, and of anything in the four opcodes. */
static void check_random(unsigned each)
{
	static const u32 opcodes[] = { 0x57, 0x07, 0x27, 0x77 };
	u64 seed = 1, vtypes[65];
	unsigned count = all_vtypes(vtypes);

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
		for (unsigned n = 0; isa_has_row(&isa, op) && n < each; n++) {
			u32 raw = (u32)random_u64(&seed);

			check((raw & ~isa.mask[op]) | isa.match[op], vtypes[n % count]);
		}
	for (unsigned n = 0; n < 1000 * each; n++) {
		u32 raw = (u32)(random_u64(&seed) >> 32);

		check((raw & ~0x7fu) | opcodes[n % 4], vtypes[raw % count]);
	}
}

static void test_random(void **unused)
{
	check_random(part_of(4000));
}

static void test_vtypes(void **unused)
{
	u64 seed = 1;

	for (u64 vtype = 0; vtype < 4096; vtype++) {
		u64 odd = random_u64(&seed) & random_u64(&seed) & random_u64(&seed);

		assert_int_equal(vtype_legal(&isa, vtype),
				 rules_vtype_on(hart, vtype) ? vtype : VTYPE_VILL);
		assert_int_equal(vtype_legal(&isa, odd),
				 rules_vtype_on(hart, odd) ? odd : VTYPE_VILL);
	}
}

/* Checks harts without some of the standard extensions, by encodings and vtypes as above. */
static void test_harts(void **unused)
{
	struct ext_set all = vector_extensions();
	struct ext_set zvfhmin = ext_without(all, EXT_zvfh), d = ext_without(zvfhmin, EXT_zvfhmin);
	struct ext_set f = ext_without(d, EXT_v, EXT_zve64d);
	struct ext_set x = ext_without(f, EXT_zve64f, EXT_zve32f, EXT_zvfbfmin, EXT_zvfbfwma);
	const struct {
		struct ext_set extensions;
		struct rules_hart hart;
	} harts[] = {
		{ zvfhmin, { 64, 32 | 64, .v = true, .zvfhmin = true, .zvknhb = true } },
		{ d, { 64, 32 | 64, .v = true, .zvknhb = true } },
		{ ext_without(all, EXT_v, EXT_zvknhb), { 64, 16 | 32 | 64, .zvfhmin = true } },
		{ f, { 64, 32, .zvknhb = true } },
		{ x, { 64, 0, .zvknhb = true } },
		{ ext_without(f, EXT_zve64f, EXT_zve64x, EXT_zvbc, EXT_zvknhb),
		  { .elen = 32, .floats = 32 } },
		{ ext_without(x, EXT_zve64x, EXT_zvbc, EXT_zvknhb), { .elen = 32 } },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(harts); n++) {
		isa_init(&isa, harts[n].extensions);
		hart = &harts[n].hart;
		check_random(part_of(1000));
		test_vtypes(unused);
	}
	rules_setup(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_vtypes),
		cmocka_unit_test(test_harts),
	};

	return cmocka_run_group_tests(tests, rules_setup, NULL);
}
