/* SPDX-License-Identifier: MIT */
/*
 * Reads lines of commit logs, which are not trusted. Spike's format has changed over time, so
 * unknown parts of a line are skipped. JSON is read only as commit.c writes it.
 */
#include "cpu/debug/commit.h"

#include "cpu/hart/exception.h"
#include "cpu/isa/isa.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * A cursor is the rest of a line. Each eat_ function moves it on, or leaves it and returns false.
 */
struct cursor {
	const char *at;
};

static bool eat(struct cursor *cursor, const char *literal)
{
	size_t size = strlen(literal);

	if (strncmp(cursor->at, literal, size))
		return false;
	cursor->at += size;
	return true;
}

static void eat_spaces(struct cursor *cursor)
{
	while (*cursor->at == ' ')
		cursor->at++;
}

static bool eat_decimal(struct cursor *cursor, u64 *value)
{
	char *end;

	if (!isdigit((unsigned char)*cursor->at))
		return false;
	*value = strtoull(cursor->at, &end, 10);
	cursor->at = end;
	return true;
}

/* Parses a number such as "0x0012". *bytes is the size that its digits imply, here 2. */
static bool eat_hex(struct cursor *cursor, u64 *value, unsigned *bytes)
{
	char *end;

	if (strncmp(cursor->at, "0x", 2) || !isxdigit((unsigned char)cursor->at[2]))
		return false;
	*value = strtoull(cursor->at, &end, 16);
	*bytes = (unsigned)MIN((end - cursor->at - 1) / 2, 8);
	cursor->at = end;
	return true;
}

static void skip_word(struct cursor *cursor)
{
	while (*cursor->at && *cursor->at != ' ')
		cursor->at++;
}

/* Parses a name such as "x5", "f3" or "c768_mstatus". */
static bool eat_reg_name(struct cursor *cursor, struct commit_reg *reg)
{
	static const char files[] = { [COMMIT_X] = 'x', [COMMIT_F] = 'f', [COMMIT_V] = 'v',
				      [COMMIT_CSR] = 'c' };
	struct cursor next = { cursor->at + 1 };
	const char *file = *cursor->at ? memchr(files, *cursor->at, sizeof(files)) : NULL;
	u64 number;

	if (!file || !eat_decimal(&next, &number) || number >= 4096)
		return false;
	reg->file = (u16)(file - files);
	reg->number = (u16)number;
	if (reg->file == COMMIT_CSR) {
		if (*next.at != '_')
			return false;
		while (isalnum((unsigned char)*next.at) || *next.at == '_')
			next.at++;
	} else if (number >= 32) {
		return false;
	}
	*cursor = next;
	return true;
}

static unsigned hex_digit(char c)
{
	return (unsigned)(isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/*
 * Parses the digits of a vector register, of which the last are the lowest. All vector registers of
 * a commit must have the same number of digits.
 */
static bool eat_vector(struct cursor *cursor, struct commit *commit, unsigned number)
{
	size_t digits = eat(cursor, "0x") ? strspn(cursor->at, "0123456789abcdefABCDEF") : 0;
	unsigned vlenb = (unsigned)MIN(digits / 2, VLENB_MAX + 1);
	u8 bytes[VLENB_MAX];

	if (!vlenb || digits % 2 || vlenb > VLENB_MAX ||
	    (commit->vector_count && vlenb != commit->vlenb))
		return false;
	commit->vlenb = vlenb;
	for (unsigned at = 0; at < vlenb; at++) {
		const char *two = cursor->at + digits - 2 - 2 * at;

		bytes[at] = (u8)(hex_digit(two[0]) << 4 | hex_digit(two[1]));
	}
	commit_vector(commit, number, bytes);
	cursor->at += digits;
	return true;
}

/* Parses the register's value, such as "0x0000000080000000", and adds the register. */
static bool eat_reg_value(struct cursor *cursor, struct commit *commit, struct commit_reg *reg)
{
	unsigned bytes;

	if (reg->file == COMMIT_V)
		return eat_vector(cursor, commit, reg->number);
	if (!eat_hex(cursor, &reg->value, &bytes))
		return false;
	commit_reg(commit, reg->file, reg->number, reg->value);
	return true;
}

static bool spike_reg(struct cursor *cursor, struct commit *commit)
{
	struct cursor next = *cursor;
	struct commit_reg reg;

	if (!eat_reg_name(&next, &reg))
		return false;
	eat_spaces(&next);
	if (!eat_reg_value(&next, commit, &reg))
		return false;
	*cursor = next;
	return true;
}

/* Parses LMUL, such as "m2" or "mf8". */
static bool eat_lmul(struct cursor *cursor, s8 *lmul)
{
	bool fraction = eat(cursor, "mf");
	u64 value;

	if ((!fraction && !eat(cursor, "m")) || !eat_decimal(cursor, &value))
		return false;
	for (s8 shift = 0; shift <= 3; shift++)
		if (value == 1ull << shift) {
			*lmul = (s8)(fraction ? -shift : shift);
			return true;
		}
	return false;
}

/* Fills in the values of vtype and vl that were found; returns false if SEW is invalid. */
static bool found_vector(struct commit *commit, u64 sew, s8 lmul, u64 vl)
{
	if (sew > 64)
		return false;
	commit->vector = true;
	commit->sew = (u16)sew;
	commit->lmul = lmul;
	commit->vl = vl;
	return true;
}

/* Parses a text such as "e32 m1 l4". */
static bool spike_vector(struct cursor *cursor, struct commit *commit)
{
	struct cursor next = *cursor;
	u64 sew, vl;
	s8 lmul;

	if (!eat(&next, "e") || !eat_decimal(&next, &sew) || !eat(&next, " ") ||
	    !eat_lmul(&next, &lmul) || !eat(&next, " l") || !eat_decimal(&next, &vl) ||
	    !found_vector(commit, sew, lmul, vl))
		return false;
	*cursor = next;
	return true;
}

static bool spike_mem(struct cursor *cursor, struct commit *commit)
{
	struct cursor next = *cursor;
	unsigned bytes;
	u64 va, value = 0;

	if (!eat(&next, "mem ") || !eat_hex(&next, &va, &bytes))
		return false;
	bytes = 0;
	eat_spaces(&next);
	eat_hex(&next, &value, &bytes);
	commit_mem(commit, va, bytes, value);
	*cursor = next;
	return true;
}

/* Parses what follows "core   0: ", such as "3 0x0000000080000000 (0x0297) ...". */
static bool spike_commit(struct cursor *cursor, struct commit *commit)
{
	unsigned bytes;
	u64 raw;

	if (*cursor->at < '0' || *cursor->at > '3' || cursor->at[1] != ' ')
		return false;
	commit->priv = (u8)(*cursor->at - '0');
	cursor->at += 2;
	if (!eat_hex(cursor, &commit->pc, &bytes) || !eat(cursor, " (") ||
	    !eat_hex(cursor, &raw, &bytes) || !eat(cursor, ")"))
		return false;
	commit->raw = (u32)raw;
	for (eat_spaces(cursor); *cursor->at; eat_spaces(cursor))
		if (!spike_mem(cursor, commit) && !spike_reg(cursor, commit) &&
		    !spike_vector(cursor, commit))
			skip_word(cursor);
	return true;
}

/* Parses a text such as "exception trap_breakpoint, epc 0x0000000080000000". */
static bool spike_trap(struct cursor *cursor, struct commit *commit)
{
	const char *comma;
	char name[COMMIT_TRAP_MAX];
	unsigned bytes;

	if (!eat(cursor, "exception "))
		return false;
	comma = strchr(cursor->at, ',');
	if (!comma || (size_t)(comma - cursor->at) >= sizeof(name))
		return false;
	memcpy(name, cursor->at, (size_t)(comma - cursor->at));
	name[comma - cursor->at] = '\0';
	cursor->at = comma;
	commit->trap = true;
	return commit_trap_cause(name, &commit->cause) && eat(cursor, ", epc ") &&
	       eat_hex(cursor, &commit->pc, &bytes);
}

static bool spike_core(struct cursor *cursor, u64 *hart)
{
	if (!eat(cursor, "core"))
		return false;
	eat_spaces(cursor);
	return eat_decimal(cursor, hart) && eat(cursor, ": ");
}

bool commit_parse_tval(const char *line, u64 *tval)
{
	struct cursor cursor = { line };
	unsigned bytes;
	u64 hart;

	if (!spike_core(&cursor, &hart))
		return false;
	eat_spaces(&cursor);
	return eat(&cursor, "tval ") && eat_hex(&cursor, tval, &bytes);
}

static bool eat_quoted(struct cursor *cursor, const char *before, u64 *value, unsigned *bytes)
{
	return eat(cursor, before) && eat(cursor, "\"") && eat_hex(cursor, value, bytes) &&
	       eat(cursor, "\"");
}

static bool json_priv(struct cursor *cursor, struct commit *commit)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };

	for (unsigned virt = 0; virt < 2; virt++)
		for (unsigned n = 0; n < ARRAY_SIZE(privs) - virt; n++) {
			struct cursor next = *cursor;

			if (!eat(&next, priv_name(privs[n], virt)) || !eat(&next, "\""))
				continue;
			commit->priv = privs[n];
			commit->virt = virt;
			*cursor = next;
			return true;
		}
	return false;
}

/* Parses the values of vtype and vl, if there are any; returns false if they are malformed. */
static bool json_vector(struct cursor *cursor, struct commit *commit)
{
	u64 sew, vl;
	s8 lmul;

	if (!eat(cursor, ",\"vector\":{\"sew\":"))
		return true;
	return eat_decimal(cursor, &sew) && eat(cursor, ",\"lmul\":\"") &&
	       eat_lmul(cursor, &lmul) && eat(cursor, "\",\"vl\":") && eat_decimal(cursor, &vl) &&
	       eat(cursor, "}") && found_vector(commit, sew, lmul, vl);
}

static bool json_regs(struct cursor *cursor, struct commit *commit)
{
	struct commit_reg reg;

	if (!eat(cursor, ",\"regs\":{"))
		return false;
	while (!eat(cursor, "}")) {
		eat(cursor, ",");
		if (!eat(cursor, "\"") || !eat_reg_name(cursor, &reg) || !eat(cursor, "\":\"") ||
		    !eat_reg_value(cursor, commit, &reg) || !eat(cursor, "\""))
			return false;
	}
	return true;
}

static bool json_mems(struct cursor *cursor, struct commit *commit)
{
	unsigned bytes;
	u64 va, value;

	if (!eat(cursor, ",\"mem\":["))
		return false;
	while (!eat(cursor, "]")) {
		eat(cursor, ",");
		if (!eat_quoted(cursor, "[", &va, &bytes))
			return false;
		value = bytes = 0;
		eat_quoted(cursor, ",", &value, &bytes);
		if (!eat(cursor, "]"))
			return false;
		commit_mem(commit, va, bytes, value);
	}
	return true;
}

static bool json_trap(struct cursor *cursor, struct commit *commit)
{
	unsigned bytes;

	while (*cursor->at && *cursor->at != '"')
		cursor->at++;
	commit->trap = true;
	return eat_quoted(cursor, "\",\"cause\":", &commit->cause, &bytes) &&
	       eat_quoted(cursor, ",\"tval\":", &commit->tval, &bytes) &&
	       (!commit_trap_has_gpa(commit->cause) ||
		eat_quoted(cursor, ",\"gpa\":", &commit->gpa, &bytes)) &&
	       eat(cursor, "}");
}

static bool json_commit(struct cursor *cursor, struct commit *commit)
{
	unsigned bytes;
	u64 hart, raw;

	if (!eat(cursor, "{\"hart\":") || !eat_decimal(cursor, &hart) ||
	    !eat(cursor, ",\"priv\":\"") || !json_priv(cursor, commit) ||
	    !eat_quoted(cursor, ",\"pc\":", &commit->pc, &bytes))
		return false;
	commit->hart = (unsigned)hart;
	if (eat(cursor, ",\"trap\":\""))
		return json_trap(cursor, commit);
	if (!eat_quoted(cursor, ",\"insn\":", &raw, &bytes))
		return false;
	commit->raw = (u32)raw;
	return json_vector(cursor, commit) && json_regs(cursor, commit) &&
	       json_mems(cursor, commit) && eat(cursor, "}");
}

bool commit_parse(const char *line, struct commit *commit)
{
	struct cursor cursor = { line };
	u64 hart;

	commit_clear(commit);
	if (*line == '{')
		return json_commit(&cursor, commit);
	if (!spike_core(&cursor, &hart))
		return false;
	commit->hart = (unsigned)hart;
	if (*cursor.at == 'e')
		return spike_trap(&cursor, commit);
	return spike_commit(&cursor, commit);
}
