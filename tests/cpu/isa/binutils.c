/* SPDX-License-Identifier: MIT */
/* Runs as, objdump and objcopy on files in a temporary directory (see binutils.h). */
#include "tests/cmocka.h"
#include "tests/cpu/isa/binutils.h"

#include "cpu/csr/csr.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARCH                                                                                       \
	"rv64imafdcvh_zicbom_zicbop_zicboz_zicsr_zifencei_zihintpause_zawrs_zfh_zba_zbb_zbc_" \
	"zbkb_zbkx_zbs_zknd_zkne_zknh_zksed_zksh_svinval"

static PRINTF_LIKE(1, 2) int run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

void binutils_open(struct binutils *binutils)
{
	static const char *const prefixes[] = { "riscv64-linux-gnu-", "riscv64-unknown-elf-" };

	strcpy(binutils->dir, "/tmp/baya-binutils-XXXXXX");
	binutils->march = ARCH;
	for (unsigned i = 0; i < ARRAY_SIZE(prefixes); i++) {
		binutils->prefix = prefixes[i];
		if (run("command -v %sas >/dev/null && command -v %sobjdump >/dev/null",
			prefixes[i], prefixes[i]) == 0) {
			assert_non_null(mkdtemp(binutils->dir));
			return;
		}
	}
	printf("no RISC-V binutils here (Debian: binutils-riscv64-linux-gnu): skipped\n");
	skip();
}

void binutils_close(struct binutils *binutils)
{
	run("rm -r %s", binutils->dir);
}

static FILE *open_file(const struct binutils *binutils, const char *name, const char *mode)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", binutils->dir, name);
	file = fopen(path, mode);
	assert_non_null(file);
	return file;
}

static bool assemble_file(const struct binutils *binutils)
{
	return run("cd %s && %sas -march=%s a.s -o a.o", binutils->dir, binutils->prefix,
		   binutils->march) == 0;
}

/* Replaces a target such as "80000010 <.text+0x10>" by its number. */
static void normalise_target(char *text)
{
	char *mark = strstr(text, " <"), *number;
	char digits[24];

	if (!mark)
		return;
	*mark = '\0';
	number = strrchr(text, ',');
	number = number ? number + 1 : strchr(text, ' ') + 1;
	snprintf(digits, sizeof(digits), "%s", number);
	sprintf(number, "0x%s", digits);
}

static void normalise(char *text, struct line *line)
{
	char *end = strpbrk(text, "#\n");

	if (end)
		*end = '\0';
	for (char *c = text; *c; c++)
		if (*c == '\t')
			*c = ' ';
	normalise_target(text);
	end = text + strlen(text);
	while (end > text && end[-1] == ' ')
		*--end = '\0';
	if (text[0] == '.' || !strcmp(text, "c.unimp"))
		text = "illegal";
	snprintf(line->text, sizeof(line->text), "%s", text);
}

void binutils_disassemble(const struct binutils *binutils, const u32 *raw, size_t count,
			  struct line *lines)
{
	FILE *file = open_file(binutils, "a.s", "w");
	char text[256];
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		fprintf(file, ".insn %u, 0x%x\n", insn_length(raw[i]), raw[i]);
	fclose(file);
	assert_true(assemble_file(binutils));
	assert_int_equal(run("cd %s && %sobjdump -d -z -M no-aliases --adjust-vma=%#llx a.o >a.txt",
			     binutils->dir, binutils->prefix, BINUTILS_BASE),
			 0);
	file = open_file(binutils, "a.txt", "r");
	while (fgets(text, sizeof(text), file)) {
		/* A line looks like "    80000000:\t00c58533          \tadd\ta0,a1,a2". */
		char *bits = strstr(text, ":\t"), *words = bits ? strchr(bits + 2, '\t') : NULL;

		if (words && done < count)
			normalise(words + 1, &lines[done++]);
	}
	fclose(file);
	assert_int_equal(done, count);
}

bool binutils_assemble(const struct binutils *binutils, const struct line *lines, size_t count,
		       u32 *raw)
{
	FILE *file = open_file(binutils, "a.s", "w");

	fprintf(file, ".option norelax\n.option norvc\nbase:\n");
	for (size_t i = 0; i < count; i++) {
		const char *target = strstr(lines[i].text, "0x");

		/*
		 * A target is written relative to the section's start, so that it needs no linker.
		 */
		if (target && strlen(target) == sizeof("0x80000000") - 1)
			fprintf(file, "%.*sbase-%#llx+%s\n", (int)(target - lines[i].text),
				lines[i].text, BINUTILS_BASE, target);
		else
			fprintf(file, "%s\n", lines[i].text);
	}
	fclose(file);
	if (!assemble_file(binutils) ||
	    run("cd %s && %sobjcopy -O binary -j .text a.o a.bin", binutils->dir, binutils->prefix))
		return false;
	file = open_file(binutils, "a.bin", "r");
	assert_int_equal(fread(raw, 4, count, file), count);
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
	return true;
}

bool binutils_lacks(unsigned op)
{
	static const u8 unknown[] = {
		EXT_zabha, EXT_zacas, EXT_zcmop, EXT_zcmp, EXT_zcmt, EXT_zfa, EXT_zfbfmin,
		EXT_zicond, EXT_zihintntl, EXT_zimop, EXT_smrnmi, EXT_zicfiss, EXT_zvbb,
		EXT_zvbc, EXT_zvkb, EXT_zvkg, EXT_zvkned, EXT_zvknha, EXT_zvksed, EXT_zvksh,
		EXT_zvfbfmin, EXT_zvfbfwma,
	};

	for (unsigned i = 0; i < ARRAY_SIZE(unknown); i++)
		if (op < OP_COUNT && isa_ops[op].ext == unknown[i])
			return true;
	return false;
}

bool binutils_exact(unsigned op)
{
	return op == OP_fcvt_d_s || op == OP_fcvt_d_w || op == OP_fcvt_d_wu || op == OP_fcvt_s_h ||
	       op == OP_fcvt_d_h;
}

bool binutils_lacks_csr(u16 number)
{
	/* These are ssp; scountinhibit; *ireg2 to *ireg6; those of Smcntrpmf; those of Smrnmi. */
	static const struct {
		u16 first, last;
	} unknown[] = {
		{ 0x011, 0x011 }, { 0x120, 0x120 }, { 0x152, 0x153 }, { 0x155, 0x157 },
		{ 0x252, 0x253 },
		{ 0x255, 0x257 }, { 0x352, 0x353 }, { 0x355, 0x357 }, { 0x321, 0x322 },
		{ 0x740, 0x744 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(unknown); i++)
		if (number >= unknown[i].first && number <= unknown[i].last)
			return true;
	return false;
}

static u32 random_csr(u64 *seed)
{
	char name[CSR_NAME_MAX];
	u16 number;

	do
		number = random_u64(seed) >> 52;
	while (!csr_name(number, name, sizeof(name)) || binutils_lacks_csr(number));
	return number;
}

static u32 put_immediate(enum insn_format format, u32 raw, u32 immediate)
{
	return (raw & ~format_place(format, -1)) | format_place(format, (s32)immediate);
}

static u32 put_operand(struct format_operand operand, u32 raw, u64 value)
{
	u32 field = ((1u << operand.width) - 1) << operand.from;

	return (u32)field_set(raw, field, value);
}

/* Returns the instruction with random operands that are not reserved and have names. */
static u32 random_operands(unsigned op, u32 raw, u64 *seed)
{
	enum insn_format n = isa_ops[op].format;
	const struct format *format = &formats[n];

	/* Lists below 4, and twice the same register, are reserved. */
	if (format->rs2.kind == OPERAND_LIST)
		raw = put_operand(format->rs2, raw, 4 + random_u64(seed) % 12);
	if (format->rs1.kind == OPERAND_SAVED)
		raw = put_operand(format->rs2, raw,
				  bits(raw, format->rs1.from, format->rs1.width) ^ 1);
	/* Rounds 11 to 15 are reserved. */
	if (n == FORMAT_ROUND)
		raw = put_immediate(n, raw, (u32)(random_u64(seed) % 11));
	/* The field fm is 0, and neither set is empty. */
	if (strchr(format->template, 'p'))
		raw = put_immediate(n, raw, ((u32)format_immediate(n, raw) & 0xff) | 0x11);
	if (strchr(format->template, 's'))
		raw = put_immediate(n, raw, random_csr(seed));
	return raw;
}

u32 random_encoding(const struct isa *isa, unsigned op, u64 *seed)
{
	static const u8 rounding[6] = { 0, 1, 2, 3, 4, 7 };
	const char *pattern = isa_ops[op].pattern;
	u32 raw = (u32)(random_u64(seed) >> 32);
	unsigned bit = 8 * insn_length(isa->match[op]);

	if (bit == 16)
		raw &= 0xffff;
	for (const char *c = pattern; *c; c++) {
		bit -= *c != ' ';
		if (*c == '.')
			raw &= ~(1u << bit);
	}
	if (strstr(pattern, "mmm")) {
		unsigned mode = rounding[random_u64(seed) % ARRAY_SIZE(rounding)];

		raw = (u32)field_set(raw, 7u << 12, binutils_exact(op) ? 0 : mode);
	}
	return (random_operands(op, raw, seed) & ~isa->mask[op]) | isa->match[op];
}
