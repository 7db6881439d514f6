/* SPDX-License-Identifier: MIT */
/*
 * CSR access: the register that a number means, who may access it, and the rows of csr.def as a
 * table. Registers that are more than a field are in the other files of this folder. A write that
 * changes translation derives the regimes again at once. After a write that may change what runs
 * next, `stop` sends the hart to its run loop, which looks at interrupts. fast.h has the accesses
 * that kernels make most.
 */
#include "cpu/csr/csr_impl.h"

#include "bus/platform.h"
#include "cpu/csr/fast.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"

#include <stdio.h>
#include <string.h>

#define GATE(name) GATE_##name,
enum { CSR_GATES(GATE) };
#undef GATE

#define GATE(name) gate_##name,
static const csr_gate gates[] = { CSR_GATES(GATE) };
#undef GATE

struct csr {
	u16 first, last;
	u8 ext, gate;
	u8 size; /* of the member of struct hart; 0 if there is none */
	u16 offset;
	u64 mask; /* bits that a write changes, if there is no legal function */
	const char *name;
	u64 (*legal)(const struct hart *hart, u16 number, u64 old, u64 value);
	void (*effect)(struct hart *hart);
	u64 (*read)(struct hart *hart, u16 number);
	void (*write)(struct hart *hart, u16 number, u64 value);
};

#define MEMBER(member)                                                                             \
	.size = sizeof(((struct hart *)0)->member), .offset = offsetof(struct hart, member)
#define CSR_FIELD(num, csr_name, csr_ext, csr_gate, member, csr_mask)                              \
	{ .first = num, .last = num, .name = #csr_name, .ext = EXT_##csr_ext,                      \
	  .gate = GATE_##csr_gate, MEMBER(member), .mask = csr_mask },
#define CSR_WARL(num, csr_name, csr_ext, csr_gate, member, csr_legal, csr_effect)                  \
	{ .first = num, .last = num, .name = #csr_name, .ext = EXT_##csr_ext,                      \
	  .gate = GATE_##csr_gate, MEMBER(member), .legal = legal_##csr_legal,                     \
	  .effect = effect_##csr_effect },
#define CSR_CODE(csr_first, csr_last, csr_name, csr_ext, csr_gate, csr_read, csr_write)            \
	{ .first = csr_first, .last = csr_last, .name = #csr_name, .ext = EXT_##csr_ext,           \
	  .gate = GATE_##csr_gate, .read = read_##csr_read, .write = write_##csr_write },

static const struct csr csrs[] = {
#include "cpu/csr/csr.def"
};

#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE

/* Numbers the rows, to find the row of a register's number. */
#define CSR_FIELD(num, name, ...) ROW_##name,
#define CSR_WARL(num, name, ...) ROW_##name,
#define CSR_CODE(first, last, name, ...) ROW_##name,
enum {
	ROW_missing = -1,
#include "cpu/csr/csr.def"
};
#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE

/* The row of each number, plus one; 0 where there is no register. */
#define CSR_FIELD(num, name, ...) [num] = ROW_##name + 1,
#define CSR_WARL(num, name, ...) [num] = ROW_##name + 1,
#define CSR_CODE(first, last, name, ...) [first ... last] = ROW_##name + 1,
static const u8 row_of[4096] = {
#include "cpu/csr/csr.def"
};

/*
 * Returns the row of a register, or NULL if the hart does not have it. All numbers of privilege 2
 * are hypervisor CSRs and VS copies: they need H in addition to the row's extension.
 */
static const struct csr *csr_find(const struct hart *hart, u16 number)
{
	const struct csr *csr = row_of[number] ? &csrs[row_of[number] - 1] : NULL;

	if (!csr || !isa_has(hart->isa, csr->ext))
		return NULL;
	return bits(number, 8, 2) == 2 && !isa_has(hart->isa, EXT_h) ? NULL : csr;
}

/* From here on: the functions of rows that belong to no topic. */

u64 read_zero(struct hart *hart, u16 number)
{
	(void)hart;
	(void)number;
	return 0;
}

void write_nothing(struct hart *hart, u16 number, u64 value)
{
	(void)hart;
	(void)number;
	(void)value;
}

u64 legal_any(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value;
}

void effect_none(struct hart *hart)
{
	(void)hart;
}

struct csr_refusal gate_none(const struct hart *hart, struct csr_request request)
{
	(void)hart;
	(void)request;
	return csr_illegal(REASON_none);
}

/*
 * Returns a member's value. Each size has a case of its own, because copying a variable number of
 * bytes costs as much as the rest of an access.
 */
static u64 member_get(const struct hart *hart, const struct csr *csr)
{
	const u8 *member = (const u8 *)hart + csr->offset;

	switch (csr->size) {
	case sizeof(u64):
		return *(const u64 *)member;
	case sizeof(u32):
		return *(const u32 *)member;
	case sizeof(u16):
		return *(const u16 *)member;
	default:
		return *member;
	}
}

static void member_set(struct hart *hart, const struct csr *csr, u64 value)
{
	u8 *member = (u8 *)hart + csr->offset;

	switch (csr->size) {
	case sizeof(u64):
		*(u64 *)member = value;
		break;
	case sizeof(u32):
		*(u32 *)member = (u32)value;
		break;
	case sizeof(u16):
		*(u16 *)member = (u16)value;
		break;
	default:
		*member = (u8)value;
	}
}

/* Returns what a member holds after a write; rows with a mask keep the bits outside of it. */
static u64 csr_legalize(const struct hart *hart, const struct csr *csr, u64 old, u64 value)
{
	return csr->legal ? csr->legal(hart, csr->first, old, value) :
			    merge_bits(old, csr->mask, value);
}

static u64 csr_read_row(struct hart *hart, const struct csr *csr, u16 number)
{
	return csr->read ? csr->read(hart, number) : member_get(hart, csr);
}

/*
 * The registers with a field MODE of which some values are reserved, or need an extension. The
 * first are in the order of TRAP_VECTORS.
 */
static const struct {
	int row;
	u64 mode;
} mode_rows[] = {
	{ ROW_mtvec, 3 }, { ROW_stvec, 3 }, { ROW_vstvec, 3 },
	{ ROW_satp, SATP_MODE }, { ROW_vsatp, SATP_MODE }, { ROW_hgatp, SATP_MODE },
};

/*
 * Remembers that a write asks for a MODE that the register does not accept, of a trap vector, and
 * logs it, once for each register.
 */
static NOINLINE void csr_note_mode(struct hart *hart, const struct csr *csr, u64 value, u64 held)
{
	for (unsigned n = 0; n < ARRAY_SIZE(mode_rows); n++) {
		u64 asked = field_get(value, mode_rows[n].mode);

		if (csr != &csrs[mode_rows[n].row] || asked == field_get(held, mode_rows[n].mode))
			continue;
		if (n < TRAP_VECTORS)
			hart->log.refused[n] = (struct trap_refusal){ value, held };
		if (!log_on(&hart->platform->log, LOG_GUEST_ERRORS) || (hart->modes_told & BIT(n)))
			continue;
		hart->modes_told |= (u8)BIT(n);
		log_line(&hart->platform->log, LOG_GUEST_ERRORS,
			 "hart %u: %s: a write of 0x%llx asks for MODE %llu, which it does not "
			 "take: it is 0x%llx now",
			 hart->id, csr->name, value, asked, held);
	}
}

static void csr_write_row(struct hart *hart, const struct csr *csr, u16 number, u64 value)
{
	u64 held;

	if (csr->write) {
		csr->write(hart, number, value);
		return;
	}
	held = csr_legalize(hart, csr, member_get(hart, csr), value);
	if (held != value)
		csr_note_mode(hart, csr, value, held);
	member_set(hart, csr, held);
	if (csr->effect)
		csr->effect(hart);
}

/* The privilege in a number: 2 is a hypervisor's, which is S-mode with V=0. */
#define PRIV_HS 2

static struct csr_refusal check_privilege(const struct hart *hart, u64 needed)
{
	u64 level = hart->priv == PRIV_S && !hart->virt ? PRIV_HS : hart->priv;

	if (needed <= level)
		return csr_illegal(REASON_none);
	return needed == PRIV_M ? csr_illegal(REASON_csr_privilege) :
				  csr_virtual(hart, REASON_csr_privilege);
}

/* Returns why the hart may not access the register now; the reason is REASON_none if it may. */
static struct csr_refusal csr_check(const struct hart *hart, const struct csr *csr,
				    struct csr_request request)
{
	struct csr_refusal refusal;

	if (!csr)
		return csr_illegal(REASON_csr_missing);
	if (request.writes && bits(request.number, 10, 2) == 3)
		return csr_illegal(REASON_csr_readonly);
	if (csr->gate != GATE_none) {
		refusal = gates[csr->gate](hart, request);
		if (refusal.reason)
			return refusal;
	}
	return check_privilege(hart, bits(request.number, 8, 2));
}

/* Returns whether the access is allowed and no gate decides about it, as is usual. */
static bool is_open(const struct hart *hart, const struct csr *csr, u16 number, bool writes)
{
	u64 needed = bits(number, 8, 2);

	return csr && csr->gate == GATE_none && !(writes && bits(number, 10, 2) == 3) &&
	       needed <= hart->priv && needed != PRIV_HS;
}

/*
 * Checks an access for which is_open() is false. Returns false, with the trap filled in, if it is
 * refused.
 */
static NOINLINE bool csr_check_gate(struct hart *hart, const struct csr *csr,
				    const struct csr_access *access)
{
	const struct csr_request request = { access->number, access->writes };
	const struct csr_refusal refusal = csr_check(hart, csr, request);

	if (!refusal.reason)
		return true;
	hart_trap(hart, refusal.virtual ? CAUSE_VIRTUAL_INSTRUCTION : CAUSE_ILLEGAL, access->raw,
		  refusal.reason);
	return hart_denied_by(hart, refusal.denied_by);
}

/*
 * Returns the number of the register that a number means with V=1. A supervisor CSR that has a VS
 * copy means that copy, whose number is 0x100 higher. hcontext is 0x100 above scontext but is no
 * copy of it.
 */
static u16 guests_number(u16 number)
{
	bool supervisor = bits(number, 8, 2) == PRIV_S && bits(number, 10, 2) != 1;

	return supervisor && row_of[number + 0x100] ? number + 0x100 : number;
}

const u64 csr_held_bits[2][4] = {
	{ UINT64_MAX, ~3ull, CAUSE_MASK, UINT64_MAX },
	{ UINT64_MAX, ~1ull, CAUSE_MASK, UINT64_MAX },
};

u16 csr_number_now(const struct hart *hart, u16 number)
{
	return hart->virt ? guests_number(number) : number;
}

/*
 * Returns the value that the instruction writes. A set or clear of mip does not start from the SEIP
 * that rd gets, which includes the pin's level, but from the bit that software wrote (privileged
 * manual, "mip and mie").
 */
static u64 csr_modified(struct hart *hart, const struct csr_access *access, u64 old)
{
	if (access->number == CSR_MIP)
		old = (old & ~BIT(IRQ_SEI)) | (hart->mip & BIT(IRQ_SEI));
	return csr_operate(access->how, old, access->operand);
}

/*
 * Returns whether a register has no effect before an instruction names it, or a trap or return uses
 * it: xscratch, xepc, xcause and xtval, and the registers of the floating-point and the vector
 * unit.
 */
static bool is_passive(u16 number)
{
	return (number & 0xfc) == 0x40 || number <= CSR_VCSR;
}

/*
 * Returns whether a write of the register changes only what csr_written() and the row's functions
 * follow: which interrupts and traps are taken, and where, which rights the mode has, and the
 * views. These registers are status, ie, tvec, counteren, ip, timecmp, deleg and the hypervisor's
 * registers with such numbers. A write of any other may change what must be done at each
 * instruction.
 */
static bool is_followed(u16 number)
{
	static const u64 low = BIT(0x00) | BIT(0x02) | BIT(0x03) | BIT(0x04) | BIT(0x05) |
			       BIT(0x06);
	static const u64 high = BIT(0x04) | BIT(0x05) | BIT(0x0d);
	u64 rest = bits(number, 0, 8);

	if (bits(number, 10, 2) && bits(number, 8, 4) != 6)
		return false;
	return (rest < 0x40 && low >> rest & 1) ||
	       (rest - 0x40 < 0x40 && high >> (rest - 0x40) & 1);
}

/* The state that decides how a hart fetches and executes, before a register is written. */
struct fetch_state {
	const struct tlb_view *fetch;
	u32 key;
};

static bool is_other_code(const struct hart *hart, const struct fetch_state *before)
{
	return hart->fetch != before->fetch || hart->block_key != before->key;
}

/*
 * Sends the hart to its run loop if the write may change what runs next: an interrupt is due, or
 * the following instructions must be fetched or executed differently. Another view of loads and
 * stores needs no stop, because they use hart->data each time.
 */
static void csr_written(struct hart *hart, u16 number, const struct fetch_state *before)
{
	if (!is_passive(number)) {
		hart->alert = interrupt_alert(hart);
		if (hart->alert || !is_followed(number))
			hart->stop = true;
	}
	if (is_other_code(hart, before))
		hart->stop = true;
}

bool csr_access(struct hart *hart, const struct csr_access *access, u64 *old)
{
	const struct csr *csr = csr_find(hart, access->number);
	u16 number = access->number;

	if (unlikely(!is_open(hart, csr, number, access->writes)) &&
	    !csr_check_gate(hart, csr, access))
		return false;
	if (hart->virt) {
		number = guests_number(number);
		csr = csr_find(hart, number);
	}
	*old = access->reads ? csr_read_row(hart, csr, number) : 0;
	if (access->writes) {
		const struct fetch_state before = { hart->fetch, hart->block_key };

		csr_write_row(hart, csr, number, csr_modified(hart, access, *old));
		csr_written(hart, number, &before);
	}
	return true;
}

/*
 * Writes sstatus in S-mode, or vsstatus with V=1, as kernels do at each entry and exit. hart->alert
 * stays as it is, because it does not depend on the status which interrupts are pending and enabled
 * in sie.
 */
static NOINLINE bool sstatus_write(struct hart *hart, const struct insn *insn, u64 value)
{
	const struct fetch_state before = { hart->fetch, hart->block_key };

	hart->x[insn->rd] = csr_sstatus(hart);
	csr_write_status(hart, value);
	if (hart->alert || is_other_code(hart, &before))
		hart->stop = true;
	return true;
}

/*
 * Writes a register as an instruction that is allowed to write it does. No bit of the register may
 * depend on a pin.
 */
static void write_now(struct hart *hart, u16 name, enum csr_how how, u64 operand)
{
	u16 number = csr_number_now(hart, name);
	const struct csr *csr = csr_find(hart, number);
	u64 old = how == CSR_WRITE ? 0 : csr_read_row(hart, csr, number);

	csr_write_row(hart, csr, number, csr_operate(how, old, operand));
}

bool csr_sie_direct(struct hart *hart, enum csr_how how, u64 operand)
{
	const struct csr_request request = { .number = CSR_SIE, .writes = true };
	u64 old = hart->mie;

	/*
	 * If this fails, only mie gets its old value back. The other part of the register keeps the
	 * new value, which the instruction's body then writes again.
	 */
	if (hart->alert || gate_vti(hart, request).reason)
		return false;
	write_now(hart, CSR_SIE, how, operand);
	if (likely(!interrupt_alert(hart)))
		return true;
	hart->mie = old;
	return false;
}

/* Returns whether two views are known to have the same code in a page. */
static bool is_same_code(const struct tlb_view *a, const struct tlb_view *b, u64 page)
{
	unsigned n = tlb_index(page);

	return a->execute[n] == page && b->execute[n] == page && a->addend[n] == b->addend[n];
}

bool csr_satp_direct(struct hart *hart, enum csr_how how, u64 operand)
{
	const struct csr_request request = { .number = CSR_SATP, .writes = true };
	const struct tlb_view *before = hart->fetch;
	u64 *atp = &hart->s[hart->virt].atp, old = *atp;

	if (gate_satp(hart, request).reason)
		return false;
	write_now(hart, CSR_SATP, how, operand);
	if (likely(is_same_code(before, hart->fetch, hart->native.page)))
		return true;
	*atp = old;
	hart_mode_changed(hart);
	return false;
}

static NOINLINE bool insn_access(struct hart *hart, const struct insn *insn, enum csr_how how,
				 u64 operand, bool writes)
{
	const struct csr_access access = { .number = (u16)insn->imm,
					   .how = how,
					   .operand = operand,
					   .reads = how != CSR_WRITE || insn->rd != X_SINK,
					   .writes = writes,
					   .raw = insn->raw };
	u64 old;

	if (!csr_access(hart, &access, &old))
		return false;
	hart->x[insn->rd] = old;
	return true;
}

bool csr_insn(struct hart *hart, const struct insn *insn, enum csr_how how, u64 operand,
	      bool writes)
{
	if (insn->imm == CSR_SSTATUS && writes && hart->priv == PRIV_S)
		return sstatus_write(hart, insn, csr_operate(how, csr_sstatus(hart), operand));
	if (insn->imm != CSR_SATP || writes || hart->priv != PRIV_S || hart->virt ||
	    (hart->mstatus & MSTATUS_TVM))
		return insn_access(hart, insn, how, operand, writes);
	hart->x[insn->rd] = hart->s[BANK_HS].atp;
	return true;
}

void csr_legalise(struct hart *hart)
{
	for (unsigned n = 0; n < ARRAY_SIZE(csrs); n++) {
		const struct csr *csr = &csrs[n];

		if (csr->legal || csr->mask)
			member_set(hart, csr, csr_legalize(hart, csr, 0, member_get(hart, csr)));
	}
	csr_legalise_status(hart);
	csr_legalise_interrupts(hart);
	csr_legalise_environment(hart);
	csr_legalise_seed(hart);
	csr_legalise_aia(hart);
	csr_legalise_stateen(hart);
	csr_legalise_triggers(hart);
}

bool csr_peek(struct hart *hart, u16 number, u64 *value)
{
	const struct csr *csr = csr_find(hart, number);
	const struct csr_request request = { .number = number };

	/* A gate may also report that the hart has no such register. */
	if (!csr || gates[csr->gate](hart, request).reason == REASON_csr_missing)
		return false;
	*value = csr_read_row(hart, csr, number);
	return true;
}

bool csr_poke(struct hart *hart, u16 number, u64 value)
{
	u64 old;

	if (!csr_peek(hart, number, &old) || bits(number, 10, 2) == 3)
		return false;
	hart->pmu.poked = true;
	csr_write_row(hart, csr_find(hart, number), number, value);
	hart->pmu.poked = false;
	hart->stop = true;
	return true;
}

bool csr_absent(const struct hart *hart, u16 number, unsigned *ext)
{
	const struct csr *csr = row_of[number] ? &csrs[row_of[number] - 1] : NULL;

	if (!csr || csr_find(hart, number))
		return false;
	*ext = isa_has(hart->isa, csr->ext) ? EXT_h : csr->ext;
	return true;
}

bool csr_is_own(u16 number)
{
	return number == CSR_MSTATUS || number == CSR_VSSTATUS || number == CSR_SENVCFG ||
	       (row_of[number] && csrs[row_of[number] - 1].size);
}

/*
 * If a row has several registers, the number in a register's name is counted from the multiple of
 * 16 at or below the row's first number.
 */
bool csr_name(u16 number, char *name, size_t size)
{
	const struct csr *csr = row_of[number] ? &csrs[row_of[number] - 1] : NULL;

	if (!csr)
		return false;
	if (csr->first == csr->last)
		snprintf(name, size, "%s", csr->name);
	else
		snprintf(name, size, "%s%u", csr->name, number - (csr->first & ~15u));
	return true;
}
