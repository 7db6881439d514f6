/* SPDX-License-Identifier: MIT */
/*
 * The assembler. Fields go where the pattern has their letter; an immediate is put together by
 * finding from the decoder what each of its bits is worth. No instruction is named except the
 * aliases.
 */
#include "tests/facts/assembler.h"

#include "cpu/isa/disasm.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const x_names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char *const f_names[32] = {
	"ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0",
	"fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5",
	"fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

static const char *const rm_names[8] = { "rne", "rtz", "rdn", "rup", "rmm", "rm5", "rm6", "dyn" };

/* These are other ways to write an instruction: $1 and $2 are its operands. */
static const struct {
	const char *name, *expansion;
} aliases[] = {
	{ "csrr", "csrrs $1,$2,zero" },
	{ "csrw", "csrrw zero,$1,$2" },
	{ "nop", "addi zero,zero,0" },
};

static int name_index(const char *const *names, unsigned count, const char *name)
{
	for (unsigned n = 0; n < count; n++)
		if (!strcmp(names[n], name))
			return (int)n;
	return -1;
}

int x_number(const char *name)
{
	return name_index(x_names, ARRAY_SIZE(x_names), name);
}

int f_number(const char *name)
{
	return name_index(f_names, ARRAY_SIZE(f_names), name);
}

void assembler_init(struct assembler *assembler)
{
	memset(assembler, 0, sizeof(*assembler));
	isa_init(&assembler->isa, ext_in_no_state(0));
	for (unsigned n = 0; n < 4096; n++)
		if (csr_name((u16)n, assembler->csr[assembler->csrs].name, CSR_NAME_MAX))
			assembler->csr[assembler->csrs++].number = (u16)n;
}

int csr_number(const struct assembler *assembler, const char *name)
{
	if (!strncmp(name, "0x", 2))
		return (int)(strtoul(name, NULL, 16) & 0xfff);
	for (unsigned n = 0; n < assembler->csrs; n++)
		if (!strcmp(name, assembler->csr[n].name))
			return assembler->csr[n].number;
	return -1;
}

/* A line being assembled. */
struct job {
	struct assembler *as;
	const struct symbols *symbols;
	const char *at; /* the rest of the text */
	u64 pc;
	unsigned op;
	u32 raw;
	s32 imm;
};

static bool fail(struct job *job, const char *what, const char *where)
{
	snprintf(job->as->error, ASSEMBLER_ERROR, "%s: %.40s", what, where);
	return false;
}

/* Spreads the bits of value over the places of a letter; the last place has the lowest bit. */
static u32 deposit(const char *pattern, char letter, u32 value)
{
	u32 raw = 0, place = 1;

	for (size_t n = strlen(pattern); n-- > 0;) {
		if (pattern[n] == ' ')
			continue;
		if (pattern[n] == letter) {
			raw |= value & 1 ? place : 0;
			value >>= 1;
		}
		place <<= 1;
	}
	return raw;
}

static void put(struct job *job, char letter, int value)
{
	job->raw |= deposit(isa_ops[job->op].pattern, letter, (u32)value);
}

/* Takes the next word: up to a comma, parenthesis or space. */
static void word(struct job *job, char *text, size_t size)
{
	size_t length;

	job->at += strspn(job->at, " ");
	length = strcspn(job->at, ",() ");
	snprintf(text, size, "%.*s", (int)MIN(length, size - 1), job->at);
	job->at += length;
}

/* Returns a set of FENCE: letters of "iorw", or 0. */
static unsigned fence_set(const char *text)
{
	unsigned set = 0;

	for (unsigned n = 0; n < 4; n++)
		set |= strchr(text, "iorw"[n]) ? 8u >> n : 0;
	return set;
}

static bool immediate(struct job *job, char letter, const char *text)
{
	u64 value;

	if (letter == 'p' || letter == 'q') {
		job->imm |= (s32)(fence_set(text) << (letter == 'p' ? 4 : 0));
		return true;
	}
	if (letter == 'z')
		return !strcmp(text, "v0") || fail(job, "not v0", text);
	if (letter == 's') {
		job->imm = csr_number(job->as, text);
		return job->imm >= 0 || fail(job, "no such CSR", text);
	}
	if (!value_of(job->symbols, text, &value))
		return fail(job, "not a number", text);
	if (letter == 't')
		value -= job->pc;
	job->imm = (s32)(letter == 'u' ? value << 12 : value);
	return true;
}

/* Returns the operand of a letter, of the kind OPERAND_NONE if it is an immediate. */
static struct format_operand operand_of(const struct job *job, char letter)
{
	const struct format *format = isa_format(job->op);

	return letter == 'd' ? format->rd :
	       letter == 'a' ? format->rs1 :
	       letter == 'b' ? format->rs2 :
	       letter == 'c' ? format->rs3 :
			       (struct format_operand){ .kind = OPERAND_NONE };
}

static int v_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text + (*text == 'v'), &end, 10);

	return *text == 'v' && end > text + 1 && !*end && number < 32 ? (int)number : -1;
}

static bool operand(struct job *job, char letter)
{
	char text[48];
	int number = -1;

	word(job, text, sizeof(text));
	switch ((enum operand_kind)operand_of(job, letter).kind) {
	case OPERAND_NONE:
		return immediate(job, letter, text);
	case OPERAND_X:
		number = x_number(text);
		break;
	case OPERAND_F:
		number = f_number(text);
		break;
	case OPERAND_V:
		number = v_number(text);
		break;
	case OPERAND_NUMBER:
		number = (int)strtoul(text, NULL, 0);
		break;
	case OPERAND_SAVED:
	case OPERAND_LIST:
		return fail(job, "no operand of 32 bits", text);
	}
	if (number < 0)
		return fail(job, "not a register", text);
	put(job, letter, number);
	return true;
}

/* Takes the rounding mode: it is after a comma, or left out for the dynamic one. */
static bool rounding(struct job *job)
{
	char text[8];
	int mode = 7;

	if (*job->at == ',') {
		job->at++;
		word(job, text, sizeof(text));
		mode = name_index(rm_names, ARRAY_SIZE(rm_names), text);
	}
	if (mode < 0)
		return fail(job, "not a rounding mode", text);
	put(job, 'm', mode);
	return true;
}

/* Takes v0.t behind a comma, which is left out of an instruction that is not masked. */
static bool masked(struct job *job)
{
	char text[8] = "";

	if (*job->at == ',') {
		job->at++;
		word(job, text, sizeof(text));
		if (strcmp(text, "v0.t") != 0)
			return fail(job, "not v0.t", text);
	}
	put(job, 'v', !*text);
	return true;
}

/* Takes a vtype such as e32,m2,ta,mu. */
static bool vtype(struct job *job)
{
	static const char *const words[][8] = {
		{ "e8", "e16", "e32", "e64" },
		{ "m1", "m2", "m4", "m8", "", "mf8", "mf4", "mf2" },
		{ "tu", "ta" },
		{ "mu", "ma" },
	};
	static const u8 shifts[] = { 3, 0, 6, 7 }, counts[] = { 4, 8, 2, 2 };

	for (unsigned n = 0; n < ARRAY_SIZE(words); n++) {
		char text[8];
		int value;

		word(job, text, sizeof(text));
		value = name_index(words[n], counts[n], text);
		if (value < 0)
			return fail(job, "not a part of vtype", text);
		job->imm |= value << shifts[n];
		job->at += *job->at == ',';
	}
	return true;
}

static bool operands(struct job *job)
{
	/* The part before the space belongs to the name. */
	const char *letters = strchr(isa_format(job->op)->template, ' ');

	for (letters = letters ? letters + 1 : ""; *letters; letters++) {
		if (*letters == 'm') {
			if (!rounding(job))
				return false;
		} else if (*letters == 'v') {
			if (!masked(job))
				return false;
		} else if (*letters == 'y') {
			if (!vtype(job))
				return false;
		} else if (isalpha((unsigned char)*letters)) {
			if (!operand(job, *letters))
				return false;
		} else {
			job->at += strspn(job->at, " ");
			if (*job->at != *letters)
				return fail(job, "operands", job->at);
			job->at++;
		}
	}
	job->at += strspn(job->at, " ");
	return !*job->at || fail(job, "too much", job->at);
}

/* Sets each bit of the immediate whose worth is in imm; then the whole must be decoded to that. */
static bool encode_immediate(struct job *job)
{
	char text[64];
	const char *pattern = isa_ops[job->op].pattern;
	struct insn insn;
	u32 base = job->raw, place = 1;

	for (size_t n = strlen(pattern); n-- > 0;) {
		if (pattern[n] == ' ')
			continue;
		if (pattern[n] == 'i' || pattern[n] == 'f') {
			u32 worth;

			isa_decode(&job->as->isa, base | place, &insn);
			worth = (u32)insn.imm;
			job->raw |= (u32)job->imm & worth & -worth ? place : 0;
		}
		place <<= 1;
	}
	isa_decode(&job->as->isa, job->raw, &insn);
	if (insn.op == job->op && insn.imm == job->imm)
		return true;
	disasm(&job->as->isa, job->pc, job->raw, text, sizeof(text));
	snprintf(job->as->error, ASSEMBLER_ERROR, "%s became 0x%x, which is: %s",
		 isa_ops[job->op].name, job->raw, text);
	return false;
}

/* Takes "seg" and a number of fields out of the name of a vector load or store; returns nf. */
static s32 take_segments(char *name)
{
	char *seg = *name == 'v' ? strstr(name, "seg") : NULL;
	s32 nf = seg ? seg[3] - '1' : 0;

	if (seg)
		memmove(seg, seg + 4, strlen(seg + 4) + 1);
	return nf;
}

/* Finds a row by its name, with '.' for '_' and the ordering bits of atomics behind it. */
static bool find_row(struct job *job, char *name)
{
	static const char *const orders[4] = { "", ".rl", ".aq", ".aqrl" };

	job->imm = take_segments(name);
	for (job->op = 0; job->op < OP_COUNT; job->op++) {
		const struct opinfo *row = &isa_ops[job->op];
		bool ordered = isa_format(job->op)->template[0] == 'o';
		size_t length = strlen(row->name);
		int order;
		u32 mask;

		for (size_t n = 0; n < length; n++)
			if (name[n] != (row->name[n] == '_' ? '.' : row->name[n]))
				length = 0;
		order = length ? name_index(orders, ordered ? 4 : 1, name + length) : -1;
		if (order < 0)
			continue;
		isa_pattern(row->pattern, &mask, &job->raw);
		put(job, 'r', order);
		return true;
	}
	return fail(job, "no such instruction", name);
}

static bool expand(const char *name, const char *rest, char *text, size_t size)
{
	const char *comma = strchr(rest, ',');
	size_t used = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(aliases); n++) {
		if (strcmp(aliases[n].name, name) != 0)
			continue;
		for (const char *c = aliases[n].expansion; *c && used < size - 1; c++) {
			if (*c != '$') {
				text[used++] = *c;
				text[used] = '\0';
				continue;
			}
			c++;
			used += (size_t)snprintf(text + used, size - used, "%.*s",
						 *c == '1' && comma ? (int)(comma - rest) : 48,
						 *c == '1' || !comma ? rest : comma + 1);
		}
		return true;
	}
	return false;
}

static unsigned raw_bits(struct job *job, unsigned length)
{
	char text[48];
	u64 value;

	word(job, text, sizeof(text));
	if (!value_of(job->symbols, text, &value))
		return fail(job, "not a number", text), 0;
	job->raw = (u32)value;
	return length;
}

unsigned assemble(struct assembler *assembler, const struct symbols *symbols, const char *text,
		  u64 pc, u32 *raw)
{
	struct job job = { .as = assembler, .symbols = symbols, .at = text, .pc = pc };
	char name[32], expanded[96];
	unsigned length = 4;

	word(&job, name, sizeof(name));
	if (expand(name, job.at + strspn(job.at, " "), expanded, sizeof(expanded))) {
		job.at = expanded;
		word(&job, name, sizeof(name));
	}
	if (!strcmp(name, ".word") || !strcmp(name, ".half"))
		length = raw_bits(&job, name[1] == 'w' ? 4 : 2);
	else if (!find_row(&job, name) || !operands(&job) || !encode_immediate(&job))
		length = 0;
	*raw = job.raw;
	return length;
}
