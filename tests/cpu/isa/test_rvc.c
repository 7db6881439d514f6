/* SPDX-License-Identifier: MIT */
/*
 * Compares all 65536 halfwords with objdump. It names the compressed instruction; the base
 * instruction to which that is equivalent is written here as text, from the manual's tables.
 */
#include "tests/cmocka.h"
#include "tests/cpu/isa/binutils.h"

#include "cpu/isa/disasm.h"

#include <stdlib.h>
#include <string.h>

/* The digits 1, 2, 3 stand for the operands of the compressed instruction. */
static const struct {
	const char *name, *meaning;
} meanings[] = {
	{ "c.addi4spn", "addi 1,2,3" },
	{ "c.fld", "fld 1,2" },
	{ "c.lw", "lw 1,2" },
	{ "c.ld", "ld 1,2" },
	{ "c.fsd", "fsd 1,2" },
	{ "c.sw", "sw 1,2" },
	{ "c.sd", "sd 1,2" },
	{ "c.nop", "addi zero,zero,0" },
	{ "c.addi", "addi 1,1,2" },
	{ "c.addiw", "addiw 1,1,2" },
	{ "c.li", "addi 1,zero,2" },
	{ "c.addi16sp", "addi 1,1,2" },
	{ "c.lui", "lui 1,2" },
	{ "c.srli", "srli 1,1,2" },
	{ "c.srli64", "srli 1,1,0x0" },
	{ "c.srai", "srai 1,1,2" },
	{ "c.srai64", "srai 1,1,0x0" },
	{ "c.andi", "andi 1,1,2" },
	{ "c.sub", "sub 1,1,2" },
	{ "c.xor", "xor 1,1,2" },
	{ "c.or", "or 1,1,2" },
	{ "c.and", "and 1,1,2" },
	{ "c.subw", "subw 1,1,2" },
	{ "c.addw", "addw 1,1,2" },
	{ "c.j", "jal zero,1" },
	{ "c.beqz", "beq 1,zero,2" },
	{ "c.bnez", "bne 1,zero,2" },
	{ "c.slli", "slli 1,1,2" },
	{ "c.slli64", "slli 1,1,0x0" },
	{ "c.fldsp", "fld 1,2" },
	{ "c.lwsp", "lw 1,2" },
	{ "c.ldsp", "ld 1,2" },
	{ "c.jr", "jalr zero,0(1)" },
	{ "c.mv", "add 1,zero,2" },
	{ "c.ebreak", "ebreak" },
	{ "c.jalr", "jalr ra,0(1)" },
	{ "c.add", "add 1,1,2" },
	{ "c.fsdsp", "fsd 1,2" },
	{ "c.swsp", "sw 1,2" },
	{ "c.sdsp", "sd 1,2" },
};

/* Replaces objdump's "c.addi a0,4" by the base instruction; "illegal" stays as it is. */
static void base_of(struct line *line)
{
	char copy[LINE_MAX_CHARS], *operand[4] = { NULL }, *out = line->text;
	const char *meaning = NULL;
	unsigned count = 0;

	if (!strcmp(line->text, "illegal"))
		return;
	strcpy(copy, line->text);
	for (char *part = strtok(copy, " ,"); part && count < 4; part = strtok(NULL, " ,"))
		operand[count++] = part;
	for (unsigned i = 0; i < ARRAY_SIZE(meanings); i++)
		if (!strcmp(operand[0], meanings[i].name))
			meaning = meanings[i].meaning;
	if (!meaning)
		fail_msg("%s is not in the list", line->text);
	/* A digit after a comma, a space or a parenthesis stands for an operand. */
	for (const char *c = meaning; *c; c++) {
		bool first = c > meaning && strchr(" ,(", c[-1]);

		if (first && *c >= '1' && *c <= '3') {
			assert_non_null(operand[*c - '0']);
			out += sprintf(out, "%s", operand[*c - '0']);
		} else {
			*out++ = *c;
		}
	}
	*out = '\0';
}

/* These extensions have compressed instructions that binutils 2.40 does not know. */
#define NEWER EXT_zcb, EXT_zcmop

static void test_every_halfword(void **unused)
{
	struct binutils binutils;
	u32 *raw;
	struct line *lines;
	size_t count = 0, legal = 0;
	struct isa isa;

	binutils_open(&binutils);
	binutils.march = "rv64imafdc";
	raw = calloc(65536, sizeof(*raw));
	lines = calloc(65536, sizeof(*lines));
	for (u32 halfword = 0; halfword < 65536; halfword++)
		if (insn_length(halfword) == 2)
			raw[count++] = halfword;
	assert_int_equal(count, 3 * 16384);
	binutils_disassemble(&binutils, raw, count, lines);
	binutils_close(&binutils);
	isa_init(&isa, ext_without(EXT_TOGETHER, NEWER, EXT_zihintntl));
	for (size_t n = 0; n < count; n++) {
		char text[DISASM_MAX];

		base_of(&lines[n]);
		/*
		 * The manual says that c.addi16sp with nzimm = 0 is reserved; binutils accepts it.
		 */
		if (raw[n] == 0x6101)
			strcpy(lines[n].text, "illegal");
		disasm(&isa, BINUTILS_BASE + 2 * n, raw[n], text, sizeof(text));
		if (text[0] == '.')
			strcpy(text, "illegal");
		else
			legal++;
		if (strcmp(text, lines[n].text))
			fail_msg("%04x is \"%s\", for binutils \"%s\"", raw[n], text,
				 lines[n].text);
	}
	assert_in_range(legal, 40000, count);
	free(raw);
	free(lines);
}

/* Every expansion is a 32-bit instruction of the table. */
static void test_expansions_decode(void **unused)
{
	struct isa isa;

	isa_init(&isa, EXT_TOGETHER);
	for (u32 halfword = 0; halfword < 65536; halfword++) {
		u32 full = rvc_expand(&isa, (u16)halfword);
		struct insn insn, same;

		isa_decode(&isa, halfword, &insn);
		/* Some have their own row. */
		if (insn.op != OP_illegal && insn_length(isa.match[insn.op]) == 2)
			continue;
		if (!full) {
			assert_true(insn_length(halfword) == 4 || insn.op == OP_illegal);
			continue;
		}
		assert_int_equal(insn_length(full), 4);
		assert_int_not_equal(insn.op, OP_illegal);
		isa_decode(&isa, full, &same);
		assert_int_equal(insn.op, same.op);
		assert_int_equal(insn.imm, same.imm);
		/* The bits are still those that were fetched, because traps report them. */
		assert_int_equal(insn.raw, halfword);
	}
}

/* These encodings are reserved, as the manual's tables name them ("C" extension, RV64). */
static void test_reserved(void **unused)
{
	static const u16 reserved[] = {
		0x0000, /* defined illegal */
		0x0004, /* c.addi4spn, nzuimm = 0 */
		0x8000, /* quadrant 0, funct3 = 100 */
		0x2001, /* c.addiw, rd = 0 */
		0x6101, /* c.addi16sp, nzimm = 0 */
		0x6081, /* c.lui, nzimm = 0 */
		0x9c41, 0x9c61, /* quadrant 1, funct6 = 100111, 10 and 11 */
		0x4002, /* c.lwsp, rd = 0 */
		0x6002, /* c.ldsp, rd = 0 */
		0x8002, /* c.jr, rs1 = 0 */
	};

	struct isa isa;

	isa_init(&isa, ext_without(EXT_TOGETHER, NEWER));
	for (unsigned i = 0; i < ARRAY_SIZE(reserved); i++)
		assert_int_equal(rvc_expand(&isa, reserved[i]), 0);
}

static bool decodes(struct ext_set extensions, u32 raw)
{
	struct insn insn;
	struct isa isa;

	isa_init(&isa, extensions);
	isa_decode(&isa, raw, &insn);
	return insn.op != OP_illegal;
}

/* Zcb and Zcmop are assembled by hand from the figures of their chapters. */
static const struct {
	u16 raw;
	u8 needs; /* besides Zcb or Zcmop */
	const char *text;
} newer[] = {
	{ 0x8000, EXT_zca, "lbu s0,0(s0)" }, { 0x81c8, EXT_zca, "lbu a0,1(a1)" },
	{ 0x83a0, EXT_zca, "lbu s0,2(a5)" }, { 0x843c, EXT_zca, "lhu a5,2(s0)" },
	{ 0x845c, EXT_zca, "lh a5,0(s0)" }, { 0x847c, EXT_zca, "lh a5,2(s0)" },
	{ 0x89e8, EXT_zca, "sb a0,3(a1)" }, { 0x8da8, EXT_zca, "sh a0,2(a1)" },
	{ 0x9d61, EXT_zca, "andi a0,a0,255" }, { 0x9d65, EXT_zbb, "sext.b a0,a0" },
	{ 0x9d69, EXT_zbb, "zext.h a0,a0" }, { 0x9d6d, EXT_zbb, "sext.h a0,a0" },
	{ 0x9d71, EXT_zba, "add.uw a0,a0,zero" }, { 0x9d75, EXT_zca, "xori a0,a0,-1" },
	{ 0x9d4d, EXT_zmmul, "mul a0,a0,a1" }, { 0x6081, EXT_zca, "c.sspush ra" },
	{ 0x6181, EXT_zca, "c.mop.3" }, { 0x6281, EXT_zca, "c.sspopchk t0" },
	{ 0x6381, EXT_zca, "c.mop.7" }, { 0x6481, EXT_zca, "c.mop.9" },
	{ 0x6581, EXT_zca, "c.mop.11" }, { 0x6681, EXT_zca, "c.mop.13" },
	{ 0x6781, EXT_zca, "c.mop.15" },
};

static void test_newer(void **unused)
{
	struct isa isa;

	isa_init(&isa, EXT_TOGETHER);
	for (unsigned i = 0; i < ARRAY_SIZE(newer); i++) {
		char text[DISASM_MAX];
		struct insn insn;

		disasm(&isa, 0, newer[i].raw, text, sizeof(text));
		assert_string_equal(text, newer[i].text);
		isa_decode(&isa, newer[i].raw, &insn);
		assert_int_equal(insn.raw, newer[i].raw);
		assert_false(decodes(ext_without(EXT_TOGETHER, NEWER), newer[i].raw));
		assert_false(decodes(ext_without(EXT_TOGETHER, newer[i].needs), newer[i].raw));
		assert_true(decodes(EXT_SET(EXT_i, EXT_zca, NEWER, newer[i].needs), newer[i].raw));
	}
}

/* There are exactly as many encodings as the chapters define. */
static void test_newer_count(void **unused)
{
	unsigned memory = 8 * 8 * (4 + 2 + 2 + 4 + 2), unary = 8 * 6, mul = 8 * 8, mops = 8;
	unsigned count = 0;
	struct isa with, without;

	isa_init(&with, EXT_TOGETHER);
	isa_init(&without, ext_without(EXT_TOGETHER, NEWER));
	for (u32 halfword = 0; halfword < 65536; halfword++) {
		struct insn one, other;

		if (insn_length(halfword) == 4)
			continue;
		isa_decode(&with, halfword, &one);
		isa_decode(&without, halfword, &other);
		if (other.op != OP_illegal)
			assert_memory_equal(&one, &other, sizeof(one));
		else
			count += one.op != OP_illegal;
	}
	assert_int_equal(count, memory + unary + mul + mops);
}

/* Zcmp and Zcmt are assembled by hand from the figures of their chapters. */
static const struct {
	u16 raw;
	const char *text;
} tables_and_lists[] = {
	{ 0xb842, "cm.push {ra},-16" },		{ 0xb85e, "cm.push {ra,s0},-64" },
	{ 0xb862, "cm.push {ra,s0-s1},-32" },	{ 0xb8fa, "cm.push {ra,s0-s11},-144" },
	{ 0xba7e, "cm.pop {ra,s0-s2},80" },	{ 0xbae2, "cm.pop {ra,s0-s9},96" },
	{ 0xbcfe, "cm.popretz {ra,s0-s11},160" }, { 0xbe42, "cm.popret {ra},16" },
	{ 0xac26, "cm.mvsa01 s0,s1" },		{ 0xafba, "cm.mvsa01 s7,s6" },
	{ 0xac62, "cm.mva01s s0,s0" },		{ 0xad7e, "cm.mva01s s2,s7" },
	{ 0xa002, "cm.jt 0" },			{ 0xa07e, "cm.jt 31" },
	{ 0xa082, "cm.jalt 32" },		{ 0xa3fe, "cm.jalt 255" },
};

#define NO_ZCD ext_without(EXT_TOGETHER, EXT_c, EXT_zcd)
#define EMBEDDED ext_with(NO_ZCD, EXT_zcmp, EXT_zcmt)

static void test_tables_and_lists(void **unused)
{
	unsigned lists = 4 * 12 * 4, moves = 8 * 7 + 8 * 8, jumps = 256, count = 0;
	struct isa with, without;
	struct insn insn;

	isa_init(&with, EMBEDDED);
	isa_init(&without, NO_ZCD);
	for (unsigned i = 0; i < ARRAY_SIZE(tables_and_lists); i++) {
		char text[DISASM_MAX];

		disasm(&with, 0, tables_and_lists[i].raw, text, sizeof(text));
		assert_string_equal(text, tables_and_lists[i].text);
		isa_decode(&without, tables_and_lists[i].raw, &insn);
		assert_int_equal(insn.op, OP_illegal);
	}
	/* They use all of c.fsdsp's encodings, and nothing else of Zcd's. */
	for (u32 low = 0; low < 0x2000; low++) {
		isa_decode(&with, 0xa000 | low, &insn);
		count += (low & 3) == 2 && insn.op != OP_illegal;
	}
	assert_int_equal(count, lists + moves + jumps);
	isa_decode(&with, 0x2008, &insn); /* c.fld */
	assert_int_equal(insn.op, OP_illegal);
	isa_decode(&with, 0x2402, &insn); /* c.fldsp */
	assert_int_equal(insn.op, OP_illegal);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_every_halfword),
	cmocka_unit_test(test_expansions_decode),
	cmocka_unit_test(test_reserved),
	cmocka_unit_test(test_newer),
	cmocka_unit_test(test_newer_count),
	cmocka_unit_test(test_tables_and_lists),
	{ 0 },
};
