/* SPDX-License-Identifier: MIT */
/*
 * The functions that rows of csr.def name, and the gates: only the files that implement CSRs (csr.c
 * and the other files of this folder) include this.
 */
#ifndef CPU_CSR_CSR_IMPL_H
#define CPU_CSR_CSR_IMPL_H

#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/csr/refusal.h"
#include "cpu/debug/triggers/trigger.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/interrupt.h"
#include "cpu/mmu/view.h"

/* A reserved value of PMM fields: 0, 2 and 3 ignore 0, 7 and 16 bits. */
#define PMM_RESERVED 1
#define CAUSE_MASK (CAUSE_INTERRUPT | 63)
#define HVICTL_MASK (HVICTL_VTI | HVICTL_IID | HVICTL_DPR | HVICTL_IPRIOM | HVICTL_IPRIO)
/* The priority numbers of interrupts 1, 5 and 13 to 15. */
#define HVIPRIO1_MASK 0xffffff00ff00ff00ull

/*
 * The functions that rows name:
 *   read_*   returns the value that software sees
 *   write_*  performs a write of all 64 bits, with its consequences
 *   legal_*  returns what a WARL register that had `old` has after a write of `value`; no effects
 *   effect_* performs the consequences of such a write
 */
#define CSR_FIELD(num, name, ext, gate, member, mask)
#define CSR_WARL(num, name, ext, gate, member, legal, effect)                                      \
	u64 legal_##legal(const struct hart *hart, u16 number, u64 old, u64 value);                \
	void effect_##effect(struct hart *hart);
#define CSR_CODE(first, last, name, ext, gate, read, write)                                        \
	u64 read_##read(struct hart *hart, u16 number);                                            \
	void write_##write(struct hart *hart, u16 number, u64 value);
#include "cpu/csr/csr.def"
#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE

/* The bits of a register that exist if the hart has an extension. */
struct ext_bits {
	u8 ext;
	u64 bits;
};

/* Returns the bits of all rows whose extension the hart has. */
static inline u64 ext_mask(const struct hart *hart, const struct ext_bits *rows, size_t count)
{
	u64 mask = 0;

	for (size_t n = 0; n < count; n++)
		mask |= isa_has(hart->isa, rows[n].ext) ? rows[n].bits : 0;
	return mask;
}

#define EXT_MASK(hart, rows) ext_mask(hart, rows, ARRAY_SIZE(rows))

/* Returns `old` with the bits of `mask` replaced by those of `value`. */
static inline u64 merge_bits(u64 old, u64 mask, u64 value)
{
	return (old & ~mask) | (value & mask);
}

static inline void set_bits(u64 *word, u64 mask, u64 value)
{
	*word = merge_bits(*word, mask, value);
}

/*
 * Returns `value`, in which a WARL field that has the reserved value is replaced by that of `old`.
 */
static inline u64 keep_reserved(u64 old, u64 value, u64 field, u64 reserved)
{
	bool keep = field_get(value, field) == reserved;

	return keep ? field_set(value, field, field_get(old, field)) : value;
}

/* An access that a gate allows or refuses. */
struct csr_request {
	u16 number;
	bool writes;
};

typedef struct csr_refusal (*csr_gate)(const struct hart *hart, struct csr_request request);

/* The gates of csr.def: their functions are gate_<name>, in lower case. */
#define CSR_GATES(GATE) GATE(none) GATE(fp) GATE(vector) GATE(counter) GATE(timer) \
	GATE(vtimer) GATE(satp) GATE(hgatp) GATE(mseccfg) GATE(mtval2) GATE(seed) GATE(envcfg) \
	GATE(stateen) GATE(jvt) \
	GATE(aia) GATE(vti) GATE(imsic_m) GATE(imsic_s) GATE(imsic_vs) GATE(iselect) \
	GATE(ireg) GATE(supervisor) GATE(context) GATE(ssp) \
	GATE(scountovf) GATE(scountinhibit)
#define GATE(name) struct csr_refusal gate_##name(const struct hart *, struct csr_request);
CSR_GATES(GATE)
#undef GATE

/*
 * Checks a bit of mstateen<n> and hstateen<n>. An access that mstateen<n> denies is illegal in
 * every mode below M; an access by a guest that hstateen<n> denies is a virtual instruction.
 * csr_stateen checks mstateen0.
 */
struct csr_refusal csr_stateen_word(const struct hart *hart, unsigned n, u64 bit);

static inline struct csr_refusal csr_stateen(const struct hart *hart, u64 bit)
{
	return csr_stateen_word(hart, 0, bit);
}

/*
 * Returns why an IMSIC's S file or guest file is hidden from the current mode. Without an IMSIC
 * nothing is hidden.
 */
struct csr_refusal csr_imsic_hidden(const struct hart *hart);

/*
 * Stores the interrupt file of the privilege level that a CSR's number implies. Returns false if
 * there is none.
 */
bool csr_imsic_file(const struct hart *hart, u16 number, unsigned *file);

u64 csr_iprio_kept(const struct hart *hart, u8 priv, u16 word);

/* Writes all of the status of the current supervisor: sstatus, or vsstatus if V=1. */
void csr_write_status(struct hart *hart, u64 value);

/* Parts of csr_legalise, for registers that depend on each other. */
void csr_legalise_status(struct hart *hart);
void csr_legalise_interrupts(struct hart *hart);
void csr_legalise_environment(struct hart *hart);
void csr_legalise_seed(struct hart *hart);
void csr_legalise_aia(struct hart *hart);
void csr_legalise_stateen(struct hart *hart);
void csr_legalise_triggers(struct hart *hart);

#endif
