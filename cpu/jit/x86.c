/* SPDX-License-Identifier: MIT */
/* The memo of encoded forms (see x86.h). */
#include "cpu/jit/x86.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FORMS 4096
#define FORM_ARGS 3

/* A number in an encoded form: where its bytes are. */
struct number {
	u8 at, size;
};

struct form {
	u64 key[2];
	u8 bytes[X86_MAX];
	u8 length;
	struct number disp, imm;
};

struct x86_forms {
	ZydisDecoder decoder;
	struct form form[FORMS];
};

struct x86_forms *x86_forms_create(void)
{
	struct x86_forms *forms = calloc(1, sizeof(*forms));

	if (forms)
		ZydisDecoderInit(&forms->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	return forms;
}

void x86_forms_free(struct x86_forms *forms)
{
	free(forms);
}

/* Returns the width class of a number: it is zero, or has 8, 32 or 64 bits. */
static unsigned width_of(s64 value)
{
	if (value == 0)
		return 0;
	if (value == (s8)value)
		return 1;
	return value == (s32)value || value == (s64)(u32)value ? 2 : 3;
}

/*
 * Returns what an operand contributes to the key of a form. An immediate of 0 has 8 bits: it has no
 * shorter form.
 */
static u64 key_of(const struct x86_arg *arg)
{
	u64 width = width_of(arg->value);

	if (arg->kind == X86_IMM)
		return X86_IMM | (width ? width : 1) << 2;
	return arg->kind | width << 2 | (u64)arg->size << 4 | (u64)arg->reg << 9 |
	       (u64)arg->index << 15 | (u64)arg->scale << 21;
}

/* Numbers by which a form is encoded. Each stands for all of its width. */
static const s64 samples[] = { 0, 0x55, 0x55555555, 0x5555555555555555 };

/* In Zydis's order of the byte registers, AH to BH come behind BL. */
static ZydisRegister zydis_reg(const struct x86_arg *arg)
{
	unsigned n = arg->reg;

	switch (arg->size) {
	case 1:
		return (ZydisRegister)(ZYDIS_REGISTER_AL + n + (n >= RSP ? 4 : 0));
	case 2:
		return (ZydisRegister)(ZYDIS_REGISTER_AX + n);
	case 4:
		return (ZydisRegister)(ZYDIS_REGISTER_EAX + n);
	case 8:
		return (ZydisRegister)(ZYDIS_REGISTER_RAX + n);
	default:
		return (ZydisRegister)(ZYDIS_REGISTER_XMM0 + (n - XMM0));
	}
}

static ZydisEncoderOperand operand_of(const struct x86_arg *arg)
{
	ZydisEncoderOperand operand = { 0 };

	switch (arg->kind) {
	case X86_REG:
		operand.type = ZYDIS_OPERAND_TYPE_REGISTER;
		operand.reg.value = zydis_reg(arg);
		break;
	case X86_MEM:
		operand.type = ZYDIS_OPERAND_TYPE_MEMORY;
		operand.mem.base = (ZydisRegister)(ZYDIS_REGISTER_RAX + arg->reg);
		if (arg->index != X86_NONE) {
			operand.mem.index = (ZydisRegister)(ZYDIS_REGISTER_RAX + arg->index);
			operand.mem.scale = arg->scale;
		}
		operand.mem.displacement = samples[width_of(arg->value)];
		operand.mem.size = arg->size;
		break;
	default:
		operand.type = ZYDIS_OPERAND_TYPE_IMMEDIATE;
		operand.imm.s = samples[MAX(width_of(arg->value), 1u)];
	}
	return operand;
}

/* Finds where the numbers are, by reading back what was encoded. */
static void find_numbers(const struct x86_forms *forms, struct form *form, ZydisMnemonic mnemonic)
{
	ZydisDecodedInstruction insn;
	bool ok = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&forms->decoder, NULL, form->bytes,
							     form->length, &insn));

	assert(ok && insn.length == form->length && insn.mnemonic == mnemonic);
	form->disp = (struct number){ insn.raw.disp.offset, insn.raw.disp.size / 8 };
	form->imm = (struct number){ insn.raw.imm[0].offset, insn.raw.imm[0].size / 8 };
}

static void encode(const struct x86_forms *forms, struct form *form, ZydisMnemonic mnemonic,
		   unsigned count, const struct x86_arg *args)
{
	ZydisEncoderRequest request = {
		.machine_mode = ZYDIS_MACHINE_MODE_LONG_64,
		.allowed_encodings = ZYDIS_ENCODABLE_ENCODING_LEGACY | ZYDIS_ENCODABLE_ENCODING_VEX,
		.mnemonic = mnemonic,
		.operand_count = (ZyanU8)count,
	};
	ZyanUSize length = X86_MAX;
	bool ok;

	for (unsigned n = 0; n < count; n++)
		request.operands[n] = operand_of(&args[n]);
	ok = ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, form->bytes, &length));
	assert(ok);
	form->length = (u8)length;
	find_numbers(forms, form, mnemonic);
}

static const struct form *form_of(struct x86_forms *forms, ZydisMnemonic mnemonic, unsigned count,
				  const struct x86_arg *args)
{
	u64 key[2] = { (u64)mnemonic + 1, 0 };
	struct form *form;
	u64 hash;

	assert(count <= FORM_ARGS);
	if (count > 0)
		key[0] |= key_of(&args[0]) << 16;
	if (count > 1)
		key[1] = key_of(&args[1]);
	if (count > 2)
		key[1] |= key_of(&args[2]) << 32;
	hash = (key[0] ^ key[1] << 7 ^ key[1] >> 25) * 0x9e3779b97f4a7c15ull;
	form = &forms->form[hash >> 52];
	if (unlikely(form->key[0] != key[0] || form->key[1] != key[1])) {
		encode(forms, form, mnemonic, count, args);
		form->key[0] = key[0];
		form->key[1] = key[1];
	}
	return form;
}

/* Fills a number in. A form has room for more bits than the sample had, or for as many. */
static void fill(u8 *bytes, struct number number, s64 value)
{
	assert(number.size || !value);
	memcpy(bytes + number.at, &value, number.size);
}

void x86_write(struct x86 *x86, ZydisMnemonic mnemonic, unsigned count, const struct x86_arg *args)
{
	const struct form *form = form_of(x86->forms, mnemonic, count, args);

	memcpy(x86->at, form->bytes, X86_MAX);
	for (unsigned n = 0; n < count; n++)
		if (args[n].kind == X86_IMM)
			fill(x86->at, form->imm, args[n].value);
		else if (args[n].kind == X86_MEM)
			fill(x86->at, form->disp, args[n].value);
	x86->at += form->length;
}

u8 *x86_jump(struct x86 *x86, ZydisMnemonic mnemonic)
{
	const struct x86_arg far = x86_imm(samples[2]);

	x86_write(x86, mnemonic, 1, &far);
	return x86->at - 4;
}
