/* SPDX-License-Identifier: MIT */
/*
 * Dumps native code: each guest instruction, and below it the host code that was made of it. Places
 * are offsets in the memory for native code, so that those of two runs can be compared.
 */
#include "cpu/isa/disasm.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/listing/listing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct dump {
	const struct jit *jit;
	ZydisDecoder decoder;
	ZydisFormatter formatter;
};

static void dump_init(struct dump *dump, const struct jit *jit)
{
	dump->jit = jit;
	ZydisDecoderInit(&dump->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisFormatterInit(&dump->formatter, ZYDIS_FORMATTER_STYLE_INTEL);
	ZydisFormatterSetProperty(&dump->formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
	ZydisFormatterSetProperty(&dump->formatter, ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE, 6);
}

static void PRINTF_LIKE(2, 3) say(const struct dump *dump, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dump->jit->listing.dump(dump->jit->listing.ctx, text);
}

static u64 dump_offset(const struct dump *dump, const u8 *at)
{
	return (u64)(at - dump->jit->arena.write);
}

/* Returns the target of the 32-bit offset at `place`. */
static const u8 *target_of(const u8 *place)
{
	s32 offset;

	memcpy(&offset, place, sizeof(offset));
	return place + 4 + offset;
}

/* Names the stub to which a jump or a call leads. */
static void print_stub(const struct dump *dump, const u8 *target)
{
	struct jit_stub stub;

	for (unsigned n = 0; jit_stub(dump->jit, n, &stub); n++)
		if (stub.begin == target)
			say(dump, " <%s>", stub.name);
}

/* Prints an instruction of the host and returns the address after it. */
static const u8 *print_host(const struct dump *dump, const u8 *at)
{
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	char text[128];
	u64 offset = dump_offset(dump, at);
	ZyanU64 target;

	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&dump->decoder, at, X86_MAX, &insn, operands))) {
		say(dump, "    %06llx: .byte 0x%02x\n", offset, *at);
		return at + 1;
	}
	ZydisFormatterFormatInstruction(&dump->formatter, &insn, operands,
					insn.operand_count_visible, text, sizeof(text), offset,
					ZYAN_NULL);
	say(dump, "    %06llx: %s", offset, text);
	if ((insn.attributes & ZYDIS_ATTRIB_IS_RELATIVE) && insn.raw.imm[0].is_relative &&
	    ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&insn, operands, offset, &target)))
		print_stub(dump, dump->jit->arena.write + target);
	say(dump, "\n");
	return at + insn.length;
}

static void print_range(const struct dump *dump, const u8 *at, const u8 *end)
{
	while (at < end)
		at = print_host(dump, at);
}

void jit_dump_stubs(const struct jit *jit)
{
	struct dump dump;
	struct jit_stub stub;

	dump_init(&dump, jit);
	say(&dump, "# Native code of Baya. It is at 0x%llx; places are offsets from there.\n",
	    (u64)(uintptr_t)jit->arena.run);
	for (unsigned n = 0; jit_stub(jit, n, &stub); n++) {
		say(&dump, "\nstub %s: %llu bytes\n", stub.name, (u64)(stub.end - stub.begin));
		print_range(&dump, stub.begin, stub.end);
	}
}

static void print_guest(const struct dump *dump, const struct gen *gen, const struct insn *insn,
			const char *before)
{
	u64 pc = gen->hart->pc + insn->at * 2u;
	char text[DISASM_MAX];

	disasm(gen->hart->isa, pc, insn->raw, text, sizeof(text));
	say(dump, "  %s0x%llx: %s\n", before, pc, text);
}

/* Prints what begins at this place of the block's code, if anything does. */
static void print_labels(const struct dump *dump, const struct gen *gen, const u8 *at)
{
	const struct block *block = gen->block;

	if (at == gen->call)
		say(dump, "  calls:\n");
	if (block->entry == jit_arena_run(&gen->jit->arena, at))
		say(dump, "  entry:\n");
	if (at == gen->direct)
		say(dump, "  entry from its page:\n");
	if (at == target_of(gen->refusal))
		say(dump, "  the slice ends:\n");
	if (gen->move_fp && at == target_of(gen->move_fp))
		say(dump, "  f registers are elsewhere:\n");
	for (unsigned n = 0; n < block->count; n++)
		if (at == gen->place[n].code)
			print_guest(dump, gen, gen_insn(gen, n), "");
	for (unsigned n = 0; n < block->count; n++)
		if (at == gen->place[n].strip)
			print_guest(dump, gen, gen_insn(gen, n), "strip ");
	for (unsigned n = 0; n < block->count; n++)
		if (at == gen->place[n].ungrouped)
			print_guest(dump, gen, gen_insn(gen, n), "ungrouped ");
	for (unsigned n = 0; n < gen->side_exits; n++)
		if (at == target_of(gen->side_exit[n].jump))
			print_guest(dump, gen, gen_insn(gen, gen->side_exit[n].next - 1), "taken ");
	for (unsigned n = 0; n < gen->slow_paths; n++)
		if (!gen->slow_path[n].place && at == target_of(gen->slow_path[n].jump[0]))
			print_guest(dump, gen, gen->slow_path[n].insn, "called ");
}

static void print_part(const struct dump *dump, const struct gen *gen, const u8 *at, const u8 *end)
{
	while (at < end) {
		print_labels(dump, gen, at);
		at = print_host(dump, at);
	}
}

void jit_dump_block(const struct gen *gen, const char *name)
{
	const struct block *block = gen->block;
	struct dump dump;

	dump_init(&dump, gen->jit);
	say(&dump, "\nblock 0x%llx%s%s%s: physical 0x%llx, key 0x%x, ", gen->hart->pc,
	    *name ? " <" : "", name, *name ? ">" : "", block->pa, block->key);
	say(&dump, "%u instructions in %u bytes, %llu bytes of code\n", block->count, block->bytes,
	    (u64)(gen->x.at - gen->begin + gen->cold.at - gen->cold_begin));
	print_part(&dump, gen, gen->begin, gen->x.at);
	print_part(&dump, gen, gen->cold_begin, gen->cold.at);
}
