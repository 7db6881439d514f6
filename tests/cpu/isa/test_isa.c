/* SPDX-License-Identifier: MIT */
/*
 * Tests the table of instructions: its patterns, that no two rows claim the same encoding, that
 * every row has a body, that decoding finds what a plain search of the table finds, and that names
 * and encodings are the published ones (binutils).
 */
#include "tests/cmocka.h"
#include "tests/cpu/isa/binutils.h"
#include "tests/part.h"

#include "cpu/engine/interp.h"

#include <stdlib.h>
#include <string.h>

#define PER_ROW part_of(16)
#define RANDOM_WORDS 20000

/* These rows are special cases of another: hints within the encodings of an instruction. */
static const struct {
	u16 special, general;
} subsets[] = {
	{ OP_pause, OP_fence },
	{ OP_prefetch_i, OP_ori },
	{ OP_prefetch_r, OP_ori },
	{ OP_prefetch_w, OP_ori },
	{ OP_zext_h, OP_packw },
	{ OP_cm_jt, OP_cm_jalt },
	{ OP_ntl_p1, OP_add },
	{ OP_ntl_pall, OP_add },
	{ OP_ntl_s1, OP_add },
	{ OP_ntl_all, OP_add },
	{ OP_sspopchk, OP_mop_r },
	{ OP_ssrdp, OP_mop_r },
	{ OP_sspush, OP_mop_rr },
	{ OP_c_sspush, OP_c_mop },
	{ OP_c_sspopchk, OP_c_mop },
};

static bool listed(unsigned special, unsigned general)
{
	for (unsigned i = 0; i < ARRAY_SIZE(subsets); i++)
		if (subsets[i].special == special && subsets[i].general == general)
			return true;
	return false;
}

static unsigned isa_bits_of(const char *pattern)
{
	unsigned count = 0;

	for (; *pattern; pattern++)
		count += *pattern != ' ';
	return count;
}

static void test_patterns(void **unused)
{
	u32 mask, match;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		assert_true(isa_pattern(isa_ops[op].pattern, &mask, &match));
		/* The pattern's length is the one that its low bits encode. */
		assert_int_equal(mask & 3, 3);
		assert_int_equal(match & ~mask, 0);
		assert_int_equal(isa_bits_of(isa_ops[op].pattern), 8 * insn_length(match));
	}
	assert_true(isa_pattern("iiiiiiiiiiii aaaaa 000 ddddd 0010011", &mask, &match));
	assert_int_equal(mask, 0x707f);
	assert_int_equal(match, 0x13);
	assert_true(isa_pattern("01100 iii 1 00000 01", &mask, &match));
	assert_int_equal(mask, 0xf8ff);
	assert_int_equal(match, 0x6081);
	assert_false(isa_pattern("01100 iii 1 00000 11", &mask, &match));
	assert_false(isa_pattern("iiiiiiiiiiii aaaaa 000 ddddd 001001", &mask, &match));
	assert_false(isa_pattern("iiiiiiiiiiii aaaaa 000 ddddd 00100111", &mask, &match));
	assert_false(isa_pattern("iiiiiiiiiiii aaaaa 000 zzzzz 0010011", &mask, &match));
}

static void test_overlap(void **unused)
{
	unsigned met = 0;
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	for (unsigned a = 0; a < OP_COUNT; a++)
		for (unsigned b = 0; b < OP_COUNT; b++) {
			u32 common = isa.mask[a] & isa.mask[b];

			if (a == b || ((isa.match[a] ^ isa.match[b]) & common))
				continue;
			if (listed(b, a))
				continue;
			if (!listed(a, b))
				fail_msg("%s and %s overlap", isa_ops[a].name, isa_ops[b].name);
			/* All of the special row lies within the general one. */
			assert_int_equal(isa.mask[a] & isa.mask[b], isa.mask[b]);
			met++;
		}
	/* No entry of the list is unused. */
	assert_int_equal(met, ARRAY_SIZE(subsets));
}

static void test_bodies(void **unused)
{
	for (unsigned op = 0; op <= OP_illegal; op++)
		assert_non_null(interp_exec[op]);
}

static void test_names_are_unique(void **unused)
{
	for (unsigned a = 0; a < OP_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(isa_ops[a].name, isa_ops[b].name);
}

/* Returns the row with most fixed bits that matches, which is how decoding is defined. */
static unsigned search(const struct isa *isa, u32 raw)
{
	unsigned best = OP_illegal;

	for (unsigned op = 0; op < OP_COUNT; op++)
		if ((raw & isa->mask[op]) == isa->match[op] && isa_has_row(isa, op) &&
		    (best == OP_illegal ||
		     __builtin_popcount(isa->mask[op]) > __builtin_popcount(isa->mask[best])))
			best = op;
	return best;
}

static void test_decode_finds_the_row(void **unused)
{
	struct insn insn;
	struct isa isa;
	u64 seed = 1;

	isa_init(&isa, EXT_EVERY);
	for (unsigned op = 0; op < OP_COUNT; op++)
		for (unsigned n = part_of(1000); n > 0; n--) {
			u32 raw = random_encoding(&isa, op, &seed);

			isa_decode(&isa, raw, &insn);
			assert_int_equal(insn.op, search(&isa, raw));
			assert_int_equal(insn.raw, raw);
			assert_true(insn.op == op || listed(insn.op, op));
		}
	for (unsigned n = part_of(1000000); n > 0; n--) {
		u32 raw = (u32)random_u64(&seed) | 3;

		isa_decode(&isa, raw, &insn);
		assert_int_equal(insn.op, search(&isa, raw));
	}
}

/* Returns whether the row decodes when these extensions are missing. */
static bool there_without(unsigned op, struct ext_set missing, u64 *seed)
{
	struct insn insn;
	struct isa isa;
	u32 raw;

	isa_init(&isa, ext_minus(EXT_EVERY, missing));
	raw = random_encoding(&isa, op, seed);
	isa_decode(&isa, raw, &insn);
	/* A compressed one may then be one that expands to another row. */
	if (insn_length(raw) == 4)
		assert_int_equal(insn.op, search(&isa, raw));
	return insn.op == op;
}

/* Without its extension a row does not exist; some rows need one of two extensions, some both. */
static void test_extensions(void **unused)
{
	unsigned any = 0;
	struct insn insn;
	struct isa isa;
	u64 seed = 2;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		struct ext_set ext = EXT_SET(isa_ops[op].ext);
		struct ext_set other = EXT_SET(isa_ops[op].other);
		bool either = isa_ops[op].need == NEED_ANY;

		assert_int_equal(there_without(op, ext, &seed), either);
		if (isa_ops[op].need == NEED_ONE)
			continue;
		assert_int_equal(there_without(op, other, &seed), either);
		assert_false(there_without(op, ext_union(ext, other), &seed));
		any += either;
	}
	assert_in_range(any, 10, OP_COUNT);
	isa_init(&isa, ext_without(EXT_EVERY, EXT_zca));
	isa_decode(&isa, 0x4501, &insn);
	assert_int_equal(insn.op, OP_illegal);
}

struct operands {
	u32 raw;
	u16 op;
	u8 rd, rs1, rs2, rs3_rm;
	s32 imm;
};

/*
 * Immediates at both ends of their ranges, and with single bits set, are assembled by hand from the
 * manual's figures.
 */
static void test_operands(void **unused)
{
	static const struct operands cases[] = {
		{ 0xfffff5b7, OP_lui, 11, 0, 0, 0, -4096 },
		{ 0x000015b7, OP_lui, 11, 0, 0, 0, 4096 },
		{ 0x80000517, OP_auipc, 10, 0, 0, 0, INT32_MIN },
		{ 0x800000ef, OP_jal, 1, 0, 0, 0, -1048576 },
		{ 0x7ffff0ef, OP_jal, 1, 0, 0, 0, 1048574 },
		{ 0x001000ef, OP_jal, 1, 0, 0, 0, 2048 },
		{ 0x000010ef, OP_jal, 1, 0, 0, 0, 4096 },
		{ 0x80c58063, OP_beq, 0, 11, 12, 0, -4096 },
		{ 0x7ec58fe3, OP_beq, 0, 11, 12, 0, 4094 },
		{ 0x00c580e3, OP_beq, 0, 11, 12, 0, 2048 },
		{ 0x80b50023, OP_sb, 0, 10, 11, 0, -2048 },
		{ 0x7eb50fa3, OP_sb, 0, 10, 11, 0, 2047 },
		{ 0x80058513, OP_addi, 10, 11, 0, 0, -2048 },
		{ 0x43f5d513, OP_srai, 10, 11, 0, 0, 63 },
		{ 0x41f5d51b, OP_sraiw, 10, 11, 0, 0, 31 },
		{ 0xf1402573, OP_csrrs, 10, 0, 0, 0, 0xf14 },
		{ 0xfe056013, OP_prefetch_i, 0, 10, 0, 0, -32 },
		{ 0x72c5f543, OP_fmadd_d, 10, 11, 12, 14 << 3 | 7, 0 },
	};
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct operands *c = &cases[i];
		struct insn insn;

		isa_decode(&isa, c->raw, &insn);
		assert_int_equal(insn.op, c->op);
		assert_int_equal(insn.imm, c->imm);
		if (c->rd)
			assert_int_equal(insn.rd, c->rd);
		if (c->rs1)
			assert_int_equal(insn.rs1, c->rs1);
		if (c->rs2)
			assert_int_equal(insn.rs2, c->rs2);
		if (c->rs3_rm)
			assert_int_equal(insn.rs3_rm, c->rs3_rm);
	}
}

/* Writes to x0 go to the sink; f0 is a register like any other. */
static void test_x0_is_the_sink(void **unused)
{
	struct insn insn;
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	isa_decode(&isa, 0x00150013, &insn); /* addi x0, x10, 1 */
	assert_int_equal(insn.rd, X_SINK);
	isa_decode(&isa, 0x00b57053, &insn); /* fadd.s f0, f10, f11 */
	assert_int_equal(insn.rd, 0);
	isa_decode(&isa, 0xa0b52053, &insn); /* feq.s x0, f10, f11 */
	assert_int_equal(insn.rd, X_SINK);
	isa_decode(&isa, 0x00052007, &insn); /* flw f0, 0(x10) */
	assert_int_equal(insn.rd, 0);
	isa_decode(&isa, 0xe0050053, &insn); /* fmv.x.w x0, f10 */
	assert_int_equal(insn.rd, X_SINK);
	isa_decode(&isa, 0xf0050053, &insn); /* fmv.w.x f0, x10 */
	assert_int_equal(insn.rd, 0);
}

/* Removes "seg" and the number of fields from the name of a vector load or store. */
static void drop_segments(char *text)
{
	char *seg = strstr(text, "seg");

	if (seg && seg < text + strcspn(text, " "))
		memmove(seg, seg + 4, strlen(seg + 4) + 1);
}

/*
 * Returns whether the assembler's name, without the ordering suffix of atomics, is that of the row.
 */
static bool same_mnemonic(struct line *line, unsigned op)
{
	char name[LINE_MAX_CHARS], *c;
	size_t length;

	drop_segments(line->text);
	snprintf(name, sizeof(name), "%s", isa_ops[op].name);
	while ((c = strchr(name, '_')))
		*c = '.';
	length = strlen(name);
	return strncmp(line->text, name, length) == 0 &&
	       (line->text[length] == '\0' || line->text[length] == ' ' ||
		(isa_ops[op].class == CLASS_AMO && line->text[length] == '.'));
}

static void test_published_encodings(void **unused)
{
	struct binutils binutils;
	u32 *raw;
	struct line *lines;
	struct isa isa;
	u64 seed = 3;

	binutils_open(&binutils);
	raw = calloc(OP_COUNT * PER_ROW, sizeof(*raw));
	lines = calloc(OP_COUNT * PER_ROW, sizeof(*lines));
	isa_init(&isa, EXT_EVERY);
	for (unsigned n = 0; n < OP_COUNT * PER_ROW; n++)
		raw[n] = random_encoding(&isa, n / PER_ROW, &seed);
	binutils_disassemble(&binutils, raw, OP_COUNT * PER_ROW, lines);
	binutils_close(&binutils);
	for (unsigned n = 0; n < OP_COUNT * PER_ROW; n++) {
		struct insn insn;

		isa_decode(&isa, raw[n], &insn);
		if (!binutils_lacks(insn.op) && !same_mnemonic(&lines[n], insn.op))
			fail_msg("%08x is %s, for binutils %s", raw[n], isa_ops[insn.op].name,
				 lines[n].text);
	}
	free(raw);
	free(lines);
}

/* The encodings of instructions that binutils 2.40 lacks are compared with other publications. */
static void test_published_literals(void **unused)
{
	static const struct {
		u16 op;
		u32 mask, match;
	} facts[] = {
#include "tests/cpu/isa/published.inc"
	};
	unsigned lacking = 0;
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	for (unsigned i = 0; i < ARRAY_SIZE(facts); i++) {
		assert_true(binutils_lacks(facts[i].op));
		assert_int_equal(isa.mask[facts[i].op], facts[i].mask);
		assert_int_equal(isa.match[facts[i].op], facts[i].match);
	}
	for (unsigned op = 0; op < OP_COUNT; op++)
		lacking += binutils_lacks(op);
	assert_int_equal(lacking, ARRAY_SIZE(facts));
}

/*
 * Returns whether Baya rightly accepts more than binutils: fences with reserved fields execute as
 * fences (unprivileged manual, "Memory Ordering Instructions"), exact conversions have an rm field,
 * and the others are rows that binutils lacks.
 */
static bool wider(const struct insn *insn)
{
	return insn->op == OP_fence || insn->op == OP_fence_i || binutils_exact(insn->op) ||
	       binutils_lacks(insn->op);
}

/*
 * Returns whether binutils knows what no current manual has: returns and a fence of old drafts, and
 * the part of Svinval that needs the H extension.
 */
static bool obsolete(const char *text)
{
	/* Floating-point vector instructions are not compared. */
	bool floats = strncmp(text, "vfirst", 6) &&
		      (!strncmp(text, "vf", 2) || !strncmp(text, "vmf", 3));
	static const char *const names[] = { "uret", "hret", "dret", "sfence.vm",
					     "hinval.vvma", "hinval.gvma" };
	size_t length = strcspn(text, " ");

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == length && !strncmp(text, names[i], length))
			return true;
	return floats;
}

/* No row matches an encoding that is no instruction, and no row is missing. */
static void test_legal_where_binutils_says_so(void **unused)
{
	struct binutils binutils;
	u32 *raw;
	struct line *lines;
	unsigned legal = 0;
	struct isa isa;
	u64 seed = 4;

	binutils_open(&binutils);
	raw = calloc(RANDOM_WORDS, sizeof(*raw));
	lines = calloc(RANDOM_WORDS, sizeof(*lines));
	isa_init(&isa, EXT_EVERY);
	/* Neighbours of rows, a few bits away, are where errors would be. */
	for (unsigned n = 0; n < RANDOM_WORDS; n++) {
		raw[n] = random_encoding(&isa, n % OP_COUNT, &seed);
		/* test_rvc tests all compressed ones. */
		if (insn_length(raw[n]) == 2)
			raw[n] = 0x13;
		for (unsigned flips = n / OP_COUNT % 4; flips; flips--)
			raw[n] ^= 1u << (2 + random_u64(&seed) % 30);
		/* Instructions longer than 32 bits cannot stand alone. */
		if ((raw[n] & 0x1f) == 0x1f)
			raw[n] &= ~4u;
	}
	binutils_disassemble(&binutils, raw, RANDOM_WORDS, lines);
	binutils_close(&binutils);
	for (unsigned n = 0; n < RANDOM_WORDS; n++) {
		bool theirs = strcmp(lines[n].text, "illegal") != 0;
		struct insn insn;

		isa_decode(&isa, raw[n], &insn);
		legal += theirs;
		if ((insn.op != OP_illegal) != theirs && !wider(&insn) && !obsolete(lines[n].text))
			fail_msg("%08x is %s, for binutils %s", raw[n],
				 insn.op == OP_illegal ? "illegal" : isa_ops[insn.op].name,
				 lines[n].text);
	}
	assert_in_range(legal, RANDOM_WORDS / 4, RANDOM_WORDS - 1000);
	free(raw);
	free(lines);
}

static void test_isa_string(void **unused)
{
	char text[256];
	struct isa isa;

	isa_init(&isa, EXT_SET(EXT_i, EXT_m, EXT_a, EXT_c, EXT_zba, EXT_zicsr, EXT_s));
	isa_string(&isa, text, sizeof(text));
	assert_string_equal(text, "rv64imac_zicsr_zba");
	/* A buffer that is too small is not overrun, and the names in it are whole. */
	for (size_t size = sizeof("rv64"); size < sizeof("rv64imac_zicsr_zba"); size++) {
		static const char *const prefixes[] = {
			"rv64imac_zicsr", "rv64imac", "rv64ima", "rv64im", "rv64i", "rv64",
		};
		unsigned longest = 0;

		while (strlen(prefixes[longest]) >= size)
			longest++;
		memset(text, 'x', sizeof(text));
		isa_string(&isa, text, size);
		assert_string_equal(text, prefixes[longest]);
		assert_int_equal(text[size], 'x');
	}
}

/*
 * Extensions that are LISTED use the room that the others leave; each is in its place in the order.
 */
static void test_isa_string_listed(void **unused)
{
	static const struct {
		size_t size;
		const char *text;
	} rows[] = {
		{ 64, "rv64i_zicsr_zve32x_zvkb_svinval" },
		{ sizeof("rv64i_zicsr_zve32x_zvkb_svinval"), "rv64i_zicsr_zve32x_zvkb_svinval" },
		{ sizeof("rv64i_zicsr_zve32x_zvk_svinval"), "rv64i_zicsr_zve32x_svinval" },
		{ sizeof("rv64i_zicsr_zvkb__svinval"), "rv64i_zicsr_zvkb_svinval" },
		{ sizeof("rv64i_zicsr_svinval"), "rv64i_zicsr_svinval" },
		{ sizeof("rv64i_zicsr_svinva"), "rv64i_zicsr" },
	};
	char text[64];
	struct isa isa;

	isa_init(&isa, EXT_SET(EXT_i, EXT_zicsr, EXT_zve32x, EXT_zvkb, EXT_zvkt, EXT_svinval));
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		isa_string(&isa, text, rows[n].size);
		assert_string_equal(text, rows[n].text);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_patterns),
	cmocka_unit_test(test_overlap),
	cmocka_unit_test(test_bodies),
	cmocka_unit_test(test_names_are_unique),
	cmocka_unit_test(test_decode_finds_the_row),
	cmocka_unit_test(test_extensions),
	cmocka_unit_test(test_operands),
	cmocka_unit_test(test_x0_is_the_sink),
	cmocka_unit_test(test_published_encodings),
	cmocka_unit_test(test_published_literals),
	cmocka_unit_test(test_legal_where_binutils_says_so),
	cmocka_unit_test(test_isa_string),
	cmocka_unit_test(test_isa_string_listed),
	{ 0 },
};
