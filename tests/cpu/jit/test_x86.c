/* SPDX-License-Identifier: MIT */
/*
 * Tests the encoder of native code: Zydis's decoder reads back what it writes, for all registers,
 * all widths of numbers, and both the first and later uses of a form.
 */
#include "cpu/jit/x86.h"
#include "tests/cmocka.h"

#include <stdlib.h>

static const s64 numbers[] = {
	0, 1, 8, 127, 128, -1, -128, -129, 0x1548, 0x7fffffff, -0x7fffffffll
};

struct bench {
	struct x86_forms *forms;
	ZydisDecoder decoder;
	u8 code[64];
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->forms = x86_forms_create();
	assert_non_null(bench->forms);
	ZydisDecoderInit(&bench->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	x86_forms_free(bench->forms);
	free(bench);
	return 0;
}

/* Writes an instruction and reads it back. */
static void check(struct bench *bench, ZydisMnemonic mnemonic, unsigned count,
		  const struct x86_arg *args)
{
	struct x86 x = { .at = bench->code, .forms = bench->forms };

	x86_write(&x, mnemonic, count, args);
	assert_true(ZYAN_SUCCESS(ZydisDecoderDecodeFull(&bench->decoder, bench->code, X86_MAX,
							&bench->insn, bench->operand)));
	assert_int_equal(bench->insn.mnemonic, mnemonic);
	assert_int_equal(bench->insn.length, x.at - bench->code);
	assert_int_equal(bench->insn.operand_count_visible, count);
}

/* Compares an operand with a general register of `size` bytes by its number in encodings. */
static void check_reg(const ZydisDecodedOperand *operand, unsigned size, unsigned reg)
{
	assert_int_equal(operand->type, ZYDIS_OPERAND_TYPE_REGISTER);
	assert_int_equal(operand->size, size * 8);
	assert_int_equal(ZydisRegisterGetId(operand->reg.value) - (size == 1 && reg >= RSP ? 4 : 0),
			 reg);
}

static void check_mem(const ZydisDecodedOperand *operand, unsigned base, unsigned index,
		      unsigned scale, s64 disp)
{
	assert_int_equal(operand->type, ZYDIS_OPERAND_TYPE_MEMORY);
	assert_int_equal(ZydisRegisterGetId(operand->mem.base), base);
	assert_int_equal(operand->mem.disp.value, disp);
	if (index == X86_NONE) {
		assert_int_equal(operand->mem.index, ZYDIS_REGISTER_NONE);
		return;
	}
	assert_int_equal(ZydisRegisterGetId(operand->mem.index), index);
	assert_int_equal(operand->mem.scale, scale);
}

/* Tests every pair of registers, in each size. */
static void test_registers(void **state)
{
	struct bench *bench = *state;

	for (unsigned size = 1; size <= 8; size *= 2)
		for (unsigned pair = 0; pair < 256; pair++) {
			const struct x86_arg args[] = { x86_reg(size, pair / 16),
							x86_reg(size, pair % 16) };

			check(bench, ZYDIS_MNEMONIC_ADD, 2, args);
			check_reg(&bench->operand[0], size, pair / 16);
			check_reg(&bench->operand[1], size, pair % 16);
		}
}

static void test_vector_registers(void **state)
{
	struct bench *bench = *state;

	for (unsigned pair = 0; pair < 256; pair++) {
		const unsigned regs[] = { pair / 16, pair % 16 };
		const struct x86_arg args[] = { x86_xmm(XMM0 + regs[0]), x86_xmm(XMM0 + regs[1]) };

		check(bench, ZYDIS_MNEMONIC_ADDSD, 2, args);
		for (unsigned n = 0; n < 2; n++)
			assert_int_equal(bench->operand[n].reg.value,
					 ZYDIS_REGISTER_XMM0 + regs[n]);
	}
}

/* Tests every base with every index (RSP cannot be one), and every width of displacement, twice. */
static void test_memory(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 2 * 16 * 17 * ARRAY_SIZE(numbers); n++) {
		unsigned base = n % 16, index = n / 16 % 17;
		s64 disp = numbers[n / 16 / 17 % ARRAY_SIZE(numbers)];
		struct x86_arg args[] = { x86_reg(8, RDX), x86_at(8, base, disp) };

		if (index == RSP)
			continue;
		if (index < 16)
			args[1] = x86_indexed(8, base, index, 1u << n % 4, disp);
		check(bench, ZYDIS_MNEMONIC_MOV, 2, args);
		check_reg(&bench->operand[0], 8, RDX);
		check_mem(&bench->operand[1], base, index < 16 ? index : X86_NONE, 1u << n % 4,
			  disp);
	}
}

/* Immediates of an operation are sign-extended; a move can have all 64 bits. */
static void test_immediates(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 2 * 16 * ARRAY_SIZE(numbers); n++) {
		s64 number = numbers[n / 16 % ARRAY_SIZE(numbers)];
		const struct x86_arg args[] = { x86_reg(8, n % 16), x86_imm(number) };
		s64 wide = number * (1ll << 32) + 5;
		const struct x86_arg big[] = { x86_reg(8, n % 16), x86_imm(wide) };

		check(bench, ZYDIS_MNEMONIC_AND, 2, args);
		check_reg(&bench->operand[0], 8, n % 16);
		assert_int_equal(bench->operand[1].imm.value.s, number);
		check(bench, ZYDIS_MNEMONIC_MOV, 2, big);
		assert_int_equal(bench->operand[1].imm.value.s, wide);
	}
}

/* Tests a displacement and an immediate in one instruction. */
static void test_both_numbers(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 2 * ARRAY_SIZE(numbers) * ARRAY_SIZE(numbers); n++) {
		const struct x86_arg args[] = {
			x86_at(8, R12, numbers[n % ARRAY_SIZE(numbers)]),
			x86_imm(numbers[n / ARRAY_SIZE(numbers) % ARRAY_SIZE(numbers)]),
		};

		check(bench, ZYDIS_MNEMONIC_ADD, 2, args);
		check_mem(&bench->operand[0], R12, X86_NONE, 0, args[0].value);
		assert_int_equal(bench->operand[1].imm.value.s, args[1].value);
	}
}

/* Tests a displacement in the last of three operands. */
static void test_three_operands(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 2 * ARRAY_SIZE(numbers); n++) {
		s64 disp = numbers[n % ARRAY_SIZE(numbers)];
		const struct x86_arg args[] = { x86_xmm(XMM0), x86_xmm(XMM0 + 9),
						x86_at(8, R12, disp) };

		check(bench, ZYDIS_MNEMONIC_VFMADD213SD, 3, args);
		check_mem(&bench->operand[2], R12, X86_NONE, 0, disp);
	}
}

/* Tests a register in the last byte, also after a displacement. */
static void test_fourth_register(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < 32; n++) {
		const struct x86_arg a = x86_reg(32, XMM0 + n % 16), b = x86_reg(32, XMM0 + 9);
		const struct x86_arg memory = x86_at(32, R12, 0x1234);

		check(bench, ZYDIS_MNEMONIC_VPBLENDVB, 4,
		      (const struct x86_arg[]){ a, b, n < 16 ? a : memory,
						x86_fourth(XMM0 + n % 16) });
		assert_int_equal(bench->operand[3].reg.value, ZYDIS_REGISTER_YMM0 + n % 16);
		if (n >= 16)
			check_mem(&bench->operand[2], R12, X86_NONE, 0, 0x1234);
	}
	check(bench, ZYDIS_MNEMONIC_VBLENDVPS, 4,
	      (const struct x86_arg[]){ x86_xmm(XMM0), x86_xmm(XMM0 + 2), x86_xmm(XMM0 + 3),
					x86_fourth(XMM0 + 14) });
	assert_int_equal(bench->operand[3].reg.value, ZYDIS_REGISTER_XMM0 + 14);
}

/* Most of AVX-512's instructions can have a mask, but some cannot. */
static void test_never_masked(void **state)
{
	const struct x86_arg a = x86_reg(64, XMM16 + 1), b = x86_reg(64, XMM16 + 2),
			     c = x86_reg(64, XMM16 + 3), number = x86_imm(0x11);
	struct bench *bench = *state;

	check(bench, ZYDIS_MNEMONIC_VPCLMULQDQ, 4, (const struct x86_arg[]){ a, b, c, number });
	assert_int_equal(bench->operand[3].imm.value.u, 0x11);
	check(bench, ZYDIS_MNEMONIC_VPSLLDQ, 3, (const struct x86_arg[]){ a, b, number });
	assert_int_equal(bench->operand[2].imm.value.u, 0x11);
	check(bench, ZYDIS_MNEMONIC_VPSRLDQ, 3, (const struct x86_arg[]){ a, b, number });
	assert_int_equal(ZydisRegisterGetId(bench->operand[1].reg.value), 18);
	check(bench, ZYDIS_MNEMONIC_VAESENC, 3, (const struct x86_arg[]){ a, b, c });
	assert_int_equal(ZydisRegisterGetId(bench->operand[2].reg.value), 19);
}

/* SSE instructions are written as AVX ones if that is requested; others do not change. */
static void test_vex(void **state)
{
	static const struct {
		ZydisMnemonic sse, avx;
		unsigned operands; /* of both */
		bool twice; /* AVX has the result as an operand apart from the first source */
	} rows[] = {
		{ ZYDIS_MNEMONIC_ADDSD, ZYDIS_MNEMONIC_VADDSD, 2, true },
		{ ZYDIS_MNEMONIC_MINSS, ZYDIS_MNEMONIC_VMINSS, 2, true },
		{ ZYDIS_MNEMONIC_PCMPEQD, ZYDIS_MNEMONIC_VPCMPEQD, 2, true },
		{ ZYDIS_MNEMONIC_ROUNDSD, ZYDIS_MNEMONIC_VROUNDSD, 3, true },
		{ ZYDIS_MNEMONIC_UCOMISS, ZYDIS_MNEMONIC_VUCOMISS, 2, false },
		{ ZYDIS_MNEMONIC_MOVAPS, ZYDIS_MNEMONIC_VMOVAPS, 2, false },
		{ ZYDIS_MNEMONIC_SHA256MSG1, ZYDIS_MNEMONIC_SHA256MSG1, 2, false },
	};
	const struct x86_arg args[] = { x86_xmm(XMM0 + 3), x86_xmm(XMM0 + 9), x86_imm(1) };
	struct bench *bench = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct x86 x = { .at = bench->code, .forms = bench->forms, .vex = X86_VEX };

		x86_write(&x, rows[n].sse, rows[n].operands, args);
		assert_true(ZYAN_SUCCESS(ZydisDecoderDecodeFull(
			&bench->decoder, bench->code, X86_MAX, &bench->insn, bench->operand)));
		assert_int_equal(bench->insn.mnemonic, rows[n].avx);
		assert_int_equal(bench->insn.operand_count_visible,
				 rows[n].operands + rows[n].twice);
		assert_int_equal(ZydisRegisterGetId(bench->operand[0].reg.value), 3);
		if (rows[n].twice)
			assert_int_equal(ZydisRegisterGetId(bench->operand[1].reg.value), 3);
		assert_int_equal(
			ZydisRegisterGetId(bench->operand[rows[n].twice ? 2 : 1].reg.value), 9);
		if (rows[n].operands == 3)
			assert_int_equal(bench->operand[3].imm.value.u, 1);
	}
}

static void test_jumps(void **state)
{
	struct bench *bench = *state;
	struct x86 x = { .at = bench->code, .forms = bench->forms };
	u8 *place = x86_jump(&x, ZYDIS_MNEMONIC_JNZ);

	x86_patch(place, bench->code);
	assert_true(ZYAN_SUCCESS(ZydisDecoderDecodeFull(&bench->decoder, bench->code, X86_MAX,
							&bench->insn, bench->operand)));
	assert_int_equal(bench->insn.mnemonic, ZYDIS_MNEMONIC_JNZ);
	assert_int_equal(bench->operand[0].imm.value.s, -(s64)bench->insn.length);
	assert_ptr_equal(x.at, bench->code + bench->insn.length);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_registers, setup, teardown),
	cmocka_unit_test_setup_teardown(test_vector_registers, setup, teardown),
	cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
	cmocka_unit_test_setup_teardown(test_immediates, setup, teardown),
	cmocka_unit_test_setup_teardown(test_both_numbers, setup, teardown),
	cmocka_unit_test_setup_teardown(test_three_operands, setup, teardown),
	cmocka_unit_test_setup_teardown(test_fourth_register, setup, teardown),
	cmocka_unit_test_setup_teardown(test_never_masked, setup, teardown),
	cmocka_unit_test_setup_teardown(test_vex, setup, teardown),
	cmocka_unit_test_setup_teardown(test_jumps, setup, teardown),
	{ 0 },
};
