/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vector moves between element 0 and f registers, of ordered sums, and of vcpop.m and
 * vfirst.m. Except for the last two, a reserved frm makes them trap, so a frm other than 0 is left
 * to the body.
 */
#include "cpu/jit/emit/vector/permute.h"
#include "cpu/jit/emit/vector/select.h"

/* Sums of more elements are left to the body. */
#define SUM_MOST 32

/*
 * Finds the lanes of elements of SEW, which must be the width of a single or a double. Returns
 * false if the instruction is left to the body.
 */
static bool scalar_find_lanes(struct gen *gen, const struct insn *insn, struct lanes *lanes)
{
	return gen_row_lanes(gen, insn, gen_sew(gen), lanes) && lanes->size >= 2 &&
	       !vector_is_masked(insn->raw) && !(gen->block->key & BLOCK_KEY_RM);
}

static struct x86_arg element(const struct gen *gen, const struct lanes *lanes, unsigned reg,
			      unsigned n)
{
	s64 at = (s64)(reg * gen->hart->vector.vlenb + (n << lanes->size));

	return x86_at(1u << lanes->size, ENV, ENV_OF(vector.v) + at);
}

bool jit_v_move_f_s(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const struct x86_arg to = x86_xmm(XMM0);
	struct x86 *x = &gen->x;
	struct x86_arg from;
	struct lanes lanes;

	(void)how;
	if (!scalar_find_lanes(gen, insn, &lanes))
		return false;
	gen_require_start_0(gen);
	from = gen_first(gen, insn, lanes.size, insn->rs2);
	if (lanes.size == 2) {
		X86(x, VPCMPEQD, to, to, to);
		if (is_held(from))
			X86(x, VMOVSS, to, to, from);
		else
			X86(x, VPINSRD, to, to, from, x86_imm(0));
	} else {
		X86(x, VMOVQ, to, from);
	}
	gen_write_f(gen, insn->rd, XMM0);
	gen->held.reports_writes = true;
	return true;
}

bool jit_v_move_s_f(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	(void)how;
	if (!scalar_find_lanes(gen, insn, &lanes))
		return false;
	gen_require_start_0(gen);
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	gen_require_boxed(gen, insn->rs1, 1u << lanes.size);
	gen_read_bits(gen, RAX, insn->rs1);
	X86(&gen->x, MOV, element(gen, &lanes, insn->rd, 0), x86_reg(1u << lanes.size, RAX));
	gen_drop_bytes(gen, 1u << lanes.size, insn->rd, 0);
	gen->held.reports_writes = true;
	return true;
}

/* Emits vfmv.v.f, which sets all elements to a scalar. */
bool jit_v_move_v_f(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	if (!scalar_find_lanes(gen, insn, &lanes))
		return false;
	gen_require_boxed(gen, insn->rs1, 1u << lanes.size);
	return jit_v_move(gen, insn, how);
}

/* Adds element n to the sum in XMM0; with `widens` a single to a double. */
static void add_element(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			unsigned n, bool widens)
{
	const struct x86_arg sum = x86_xmm(XMM0), wide = x86_xmm(XMM1);
	const struct x86_arg from = element(gen, lanes, insn->rs2, n);
	struct x86 *x = &gen->x;

	if (widens) {
		/* Without this, the conversion waits for the last value of XMM1. */
		X86(x, VPXOR, wide, wide, wide);
		X86(x, VCVTSS2SD, wide, wide, from);
		X86(x, VADDSD, sum, sum, wide);
	} else if (lanes->size == 3) {
		X86(x, VADDSD, sum, sum, from);
	} else {
		X86(x, VADDSS, sum, sum, from);
	}
}

/* Adds the elements below vl to the sum. If vl is not known, it is in ECX. */
static void add_elements(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			 bool widens)
{
	const u64 known = gen_known_vl(gen);
	u8 *ends[SUM_MOST];
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < (known ? known : lanes->count); n++) {
		if (!known)
			X86(x, CMP, x86_reg(4, RCX), x86_imm(n));
		if (!known && n)
			ends[n] = x86_jump(x, ZYDIS_MNEMONIC_JBE);
		else if (!known)
			gen_slow_path(gen, ZYDIS_MNEMONIC_JBE);
		add_element(gen, insn, lanes, n, widens);
	}
	for (unsigned n = 1; n < lanes->count && !known; n++)
		x86_patch(ends[n], x->at);
}

/*
 * Emits sums; `size` JIT_V_TO_WIDE: of singles to a double. Unordered ones are also computed in the
 * order of elements, as the body does it. If the sum is a NaN, it is left to the body.
 */
bool jit_v_sum_floats(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const ZydisMnemonic moves[] = { ZYDIS_MNEMONIC_VMOVSS, ZYDIS_MNEMONIC_VMOVSD };
	const ZydisMnemonic tests[] = { ZYDIS_MNEMONIC_VUCOMISS, ZYDIS_MNEMONIC_VUCOMISD };
	const struct x86_arg sum = x86_xmm(XMM0);
	const bool widens = how->size == JIT_V_TO_WIDE;
	struct lanes lanes, wide;
	struct x86 *x = &gen->x;
	bool is_double;

	if (!scalar_find_lanes(gen, insn, &lanes) || lanes.count > SUM_MOST)
		return false;
	wide = lanes;
	wide.size += widens;
	is_double = wide.size == 3;
	gen_require_start_0(gen);
	gen_set_fp_dirty(gen);
	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	x86_write(x, moves[is_double], 2,
		  (const struct x86_arg[]){ sum, element(gen, &wide, insn->rs1, 0) });
	add_elements(gen, insn, &lanes, widens);
	x86_write(x, tests[is_double], 2, (const struct x86_arg[]){ sum, sum });
	gen_slow_path(gen, ZYDIS_MNEMONIC_JP);
	x86_write(x, moves[is_double], 2,
		  (const struct x86_arg[]){ element(gen, &wide, insn->rd, 0), sum });
	gen_drop_bytes(gen, 1u << wide.size, insn->rd, 0);
	gen->held.reports_writes = true;
	return true;
}

/* Masks of more than this many times 64 bits are left to the body. */
#define MASK_WORDS_MOST 8

/* Loads a word of vs2 into RCX, with only the bits of v0 if the instruction is masked. */
static void load_word(struct gen *gen, const struct insn *insn, unsigned word)
{
	X86(&gen->x, MOV, x86_reg(8, RCX), v_in_hart(gen, 8, insn->rs2, 8 * word));
	if (vector_is_masked(insn->raw))
		X86(&gen->x, AND, x86_reg(8, RCX), v_in_hart(gen, 8, 0, 8 * word));
}

/*
 * Adds the number of bits in RCX to RAX, or, with `flag`, sets RAX to the index of the first one if
 * there is any.
 */
static void add_word(struct gen *gen, const struct emitter *how, unsigned word)
{
	struct x86 *x = &gen->x;

	if (!how->flag) {
		X86(x, POPCNT, x86_reg(8, RCX), x86_reg(8, RCX));
		X86(x, ADD, x86_reg(8, RAX), x86_reg(8, RCX));
		return;
	}
	X86(x, BSF, x86_reg(8, RDX), x86_reg(8, RCX));
	/* LEA preserves the flags. */
	X86(x, LEA, x86_reg(8, RDX), x86_at(8, RDX, 64 * word));
	X86(x, CMOVNZ, x86_reg(8, RAX), x86_reg(8, RDX));
}

/*
 * Counts or searches the bits of whole words, beginning with the last word, so that the first bit
 * is found last.
 */
static void look_at_all(struct gen *gen, const struct insn *insn, const struct emitter *how,
			u64 vlmax)
{
	gen_require_all(gen, vlmax);
	X86(&gen->x, MOV, x86_reg(8, RAX), x86_imm(how->flag ? -1 : 0));
	for (unsigned word = (unsigned)vlmax / 64; word-- > 0;) {
		load_word(gen, insn, word);
		add_word(gen, how, word);
	}
}

/* Emits vcpop.m, and with `flag` vfirst.m. */
bool jit_v_bits(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	u64 vlmax = gen_vlmax(gen, gen_vtype(gen));
	struct x86 *x = &gen->x;

	if (vlmax / 64 > MASK_WORDS_MOST || !gen->jit->host.has_bmi2)
		return false;
	gen_require_start_0(gen);
	if (vlmax > 64) {
		look_at_all(gen, insn, how, vlmax);
	} else {
		gen_active_bits(gen, vector_is_masked(insn->raw));
		X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RAX));
		X86(x, AND, x86_reg(8, RCX), v_in_hart(gen, 8, insn->rs2, 0));
		X86(x, MOV, x86_reg(8, RAX), x86_imm(how->flag ? -1 : 0));
		add_word(gen, how, 0);
	}
	gen_write_x(gen, insn->rd, RAX);
	gen->held.reports_writes = true;
	return true;
}
