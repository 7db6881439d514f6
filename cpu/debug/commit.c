/* SPDX-License-Identifier: MIT */
/*
 * Writes commits in both formats (commit.h); commit_parse.c reads them. The order is that of the
 * keys of Spike's map: registers by number, then by file (integer, floating-point, vector,
 * CSR), then loads, then stores.
 */
#include "cpu/debug/commit.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/exception.h"
#include "cpu/isa/isa.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const exceptions[24] = {
	"instruction_address_misaligned", "instruction_access_fault", "illegal_instruction",
	"breakpoint", "load_address_misaligned", "load_access_fault", "store_address_misaligned",
	"store_access_fault", "user_ecall", "supervisor_ecall", "virtual_supervisor_ecall",
	"machine_ecall", "instruction_page_fault", "load_page_fault", NULL, "store_page_fault",
	"double_trap", NULL, "software_check", NULL, "instruction_guest_page_fault",
	"load_guest_page_fault", "virtual_instruction", "store_guest_page_fault",
};

#define TRAP_PREFIX "trap_"
#define TRAP_NUMBER "trap #"
#define INTERRUPT_NUMBER "interrupt #"

static void name_trap(u64 cause, char *name, size_t size)
{
	u64 code = cause & ~CAUSE_INTERRUPT;

	if (cause & CAUSE_INTERRUPT)
		snprintf(name, size, INTERRUPT_NUMBER "%llu", code);
	else if (code < ARRAY_SIZE(exceptions) && exceptions[code])
		snprintf(name, size, TRAP_PREFIX "%s", exceptions[code]);
	else
		snprintf(name, size, TRAP_NUMBER "%llu", code);
}

bool commit_trap_cause(const char *name, u64 *cause)
{
	if (!strncmp(name, INTERRUPT_NUMBER, strlen(INTERRUPT_NUMBER))) {
		*cause = CAUSE_INTERRUPT | strtoull(name + strlen(INTERRUPT_NUMBER), NULL, 10);
		return true;
	}
	if (!strncmp(name, TRAP_NUMBER, strlen(TRAP_NUMBER))) {
		*cause = strtoull(name + strlen(TRAP_NUMBER), NULL, 10);
		return true;
	}
	if (strncmp(name, TRAP_PREFIX, strlen(TRAP_PREFIX)))
		return false;
	for (*cause = 0; *cause < ARRAY_SIZE(exceptions); ++*cause)
		if (exceptions[*cause] && !strcmp(exceptions[*cause], name + strlen(TRAP_PREFIX)))
			return true;
	return false;
}

bool commit_trap_has_tval(u64 cause)
{
	return !(cause & CAUSE_INTERRUPT) && (cause < CAUSE_ECALL_U || cause > CAUSE_ECALL_M);
}

bool commit_trap_has_gpa(u64 cause)
{
	return cause == CAUSE_FETCH_GUEST_PAGE || cause == CAUSE_LOAD_GUEST_PAGE ||
	       cause == CAUSE_STORE_GUEST_PAGE;
}

struct text {
	char *data;
	size_t size, used;
};

static PRINTF_LIKE(2, 3) void commit_put(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	if (text->used >= text->size)
		return;
	va_start(args, format);
	length = vsnprintf(text->data + text->used, text->size - text->used, format, args);
	va_end(args);
	text->used = MIN(text->used + (size_t)MAX(length, 0), text->size - 1);
}

void commit_clear(struct commit *commit)
{
	memset(commit, 0, offsetof(struct commit, regs));
}

void commit_copy(struct commit *to, const struct commit *from)
{
	memcpy(to, from, offsetof(struct commit, mems) + from->mem_count * sizeof(*from->mems));
}

static unsigned commit_order(const struct commit_reg *reg)
{
	static const u8 kind[] = {
		[COMMIT_X] = 0, [COMMIT_F] = 1, [COMMIT_V] = 2, [COMMIT_CSR] = 4
	};

	return reg->number << 4 | kind[reg->file];
}

void commit_reg(struct commit *commit, enum commit_file file, unsigned number, u64 value)
{
	const struct commit_reg reg = { .file = file, .number = (u16)number, .value = value };
	unsigned at = 0;

	while (at < commit->reg_count && commit_order(&commit->regs[at]) < commit_order(&reg))
		at++;
	if (at < commit->reg_count && commit_order(&commit->regs[at]) == commit_order(&reg)) {
		commit->regs[at].value = value;
		return;
	}
	if (commit->reg_count == COMMIT_REGS_MAX)
		return;
	for (unsigned n = commit->reg_count++; n > at; n--)
		commit->regs[n] = commit->regs[n - 1];
	commit->regs[at] = reg;
}

void commit_vector(struct commit *commit, unsigned number, const u8 *bytes)
{
	if (commit->vector_count == COMMIT_VECTORS_MAX || commit->vlenb > VLENB_MAX)
		return;
	memcpy(commit->vectors[commit->vector_count], bytes, commit->vlenb);
	commit_reg(commit, COMMIT_V, number, commit->vector_count++);
}

void commit_mem(struct commit *commit, u64 va, unsigned size, u64 value)
{
	u64 mask = size >= 8 ? UINT64_MAX : BIT(8 * size) - 1;

	if (commit->mem_count < COMMIT_MEMS_MAX)
		commit->mems[commit->mem_count++] = (struct commit_mem){
			.va = va, .value = value & mask, .size = (u8)size
		};
}

/* Writes a name such as "x5", "f3" or "c768_mstatus". */
static void put_reg_name(struct text *text, const struct commit_reg *reg)
{
	static const char names[] = { [COMMIT_X] = 'x', [COMMIT_F] = 'f', [COMMIT_V] = 'v' };
	char name[CSR_NAME_MAX];

	if (reg->file != COMMIT_CSR)
		commit_put(text, "%c%u", names[reg->file], reg->number);
	else if (csr_name(reg->number, name, sizeof(name)))
		commit_put(text, "c%u_%s", reg->number, name);
	else
		commit_put(text, "c%u_unknown", reg->number);
}

/* Writes a vector register as one number, in which the last digits are the first element. */
static void put_reg_value(struct text *text, const struct commit *commit,
			  const struct commit_reg *reg)
{
	if (reg->file != COMMIT_V) {
		commit_put(text, "0x%016llx", reg->value);
		return;
	}
	commit_put(text, "0x");
	for (unsigned at = commit->vlenb; at-- > 0;)
		commit_put(text, "%02x", commit->vectors[reg->value][at]);
}

static void put_lmul(struct text *text, const struct commit *commit)
{
	commit_put(text, "%s%u", commit->lmul < 0 ? "mf" : "m", 1u << abs(commit->lmul));
}

static void spike_vector(struct text *text, const struct commit *commit)
{
	commit_put(text, " e%u ", commit->sew);
	put_lmul(text, commit);
	commit_put(text, " l%llu", commit->vl);
}

/*
 * Spike pads the numbers of x, f and v registers to two columns. Its map has the entry for vtype
 * and vl after f0 and v0, but Spike prints that entry before the first vector register.
 */
static void spike_regs(struct text *text, const struct commit *commit)
{
	bool vector = commit->vector;

	for (unsigned n = 0; n < commit->reg_count; n++) {
		const struct commit_reg *reg = &commit->regs[n];

		if (vector && commit_order(reg) > 1) {
			spike_vector(text, commit);
			vector = false;
		}
		commit_put(text, " ");
		put_reg_name(text, reg);
		commit_put(text, "%s ", reg->file != COMMIT_CSR && reg->number < 10 ? " " : "");
		put_reg_value(text, commit, reg);
	}
	if (vector)
		spike_vector(text, commit);
}

static void spike_mems(struct text *text, const struct commit *commit)
{
	for (unsigned stores = 0; stores < 2; stores++)
		for (unsigned n = 0; n < commit->mem_count; n++) {
			const struct commit_mem *mem = &commit->mems[n];

			if (!!mem->size != stores)
				continue;
			commit_put(text, " mem 0x%016llx", mem->va);
			if (stores)
				commit_put(text, " 0x%0*llx", mem->size * 2, mem->value);
		}
}

static void print_spike(struct text *text, const struct commit *commit)
{
	char name[COMMIT_TRAP_MAX];

	commit_put(text, "core%4u: ", commit->hart);
	if (commit->trap) {
		name_trap(commit->cause, name, sizeof(name));
		commit_put(text, "exception %s, epc 0x%016llx\n", name, commit->pc);
		if (commit_trap_has_tval(commit->cause))
			commit_put(text, "core%4u:           tval 0x%016llx\n", commit->hart,
				   commit->tval);
		return;
	}
	commit_put(text, "%u 0x%016llx (0x%0*x)", commit->priv, commit->pc,
		   (int)insn_length(commit->raw) * 2, commit->raw);
	spike_regs(text, commit);
	spike_mems(text, commit);
	commit_put(text, "\n");
}

static void json_writes(struct text *text, const struct commit *commit)
{
	if (commit->vector) {
		commit_put(text, ",\"vector\":{\"sew\":%u,\"lmul\":\"", commit->sew);
		put_lmul(text, commit);
		commit_put(text, "\",\"vl\":%llu}", commit->vl);
	}
	commit_put(text, ",\"regs\":{");
	for (unsigned n = 0; n < commit->reg_count; n++) {
		commit_put(text, "%s\"", n ? "," : "");
		put_reg_name(text, &commit->regs[n]);
		commit_put(text, "\":\"");
		put_reg_value(text, commit, &commit->regs[n]);
		commit_put(text, "\"");
	}
	commit_put(text, "},\"mem\":[");
	for (unsigned n = 0; n < commit->mem_count; n++) {
		const struct commit_mem *mem = &commit->mems[n];

		commit_put(text, "%s[\"0x%016llx\"", n ? "," : "", mem->va);
		if (mem->size)
			commit_put(text, ",\"0x%0*llx\"", mem->size * 2, mem->value);
		commit_put(text, "]");
	}
	commit_put(text, "]");
}

static void json_trap(struct text *text, const struct commit *commit)
{
	commit_put(text, ",\"trap\":\"%s\",\"cause\":\"0x%016llx\",\"tval\":\"0x%016llx\"",
		   trap_name(commit->cause), commit->cause, commit->tval);
	if (commit_trap_has_gpa(commit->cause))
		commit_put(text, ",\"gpa\":\"0x%016llx\"", commit->gpa);
}

/*
 * Writes numbers as strings, because most JSON readers keep only 53 bits of a number. The line is
 * written without jansson, which takes six times as long (1.9 us instead of 0.3 for each
 * instruction). Nothing needs an escape, because all names are defined in this program.
 */
static void print_json(struct text *text, const struct commit *commit)
{
	commit_put(text, "{\"hart\":%u,\"priv\":\"%s\",\"pc\":\"0x%016llx\"", commit->hart,
		   priv_name(commit->priv, commit->virt), commit->pc);
	if (commit->trap) {
		json_trap(text, commit);
	} else {
		commit_put(text, ",\"insn\":\"0x%0*x\"", (int)insn_length(commit->raw) * 2,
			   commit->raw);
		json_writes(text, commit);
	}
	commit_put(text, "}\n");
}

size_t commit_print(const struct commit *commit, enum commit_format format, char *data, size_t size)
{
	struct text text = { .data = data, .size = size };

	if (format == COMMIT_SPIKE)
		print_spike(&text, commit);
	else
		print_json(&text, commit);
	return text.used;
}
