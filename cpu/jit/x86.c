/* SPDX-License-Identifier: MIT */
/* Encodes instructions, and keeps their encoded forms (see x86.h). */
#include "cpu/jit/x86.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * The number of forms that are kept, and the size of the hash table that finds them, of which at
 * most an eighth is used.
 */
#define FORMS 4096
#define FORM_BITS 15

struct form {
	u64 head, tail; /* the key */
	u8 bytes[X86_MAX];
	u8 length;
	u8 disp, imm; /* where the numbers are; `length`: there is none */
};

struct x86_forms {
	ZydisDecoder decoder;
	u16 place[1 << FORM_BITS]; /* by the key's hash, or later: a form's number; 0: none */
	u16 count;
	struct form form[FORMS]; /* those up to `count`; the first has no key */
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

/* Sample numbers with which forms are encoded: each represents all numbers of its width. */
static const s64 samples[] = { 0, 0x55, 0x55555555, 0x5555555555555555 };

/* Returns Zydis's name of a register. In its order of the byte registers, AH to BH follow BL. */
static ZydisRegister zydis_reg(unsigned size, unsigned n)
{
	if (n >= K0)
		return (ZydisRegister)(ZYDIS_REGISTER_K0 + (n - K0));
	switch (size) {
	case 1:
		return (ZydisRegister)(ZYDIS_REGISTER_AL + n + (n >= RSP ? 4 : 0));
	case 2:
		return (ZydisRegister)(ZYDIS_REGISTER_AX + n);
	case 4:
		return (ZydisRegister)(ZYDIS_REGISTER_EAX + n);
	case 8:
		return (ZydisRegister)(ZYDIS_REGISTER_RAX + n);
	case 32:
		return (ZydisRegister)(ZYDIS_REGISTER_YMM0 + (n - XMM0));
	case 64:
		return (ZydisRegister)(ZYDIS_REGISTER_ZMM0 + (n - XMM0));
	default:
		return (ZydisRegister)(ZYDIS_REGISTER_XMM0 + (n - XMM0));
	}
}

static ZydisEncoderOperand operand_of(u32 form)
{
	const unsigned reg = x86_base((struct x86_arg){ .form = form });
	const unsigned size = form >> X86_SIZE & 127, index = form >> X86_INDEX & 63;
	const s64 sample = samples[form >> X86_WIDTH & 3];
	ZydisEncoderOperand operand = { 0 };

	switch (form & 3) {
	case X86_REG:
		operand.type = ZYDIS_OPERAND_TYPE_REGISTER;
		operand.reg.value = zydis_reg(size, reg);
		break;
	case X86_MEM:
		operand.type = ZYDIS_OPERAND_TYPE_MEMORY;
		operand.mem.base = (ZydisRegister)(ZYDIS_REGISTER_RAX + reg);
		/* Gathers and scatters have an index that is a vector of 64 bytes. */
		if (index != X86_NONE) {
			operand.mem.index = zydis_reg(index < XMM0 ? 8 : 64, index);
			operand.mem.scale = (ZyanU8)(form >> X86_SCALE & 15);
		}
		operand.mem.displacement = sample;
		operand.mem.size = (ZyanU16)size;
		break;
	default:
		operand.type = ZYDIS_OPERAND_TYPE_IMMEDIATE;
		operand.imm.s = sample;
	}
	return operand;
}

/* Returns whether an operand that was decoded is the one that was requested. */
static bool is_asked(const ZydisDecodedOperand *is, const ZydisEncoderOperand *asked)
{
	if (is->type != asked->type)
		return false;
	switch (is->type) {
	case ZYDIS_OPERAND_TYPE_REGISTER:
		return is->reg.value == asked->reg.value;
	case ZYDIS_OPERAND_TYPE_MEMORY:
		return is->mem.base == asked->mem.base && is->mem.index == asked->mem.index &&
		       is->mem.scale == asked->mem.scale &&
		       is->mem.disp.value == asked->mem.displacement &&
		       is->size == asked->mem.size * 8;
	default:
		return is->imm.value.s == asked->imm.s;
	}
}

/* Finds where the displacement and the immediate are, by decoding what was encoded. */
static void find_numbers(const struct x86_forms *forms, struct form *form,
			 const ZydisEncoderRequest *request)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction insn;
	bool ok = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&forms->decoder, form->bytes, form->length,
						      &insn, operands));

	assert(ok && insn.length == form->length && insn.mnemonic == request->mnemonic);
	assert(insn.operand_count_visible == request->operand_count);
	for (unsigned n = 0; n < request->operand_count; n++)
		assert(is_asked(&operands[n], &request->operands[n]));
	form->disp = insn.raw.disp.size ? insn.raw.disp.offset : form->length;
	form->imm = insn.raw.imm[0].size ? insn.raw.imm[0].offset : form->length;
}

static bool is_register(u32 form, unsigned from, unsigned below)
{
	unsigned reg = x86_base((struct x86_arg){ .form = form });

	return (form & 3) == X86_REG && reg >= from && reg < below;
}

/*
 * Returns whether the instruction can have a mask as one of AVX-512. AES rounds, carry-less
 * products, moves of a single number, and shifts and sums of bytes cannot.
 */
static bool is_maskable(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_VMOVD:
	case ZYDIS_MNEMONIC_VMOVQ:
	case ZYDIS_MNEMONIC_VPINSRB:
	case ZYDIS_MNEMONIC_VPINSRW:
	case ZYDIS_MNEMONIC_VPINSRD:
	case ZYDIS_MNEMONIC_VPINSRQ:
	case ZYDIS_MNEMONIC_VPEXTRB:
	case ZYDIS_MNEMONIC_VPEXTRW:
	case ZYDIS_MNEMONIC_VPEXTRD:
	case ZYDIS_MNEMONIC_VPEXTRQ:
	case ZYDIS_MNEMONIC_VPSLLDQ:
	case ZYDIS_MNEMONIC_VPSRLDQ:
	case ZYDIS_MNEMONIC_VPSADBW:
	case ZYDIS_MNEMONIC_VPCLMULQDQ:
		return false;
	default:
		return mnemonic < ZYDIS_MNEMONIC_VAESDEC ||
		       mnemonic > ZYDIS_MNEMONIC_VAESKEYGENASSIST;
	}
}

/*
 * The AVX instructions that replace those of SSE. `twice` is set where the SSE instruction also
 * reads its result register: the AVX instruction needs that source as an operand of its own.
 */
static const struct {
	u16 sse, avx;
	bool twice;
} vex_forms[] = {
#define SAME(name) { ZYDIS_MNEMONIC_##name, ZYDIS_MNEMONIC_V##name, false }
#define TWICE(name) { ZYDIS_MNEMONIC_##name, ZYDIS_MNEMONIC_V##name, true }
	SAME(MOVAPS), SAME(MOVD), SAME(MOVQ), SAME(UCOMISS), SAME(UCOMISD),
	SAME(COMISS), SAME(COMISD), SAME(PEXTRD), SAME(PEXTRW), SAME(CVTSS2SI), SAME(CVTSD2SI),
	SAME(CVTTSS2SI), SAME(CVTTSD2SI), TWICE(ADDSS), TWICE(ADDSD), TWICE(SUBSS), TWICE(SUBSD),
	TWICE(MULSS), TWICE(MULSD), TWICE(DIVSS), TWICE(DIVSD), TWICE(SQRTSS), TWICE(SQRTSD),
	TWICE(ROUNDSS), TWICE(ROUNDSD), TWICE(CVTSD2SS), TWICE(CVTSS2SD), TWICE(CVTSI2SS),
	TWICE(CVTSI2SD), TWICE(PCMPEQD), TWICE(PINSRD), TWICE(PINSRW), TWICE(PXOR), TWICE(ANDPS),
	TWICE(ORPS), TWICE(XORPS), TWICE(ANDNPS), TWICE(PSLLQ), TWICE(PSRLQ), TWICE(MOVSS),
	TWICE(MINSS), TWICE(MINSD), TWICE(MAXSS), TWICE(MAXSD),
#undef SAME
#undef TWICE
};

/*
 * Turns an SSE instruction into the AVX one. If the first of two operands is also a source, it is
 * repeated as the second one. A request with three operands already names its sources separately;
 * an immediate does not count.
 */
static void use_vex(ZydisEncoderRequest *request)
{
	ZydisEncoderOperand *operands = request->operands;
	const bool third = request->operand_count == 3 &&
			   operands[2].type != ZYDIS_OPERAND_TYPE_IMMEDIATE;

	for (unsigned n = 0; n < ARRAY_SIZE(vex_forms); n++) {
		if (vex_forms[n].sse != request->mnemonic)
			continue;
		request->mnemonic = (ZydisMnemonic)vex_forms[n].avx;
		if (!vex_forms[n].twice || third)
			return;
		memmove(operands + 1, operands, request->operand_count++ * sizeof(*operands));
		return;
	}
}

/*
 * Returns a sample of the fourth operand, which is in the instruction's last byte: a register for
 * some mnemonics, otherwise an immediate. `first` is the form of the first operand.
 */
static ZydisEncoderOperand fourth_operand(ZydisMnemonic mnemonic, u32 first)
{
	const bool is_register = mnemonic == ZYDIS_MNEMONIC_VPBLENDVB ||
				 mnemonic == ZYDIS_MNEMONIC_VBLENDVPS;
	const unsigned size = first >> X86_SIZE & 127;
	const struct x86_arg sample = is_register ? x86_reg(size, XMM0 + (samples[1] >> 4)) :
						    x86_imm(samples[1]);
	ZydisEncoderOperand operand = operand_of(sample.form);

	operand.reg.is4 = is_register;
	return operand;
}

/*
 * Sets the operands. Instructions of AVX-512 have a mask after the first one, where K0 means none.
 */
static void set_operands(ZydisEncoderRequest *request, u64 head, u64 tail)
{
	const u32 forms[] = { (u32)head, (u32)(tail >> 32), (u32)tail };
	const bool maskable = is_maskable(request->mnemonic);
	bool masked = false;

	for (unsigned n = 0; n < ARRAY_SIZE(forms) && maskable; n++)
		masked |= is_register(forms[n], XMM16, K0);
	for (unsigned n = 0; n < ARRAY_SIZE(forms) && forms[n]; n++) {
		request->operands[request->operand_count++] = operand_of(forms[n]);
		if (masked && n == 0)
			request->operands[request->operand_count++] =
				operand_of(x86_reg(8, K0 + (forms[0] >> X86_MASK)).form);
	}
	if (head >> 32 & X86_FOURTH)
		request->operands[request->operand_count++] =
			fourth_operand(request->mnemonic, forms[0]);
}

static void encode(const struct x86_forms *forms, struct form *form, u64 head, u64 tail)
{
	ZydisEncoderRequest request = {
		.machine_mode = ZYDIS_MACHINE_MODE_LONG_64,
		.allowed_encodings = ZYDIS_ENCODABLE_ENCODING_LEGACY |
				     ZYDIS_ENCODABLE_ENCODING_VEX | ZYDIS_ENCODABLE_ENCODING_EVEX,
		.mnemonic = (ZydisMnemonic)(head >> 32 & (X86_VEX - 1)),
	};
	ZyanUSize length = X86_MAX;
	bool ok;

	set_operands(&request, head, tail);
	if (head >> 32 & X86_VEX)
		use_vex(&request);
	ok = ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, form->bytes, &length));
	assert(ok);
	form->length = (u8)length;
	form->head = head;
	form->tail = tail;
	find_numbers(forms, form, &request);
}

static u64 hash_of(u64 head, u64 tail)
{
	u64 hash = head * 0x9e3779b97f4a7c15ull ^ tail * 0xc2b2ae3d27d4eb4full;

	return hash >> (64 - FORM_BITS);
}

/*
 * Returns the form when another one has the place of its hash, by searching the following places.
 * Encodes the form if it is not there.
 */
static const struct form *find_form(struct x86_forms *forms, u64 head, u64 tail)
{
	u64 at = hash_of(head, tail);
	struct form *form;

	for (; forms->place[at]; at = (at + 1) % ARRAY_SIZE(forms->place)) {
		form = &forms->form[forms->place[at]];
		if (form->head == head && form->tail == tail)
			return form;
	}
	if (forms->count == FORMS - 1) {
		memset(forms->place, 0, sizeof(forms->place));
		forms->count = 0;
		at = hash_of(head, tail);
	}
	forms->place[at] = ++forms->count;
	form = &forms->form[forms->count];
	encode(forms, form, head, tail);
	return form;
}

/*
 * Copies a form and fills in its numbers. An instruction ends with its immediate, or else with its
 * displacement, so each number can be written with all its eight bytes: those that do not belong to
 * it, or all of them if the form has no such number, land after the instruction.
 */
static ALWAYS_INLINE void copy_form(struct x86 *x86, const struct form *form, s64 disp, s64 imm)
{
	u8 *at = x86->at;

	memcpy(at, form->bytes, X86_MAX);
	memcpy(at + form->disp, &disp, sizeof(disp));
	memcpy(at + form->imm, &imm, sizeof(imm));
	x86->at = at + form->length;
}

/*
 * Writes a form that is not at its hash's place. It is a function of its own to keep x86_put short.
 */
static __attribute__((noinline)) void put_found(struct x86 *x86, u64 head, u64 tail, s64 disp,
						s64 imm)
{
	copy_form(x86, find_form(x86->forms, head, tail), disp, imm);
}

void x86_put(struct x86 *x86, u64 head, u64 tail, s64 disp, s64 imm)
{
	const struct x86_forms *forms = x86->forms;
	const struct form *form = &forms->form[forms->place[hash_of(head, tail)]];

	if (likely(form->head == head && form->tail == tail))
		copy_form(x86, form, disp, imm);
	else
		put_found(x86, head, tail, disp, imm);
}

u8 *x86_jump(struct x86 *x86, ZydisMnemonic mnemonic)
{
	const struct x86_arg far = x86_imm(samples[2]);

	x86_write(x86, mnemonic, 1, &far);
	return x86->at - 4;
}
