/* SPDX-License-Identifier: MIT */
/* Writes all rows with an emitter (see key_rows.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/key_rows.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/jit.h"

#include <string.h>

/*
 * Encodes a floating-point row with registers whose numbers give results that are rounded; the end
 * of the row's name tells their format.
 */
static u32 encode_float(u32 raw, unsigned op)
{
	const char *name = isa_ops[op].name;
	char last = name[strlen(name) - 1];

	raw &= ~(31u << 15 | 31u << 20 | 31u << 27);
	if (last == 's')
		return raw | 10u << 15 | 13u << 20 | 14u << 27;
	return raw | (last == 'd' ? 20u : 16u) << 15 | 22u << 20 | 15u << 27;
}

/* Encodes a vector row with operands: masked or not, with groups of two or four registers. */
static u32 encode_vector(const struct isa *isa, unsigned op, unsigned variant)
{
	static const u32 fields[] = {
		12u << 7 | 10u << 15 | 14u << 20 | 1u << 29,
		24u << 7 | 20u << 15 | 28u << 20 | 1u << 25 | 3u << 29,
	};

	return (fields[variant] & ~isa->mask[op]) | isa->match[op];
}

u32 key_encode(const struct isa *isa, unsigned op, unsigned variant)
{
	static const u32 fields[] = {
		12u << 7 | 10u << 15 | 13u << 20 | 14u << 27,
		21u << 7 | 20u << 15 | 22u << 20 | 7u << 12 | 15u << 27,
	};
	u32 raw = fields[variant];

	if (class_is_vector(isa_ops[op].class))
		return encode_vector(isa, op, variant);
	if (class_is_fp(isa_ops[op].class) && !class_touches_memory(isa_ops[op].class))
		raw = encode_float(raw, op);
	if (isa_ops[op].class == CLASS_CSR)
		raw = (variant ? 0x100u : 0x140u) << 20 | 12u << 7;
	if (op == OP_jal)
		raw = 12u << 7;
	if (op == OP_jalr)
		raw = 12u << 7 | 5u << 15;
	if (isa_ops[op].class == CLASS_ALU && isa_ops[op].format == isa_ops[OP_addi].format)
		raw &= ~(0x7ffu << 21); /* a small immediate */
	raw = (raw & ~isa->mask[op]) | isa->match[op];
	if (isa_ops[op].class == CLASS_BRANCH)
		return encode_branch(raw, 4);
	if (op == OP_jal)
		return encode_jump(raw, 4);
	if (op == OP_jalr)
		return raw | 8u << 20;
	if (isa_ops[op].class == CLASS_LOAD || isa_ops[op].class == CLASS_FLOAD)
		return raw & 0xfffff;
	if (isa_ops[op].class == CLASS_STORE || isa_ops[op].class == CLASS_FSTORE)
		return raw & 0x1fff07f;
	return raw;
}

static void emit_row(struct emit *e, const struct isa *isa, unsigned op, unsigned variant)
{
	if (op == OP_jalr)
		emit(e, isa->match[OP_auipc] | 5u << 7);
	emit(e, key_encode(isa, op, variant));
}

/*
 * Returns the pass in which a row is written: rows whose emitters depend on the mode come after the
 * others, and rows that trap come last.
 */
static unsigned pass_of(unsigned op)
{
	if (isa_ops[op].class == CLASS_SYSTEM)
		return 2;
	return isa_ops[op].class == CLASS_CSR || op == OP_cbo_zero;
}

/*
 * Returns whether a variant of a row is written in this pass. While the vector unit is off, vector
 * rows trap with any operands, so one variant of them suffices. While it is on, there are vector
 * rows only, and those that set vtype come later.
 */
static bool is_written(unsigned op, unsigned variant, unsigned pass, bool vectors)
{
	enum insn_class class = isa_ops[op].class;

	if (!emitters[op].emit || pass_of(op) != pass)
		return false;
	return vectors ? class_is_vector(class) && class != CLASS_VSET :
			 !(variant && class_is_vector(class));
}

#define CSR_VTYPE 0xc21

/* The last four are vstart, vxsat, vxrm and vcsr. */
static const u16 vector_csrs[] = { CSR_VL, CSR_VLENB, CSR_VTYPE, 0x008, 0x009, 0x00a, 0x00f };

/*
 * Sets vtype before a row in several ways, each time from the value of the context: to the same
 * value, to other policies, and to another type. Also reads the CSRs that depend on it.
 */
static void write_vtypes(struct key_rows *rows, struct emit *e, u32 vtype)
{
	const u32 next[] = { vtype, vtype ^ 0x40, vtype ^ 0x80, vtype ^ 0xc0, 0x00, 0x18, 0x10 };

	emit_csr(e, e->match[OP_csrrs], 28, 0, CSR_VTYPE);
	for (unsigned n = 0; n < 2 * ARRAY_SIZE(next); n++) {
		emit_r(e, e->match[OP_vsetvl], 0, 10, 28);
		if (n % 2)
			emit(e, e->match[OP_vsetivli] | 12u << 7 | 1u << 15 | next[n / 2] << 20);
		else
			emit(e, e->match[OP_vsetvli] | 12u << 7 | 10u << 15 | next[n / 2] << 20);
		emit_r(e, e->match[OP_vadd_vv] | 1u << 25, 8, 12, 14);
		emit_csr(e, e->match[OP_csrrs], 13, 0, CSR_VTYPE);
		emit_r(e, e->match[OP_add], 14, 14, 13);
	}
	rows->moded = e->pc;
	for (unsigned n = 0; n < ARRAY_SIZE(vector_csrs); n++)
		emit_csr(e, e->match[OP_csrrs], 13, 0, vector_csrs[n]);
}

void key_write_rows(struct key_rows *rows, struct emit *e, const struct isa *isa,
		    const struct context *context)
{
	u64 first = e->pc;

	for (unsigned pass = 0; pass < 3; pass++) {
		if (pass == 1)
			rows->moded = e->pc;
		for (unsigned n = 0; n < 2 * OP_COUNT; n++)
			if (is_written(n / 2, n % 2, pass, context->vectors))
				emit_row(e, isa, n / 2, n % 2);
	}
	if (context->vectors)
		write_vtypes(rows, e, context->vtype);
	rows->end = e->pc;
	rows->insns = (e->pc - first) / 4;
	emit_jump(e, e->pc);
	assert_true(e->pc <= first + PAGE_SIZE);
}
