/* SPDX-License-Identifier: MIT */
/*
 * Compares the text of the disassembler with that of objdump, and lets the assembler read it, which
 * must give the same bits. Also tests what no tool can check: buffers that are too small, and
 * illegal instructions.
 */
#include "tests/cmocka.h"
#include "tests/cpu/isa/binutils.h"
#include "tests/part.h"

#include "cpu/csr/csr.h"
#include "cpu/isa/disasm.h"

#include <stdlib.h>
#include <string.h>

#define PER_ROW part_of(16)

/* Random instructions of every row that binutils knows, one after another. */
struct sample {
	struct binutils binutils;
	struct isa isa;
	u32 *raw;
	struct line *lines;
	size_t count;
};

static void sample_make(struct sample *sample, u64 seed)
{
	isa_init(&sample->isa, EXT_EVERY);
	sample->raw = calloc(OP_COUNT * PER_ROW, sizeof(*sample->raw));
	sample->lines = calloc(OP_COUNT * PER_ROW, sizeof(*sample->lines));
	sample->count = 0;
	assert_non_null(sample->raw);
	assert_non_null(sample->lines);
	for (unsigned n = 0; n < OP_COUNT * PER_ROW; n++)
		if (!binutils_lacks(n / PER_ROW))
			sample->raw[sample->count++] =
				random_encoding(&sample->isa, n / PER_ROW, &seed);
}

static void sample_free(struct sample *sample)
{
	free(sample->raw);
	free(sample->lines);
}

/* Gets Baya's text, without the rounding mode of exact conversions, which binutils never writes. */
static void ours(const struct isa *isa, u64 pc, u32 raw, struct line *line)
{
	struct insn insn;

	disasm(isa, pc, raw, line->text, sizeof(line->text));
	isa_decode(isa, raw, &insn);
	if (binutils_exact(insn.op))
		*strstr(line->text, ",rne") = '\0';
}

static void test_same_as_objdump(void **unused)
{
	struct sample sample;

	binutils_open(&sample.binutils);
	sample_make(&sample, 5);
	binutils_disassemble(&sample.binutils, sample.raw, sample.count, sample.lines);
	binutils_close(&sample.binutils);
	for (size_t n = 0; n < sample.count; n++) {
		struct line line;

		ours(&sample.isa, BINUTILS_BASE + 4 * n, sample.raw[n], &line);
		assert_string_equal(line.text, sample.lines[n].text);
	}
	sample_free(&sample);
}

static void test_reads_back(void **unused)
{
	struct sample sample;
	u32 *back;

	binutils_open(&sample.binutils);
	sample_make(&sample, 6);
	back = calloc(sample.count, sizeof(*back));
	assert_non_null(back);
	for (size_t n = 0; n < sample.count; n++)
		ours(&sample.isa, BINUTILS_BASE + 4 * n, sample.raw[n], &sample.lines[n]);
	assert_true(binutils_assemble(&sample.binutils, sample.lines, sample.count, back));
	binutils_close(&sample.binutils);
	for (size_t n = 0; n < sample.count; n++)
		if (back[n] != sample.raw[n])
			fail_msg("%08x is \"%s\", which assembles to %08x", sample.raw[n],
				 sample.lines[n].text, back[n]);
	free(back);
	sample_free(&sample);
}

/* The instructions that binutils 2.40 does not know, as the manual has them. */
static const struct {
	u16 number;
	const char *text;
} newer_csrs[] = {
	{ 0x017, "csrrs a0,jvt,zero" },
};

static const char *csr_text(u16 number, const struct line *line)
{
	for (unsigned i = 0; i < ARRAY_SIZE(newer_csrs); i++)
		if (newer_csrs[i].number == number)
			return newer_csrs[i].text;
	return line->text;
}

/* Every name of a CSR is the published one. */
static void test_csr_names(void **unused)
{
	struct binutils binutils;
	struct isa isa;
	u32 raw[4096];
	struct line *lines;
	char name[CSR_NAME_MAX];
	unsigned named = 0;

	isa_init(&isa, EXT_EVERY);
	for (u32 number = 0; number < ARRAY_SIZE(raw); number++)
		raw[number] = number << 20 | 0x2573; /* csrrs a0, number, zero */
	binutils_open(&binutils);
	lines = calloc(ARRAY_SIZE(raw), sizeof(*lines));
	assert_non_null(lines);
	binutils_disassemble(&binutils, raw, ARRAY_SIZE(raw), lines);
	binutils_close(&binutils);
	for (u16 number = 0; number < ARRAY_SIZE(raw); number++) {
		char text[DISASM_MAX];

		disasm(&isa, 0, raw[number], text, sizeof(text));
		if (binutils_lacks_csr(number))
			continue;
		if (csr_name(number, name, sizeof(name))) {
			assert_string_equal(text, csr_text(number, &lines[number]));
			named++;
		} else {
			char expected[DISASM_MAX];

			snprintf(expected, sizeof(expected), "csrrs a0,0x%x,zero", number);
			assert_string_equal(text, expected);
		}
	}
	assert_in_range(named, 100, 400);
	free(lines);
}

static const struct {
	u32 raw;
	const char *text;
} literals[] = {
	{ 0x00c58533, "add a0,a1,a2" },
	{ 0xffc50513, "addi a0,a0,-4" },
	{ 0xfe000ee3, "beq zero,zero,0xffc" },
	{ 0x0040006f, "jal zero,0x1004" },
	{ 0x0330000f, "fence rw,rw" },
	{ 0x8330000f, "fence.tso" },
	{ 0x8310000f, "fence rw,w" }, /* reserved: it executes as an ordinary fence */
	{ 0x0000000f, "fence 0,0" },
	{ 0x02b555d3, "fadd.d fa1,fa0,fa1,rm5" },
	{ 0x02b575d3, "fadd.d fa1,fa0,fa1" },
	{ 0x0ec5d533, "czero.eqz a0,a1,a2" },
	{ 0x0ec5f533, "czero.nez a0,a1,a2" },
	{ 0xf0108553, "fli.s fa0,min" },
	{ 0xf2100553, "fli.d fa0,-0x1p+0" },
	{ 0xf4148553, "fli.h fa0,0x1.4p-2" },
	{ 0xf41e8553, "fli.h fa0,0x1p+16" },
	{ 0xf41f0553, "fli.h fa0,inf" },
	{ 0xf21f8553, "fli.d fa0,nan" },
	{ 0x28c5a553, "fminm.s fa0,fa1,fa2" },
	{ 0x2cc5b553, "fmaxm.h fa0,fa1,fa2" },
	{ 0x40459553, "fround.s fa0,fa1,rtz" },
	{ 0x4455f553, "froundnx.h fa0,fa1" },
	{ 0xa2c5d553, "fltq.d a0,fa1,fa2" },
	{ 0xa0c5c553, "fleq.s a0,fa1,fa2" },
	{ 0xc2859553, "fcvtmod.w.d a0,fa1,rtz" },
	{ 0xc285a553, ".4byte 0xc285a553" }, /* with rdn */
	{ 0x4065f553, "fcvt.s.bf16 fa0,fa1" },
	{ 0x4485f553, "fcvt.bf16.s fa0,fa1" },
	{ 0x2ac5a52f, "amocas.w.rl a0,a2,(a1)" },
	{ 0x2cc5c52f, "amocas.q.aq a0,a2,(a1)" },
	{ 0x06c5852f, "amoadd.b.aqrl a0,a2,(a1)" },
	{ 0x81c5c573, "mop.r.0 a0,a1" },
	{ 0xcde5c573, "mop.r.30 a0,a1" },
	{ 0xcec5c573, "mop.rr.7 a0,a1,a2" },
	{ 0x00200033, "ntl.p1" },
	{ 0x00300033, "ntl.pall" },
	{ 0x00400033, "ntl.s1" },
	{ 0x00500033, "ntl.all" },
	{ 0x00000073, "ecall" },
	/*
	 * Compressed instructions are written as their expansions. The upper half does not belong
	 * to them.
	 */
	{ 0x00004501, "addi a0,zero,0" },
	{ 0xdead4501, "addi a0,zero,0" },
	{ 0x0000900a, "ntl.p1" },
	{ 0x00009016, "ntl.all" },
	{ 0xdead6281, "c.sspopchk t0" },
	{ 0x00008082, "jalr zero,0(ra)" },
	{ 0x0000bfe5, "jal zero,0xff8" },
	/* These are no instructions. */
	{ 0x00000000, ".2byte 0x0000" },
	{ 0x12340000, ".2byte 0x0000" },
	{ 0x0000000b, ".4byte 0x0000000b" },
	{ 0xffffffff, ".4byte 0xffffffff" },
};

static void test_literals(void **unused)
{
	struct isa isa;

	isa_init(&isa, EXT_EVERY);
	for (unsigned i = 0; i < ARRAY_SIZE(literals); i++) {
		char text[DISASM_MAX];

		disasm(&isa, 0x1000, literals[i].raw, text, sizeof(text));
		assert_string_equal(text, literals[i].text);
	}
}

/* The text is terminated and within the buffer, whatever the bits and the buffer's size. */
static void test_bounds(void **unused)
{
	struct isa isa;
	u64 seed = 7;

	isa_init(&isa, EXT_EVERY);
	for (unsigned n = 0; n < 300000; n++) {
		u32 raw = (u32)random_u64(&seed);
		u64 pc = random_u64(&seed);
		char whole[2 * DISASM_MAX], text[DISASM_MAX + 1];
		size_t size = 1 + n % DISASM_MAX;

		disasm(&isa, pc, raw, whole, sizeof(whole));
		assert_in_range(strlen(whole), 3, DISASM_MAX - 1);
		memset(text, 'x', sizeof(text));
		disasm(&isa, pc, raw, text, size);
		assert_int_equal(text[size], 'x');
		assert_int_equal(strlen(text), MIN(strlen(whole), size - 1));
		assert_memory_equal(text, whole, strlen(text));
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_same_as_objdump),
	cmocka_unit_test(test_reads_back),
	cmocka_unit_test(test_csr_names),
	cmocka_unit_test(test_literals),
	cmocka_unit_test(test_bounds),
	{ 0 },
};
