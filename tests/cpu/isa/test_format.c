/* SPDX-License-Identifier: MIT */
/*
 * Tests the table of formats: the rows of isa.def have their operands in the places that their
 * formats define, a template writes each operand once, immediates are written to the bits from
 * which they are read, and accesses have the right width.
 */
#include "tests/cmocka.h"
#include "tests/cpu/random.h"

#include "cpu/isa/isa.h"

#include <stdlib.h>
#include <string.h>

static bool is_field(struct format_operand operand, unsigned bit)
{
	return operand.kind && bit >= operand.from && bit < operand.from + (unsigned)operand.width;
}

/*
 * Returns the letter that isa.def has for a bit of the format; '.' if the format does not read it.
 */
static char letter_of(u8 format, unsigned bit)
{
	const struct format *row = &formats[format];

	if (format_place(format, -1) >> bit & 1)
		return 'i';
	if (is_field(row->rd, bit))
		return 'd';
	if (is_field(row->rs1, bit))
		return 'a';
	if (is_field(row->rs2, bit))
		return 'b';
	if (is_field(row->rs3, bit))
		return 'c';
	if (strchr(row->template, 'v') && bit == 25)
		return 'v';
	if (strchr(row->template, 'm') && bit >= 12 && bit < 15)
		return 'm';
	return row->template[0] == 'o' && (bit == 25 || bit == 26) ? 'r' : '.';
}

static void test_rows_are_of_their_formats(void **unused)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		const char *pattern = isa_ops[op].pattern;
		unsigned bit = 0;

		for (size_t at = strlen(pattern); at-- > 0;) {
			char letter = pattern[at] == 'f' ? 'i' : pattern[at];

			if (letter == ' ')
				continue;
			if (letter != '0' && letter != '1' &&
			    letter != letter_of(isa_ops[op].format, bit))
				fail_msg("%s, bit %u is '%c', of its format '%c'", isa_ops[op].name,
					 bit, letter, letter_of(isa_ops[op].format, bit));
			bit++;
		}
	}
}

static unsigned count_of(const char *text, const char *letters)
{
	unsigned count = 0;

	for (; *text; text++)
		count += strchr(letters, *text) != NULL;
	return count;
}

static void test_templates_write_each_operand(void **unused)
{
	for (unsigned n = 0; n < FORMAT_COUNT; n++) {
		const struct format *format = &formats[n];
		/* The two sets of FENCE are one immediate, and nf is in the mnemonic. */
		unsigned immediates = count_of(format->template, "ihutspfy") +
				      (format->memory == MEMORY_VECTOR && format_place(n, -1));

		assert_int_equal(count_of(format->template, "d"), format->rd.kind != OPERAND_NONE);
		assert_int_equal(count_of(format->template, "a"), format->rs1.kind != OPERAND_NONE);
		assert_int_equal(count_of(format->template, "b"), format->rs2.kind != OPERAND_NONE);
		assert_int_equal(count_of(format->template, "c"), format->rs3.kind != OPERAND_NONE);
		assert_int_equal(immediates, format_place(n, -1) != 0);
	}
}

static void test_immediates_read_back(void **unused)
{
	u64 seed = 7;

	for (unsigned n = 0; n < 1000 * FORMAT_COUNT; n++) {
		enum insn_format format = n % FORMAT_COUNT;
		u32 raw = (u32)random_u64(&seed), field = format_place(format, -1);
		s32 immediate = format_immediate(format, raw);

		assert_int_equal(format_place(format, immediate), raw & field);
		assert_int_equal(format_immediate(format, raw & field), immediate);
	}
}

/* The lowest and the highest immediate of the base formats are from the manual. */
static void test_ranges(void **unused)
{
	static const struct {
		enum insn_format format;
		u32 sign, others; /* the number's highest bit, and the rest of it */
		s32 low, high;
	} rows[] = {
		{ FORMAT_I, BIT(31), 0x7ff00000, -2048, 2047 },
		{ FORMAT_S, BIT(31), 0x7e000f80, -2048, 2047 },
		{ FORMAT_B, BIT(31), 0x7e000f80, -4096, 4094 },
		{ FORMAT_U, BIT(31), 0x7ffff000, INT32_MIN, 0x7ffff000 },
		{ FORMAT_J, BIT(31), 0x7ffff000, -1048576, 1048574 },
		{ FORMAT_PREF, BIT(31), 0x7e000000, -2048, 2016 },
		{ FORMAT_SH6, 0, 0x03f00000, 0, 63 },
		{ FORMAT_CSR, 0, 0xfff00000, 0, 4095 },
		{ FORMAT_MOPR, 0, 0x4c300000, 0, 31 },
		{ FORMAT_MOPRR, 0, 0x4c000000, 0, 7 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		assert_int_equal(format_immediate(rows[n].format, rows[n].sign), rows[n].low);
		assert_int_equal(format_immediate(rows[n].format, rows[n].others), rows[n].high);
		assert_int_equal(format_place(rows[n].format, -1), rows[n].sign | rows[n].others);
	}
}

static void test_widths(void **unused)
{
	static const struct {
		u32 raw;
		enum insn_format format;
		unsigned bytes;
		bool has_width;
	} rows[] = {
		{ 0x00058503, FORMAT_LD, 1, true }, /* lb a0,0(a1) */
		{ 0x0005d503, FORMAT_LD, 2, true }, /* lhu a0,0(a1) */
		{ 0x00b53023, FORMAT_S, 8, true }, /* sd a1,0(a0) */
		{ 0x1005a52f, FORMAT_LR, 4, true }, /* lr.w a0,(a1) */
		{ 0x28a5c52f, FORMAT_AMO, 16, true }, /* amocas.q a0,a0,(a1) */
		{ 0x6805c573, FORMAT_HLV, 4, true }, /* hlv.w a0,(a1) */
		{ 0x6eb54073, FORMAT_HSV, 8, true }, /* hsv.d a1,(a0) */
		{ 0x0045a00f, FORMAT_CBO, 64, false }, /* cbo.zero (a1) */
		{ 0xce104073, FORMAT_PUSH, 8, false }, /* sspush ra */
		{ 0x00b50533, FORMAT_R, 0, false }, /* add a0,a0,a1 */
	};
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct insn insn;

		isa_decode(&isa, rows[n].raw, &insn);
		assert_int_equal(isa_ops[insn.op].format, rows[n].format);
		assert_int_equal(format_bytes(rows[n].format, rows[n].raw), rows[n].bytes);
		assert_int_equal(format_has_width(rows[n].format), rows[n].has_width);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_rows_are_of_their_formats),
	cmocka_unit_test(test_templates_write_each_operand),
	cmocka_unit_test(test_immediates_read_back),
	cmocka_unit_test(test_ranges),
	cmocka_unit_test(test_widths),
	{ 0 },
};
