/* SPDX-License-Identifier: MIT */
/*
 * Misaligned loads and stores of S, U, VS and VU, byte by byte, each translated and checked as in
 * the mode that trapped. Integer and floating-point accesses are handled, compressed or not.
 * Accesses that must be single (AMO, LR, SC), vectors, HLV and HSV are left to S-mode.
 */
#include "firmware/misaligned.h"
#include "firmware/csr.h"
#include "firmware/floats.h"
#include "firmware/guarded.h"

enum kind {
	LOAD_SIGNED,
	LOAD_UNSIGNED,
	LOAD_FLOAT,
	STORE,
	STORE_FLOAT,
};

/*
 * The lowest bit of the register's field. FIELD_C_PRIME is bits 4 to 2, which name registers 8 to
 * 15.
 */
enum field {
	FIELD_C_PRIME = 0,
	FIELD_RD = 7,
	FIELD_RS2 = 20,
	FIELD_C_RD = 7,
	FIELD_C_RS2 = 2,
};

/* Unprivileged manual, "RV32/64G Instruction Set Listings" and "RVC Instruction Set Listings". */
static const struct form {
	u32 mask, match;
	u8 kind, field, size;
	bool zcd; /* an encoding of Zcd, for which Zcmp has other instructions */
} forms[] = {
	{ 0x707f, 0x1003, LOAD_SIGNED, FIELD_RD, 2, false }, /* lh */
	{ 0x707f, 0x2003, LOAD_SIGNED, FIELD_RD, 4, false }, /* lw */
	{ 0x707f, 0x3003, LOAD_SIGNED, FIELD_RD, 8, false }, /* ld */
	{ 0x707f, 0x5003, LOAD_UNSIGNED, FIELD_RD, 2, false }, /* lhu */
	{ 0x707f, 0x6003, LOAD_UNSIGNED, FIELD_RD, 4, false }, /* lwu */
	{ 0x707f, 0x1007, LOAD_FLOAT, FIELD_RD, 2, false }, /* flh */
	{ 0x707f, 0x2007, LOAD_FLOAT, FIELD_RD, 4, false }, /* flw */
	{ 0x707f, 0x3007, LOAD_FLOAT, FIELD_RD, 8, false }, /* fld */
	{ 0x707f, 0x1023, STORE, FIELD_RS2, 2, false }, /* sh */
	{ 0x707f, 0x2023, STORE, FIELD_RS2, 4, false }, /* sw */
	{ 0x707f, 0x3023, STORE, FIELD_RS2, 8, false }, /* sd */
	{ 0x707f, 0x1027, STORE_FLOAT, FIELD_RS2, 2, false }, /* fsh */
	{ 0x707f, 0x2027, STORE_FLOAT, FIELD_RS2, 4, false }, /* fsw */
	{ 0x707f, 0x3027, STORE_FLOAT, FIELD_RS2, 8, false }, /* fsd */
	{ 0xe003, 0x2000, LOAD_FLOAT, FIELD_C_PRIME, 8, true }, /* c.fld */
	{ 0xe003, 0x4000, LOAD_SIGNED, FIELD_C_PRIME, 4, false }, /* c.lw */
	{ 0xe003, 0x6000, LOAD_SIGNED, FIELD_C_PRIME, 8, false }, /* c.ld */
	{ 0xfc43, 0x8400, LOAD_UNSIGNED, FIELD_C_PRIME, 2, false }, /* c.lhu */
	{ 0xfc43, 0x8440, LOAD_SIGNED, FIELD_C_PRIME, 2, false }, /* c.lh */
	{ 0xfc43, 0x8c00, STORE, FIELD_C_PRIME, 2, false }, /* c.sh */
	{ 0xe003, 0xa000, STORE_FLOAT, FIELD_C_PRIME, 8, true }, /* c.fsd */
	{ 0xe003, 0xc000, STORE, FIELD_C_PRIME, 4, false }, /* c.sw */
	{ 0xe003, 0xe000, STORE, FIELD_C_PRIME, 8, false }, /* c.sd */
	{ 0xe003, 0x2002, LOAD_FLOAT, FIELD_C_RD, 8, true }, /* c.fldsp */
	{ 0xe003, 0x4002, LOAD_SIGNED, FIELD_C_RD, 4, false }, /* c.lwsp */
	{ 0xe003, 0x6002, LOAD_SIGNED, FIELD_C_RD, 8, false }, /* c.ldsp */
	{ 0xe003, 0xa002, STORE_FLOAT, FIELD_C_RS2, 8, true }, /* c.fsdsp */
	{ 0xe003, 0xc002, STORE, FIELD_C_RS2, 4, false }, /* c.swsp */
	{ 0xe003, 0xe002, STORE, FIELD_C_RS2, 8, false }, /* c.sdsp */
};

static bool is_long(u32 insn)
{
	return (insn & 3) == 3;
}

/* Returns the cause of a fetch's fault for that of a load: the firmware can only load the code. */
static u64 fetch_cause(u64 cause)
{
	switch (cause) {
	case CAUSE_LOAD_PAGE:
		return CAUSE_FETCH_PAGE;
	case CAUSE_LOAD_GUEST_PAGE:
		return CAUSE_FETCH_GUEST_PAGE;
	default:
		return CAUSE_FETCH_ACCESS;
	}
}

static bool is_pseudo(u64 tinst)
{
	return tinst && !(tinst & 1);
}

/*
 * Replaces the trap being served by the one that a guarded access just met. Its mtinst describes
 * the firmware's access, not the instruction of S-mode's code; but a pseudoinstruction for a fault
 * of a page-table walk still holds.
 */
static void take_fault(struct trap *trap, u64 cause, u64 tinst)
{
	trap->cause = cause;
	trap->tval = csr_read(mtval);
	if (!self->features.hypervisor)
		return;
	trap->tval2 = csr_read(CSR_MTVAL2);
	trap->tinst = is_pseudo(csr_read(CSR_MTINST)) ? csr_read(CSR_MTINST) : tinst;
}

/*
 * Returns tinst with the offset of the fault in the access (privileged manual, "Transformed
 * Instruction").
 */
static u64 tinst_at(u64 tinst, u64 offset)
{
	return tinst ? tinst | offset << 15 : 0;
}

static bool misaligned_fetch(const struct frame *frame, struct trap *trap, u32 *insn)
{
	struct guarded half = guarded_call(guarded_fetch_half_as_caller, frame->mepc);

	*insn = (u32)half.value;
	if (half.ok && is_long(*insn)) {
		half = guarded_call(guarded_fetch_half_as_caller, frame->mepc + 2);
		*insn |= (u32)half.value << 16;
	}
	if (!half.ok)
		take_fault(trap, fetch_cause(half.value), 0);
	return half.ok;
}

/*
 * Gets the instruction and its length. If mtinst has the transformed instruction, it differs only
 * in fields that do not matter here, and in bit 1, which is 0 if the instruction in memory is
 * compressed.
 */
static bool get_instruction(const struct frame *frame, struct trap *trap, u32 *insn, u64 *length)
{
	if (trap->tinst & 1) {
		*insn = (u32)trap->tinst | 2;
		*length = trap->tinst & 2 ? 4 : 2;
		return true;
	}
	if (!misaligned_fetch(frame, trap, insn))
		return false;
	*length = is_long(*insn) ? 4 : 2;
	return true;
}

/*
 * Returns whether the hart has Zcd, which C and D together include, and which excludes Zcmp.
 * Without C or D, Zcd's encodings may be Zcmp's.
 */
static bool has_zcd(void)
{
	u64 both = MISA_BIT('C') | MISA_BIT('D');

	return (csr_read(misa) & both) == both;
}

static const struct form *find_form(u32 insn)
{
	for (u64 i = 0; i < ARRAY_SIZE(forms); i++)
		if ((insn & forms[i].mask) == forms[i].match && (!forms[i].zcd || has_zcd()))
			return &forms[i];
	return NULL;
}

static u64 register_of(const struct form *form, u32 insn)
{
	if (form->field == FIELD_C_PRIME)
		return 8 + (insn >> 2 & 7);
	return insn >> form->field & 31;
}

static bool misaligned_load(const struct form *form, struct trap *trap, u64 *value)
{
	u64 addr = trap->tval;

	*value = 0;
	for (u64 i = 0; i < form->size; i++) {
		struct guarded byte = guarded_call(guarded_load_byte_as_caller, addr + i);

		if (!byte.ok) {
			take_fault(trap, byte.value, tinst_at(trap->tinst, i));
			return false;
		}
		*value |= byte.value << 8 * i;
	}
	return true;
}

static bool misaligned_store(const struct form *form, struct trap *trap, u64 value)
{
	u64 addr = trap->tval;

	for (u64 i = 0; i < form->size; i++) {
		struct guarded done =
			guarded_call2(guarded_store_byte_as_caller, addr + i, value >> 8 * i);

		if (!done.ok) {
			take_fault(trap, done.value, tinst_at(trap->tinst, i));
			return false;
		}
	}
	return true;
}

/* A write while V is 1 makes FS dirty in both mstatus and vsstatus. */
static void set_float(struct frame *frame, u64 reg, u64 value, u64 size)
{
	float_set(reg, value, size);
	frame->mstatus |= MSTATUS_FS;
	if (self->features.hypervisor && frame->mstatus & MSTATUS_MPV)
		csr_set(CSR_VSSTATUS, MSTATUS_FS);
}

static void set_register(const struct form *form, struct frame *frame, u64 reg, u64 value)
{
	u64 unused = 64 - 8 * form->size;

	if (form->kind == LOAD_FLOAT)
		set_float(frame, reg, value, form->size);
	else if (reg && form->kind == LOAD_SIGNED)
		frame->x[reg] = (u64)((s64)(value << unused) >> unused);
	else if (reg)
		frame->x[reg] = value;
}

bool misaligned_emulate(struct frame *frame, struct trap *trap)
{
	const struct form *form;
	u64 length, reg, value;
	u32 insn;

	if ((frame->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == MODE_M)
		return false;
	if (!get_instruction(frame, trap, &insn, &length))
		return false;
	form = find_form(insn);
	if (!form)
		return false;
	reg = register_of(form, insn);
	if (form->kind == STORE || form->kind == STORE_FLOAT) {
		value = form->kind == STORE ? frame->x[reg] : float_get(reg, form->size);
		if (!misaligned_store(form, trap, value))
			return false;
	} else {
		if (!misaligned_load(form, trap, &value))
			return false;
		set_register(form, frame, reg, value);
	}
	frame->mepc += length;
	return true;
}
