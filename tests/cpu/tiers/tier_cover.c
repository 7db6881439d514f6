/* SPDX-License-Identifier: MIT */
/* Counts what programs did, and knows the minimum of each count (see tier_cover.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_cover.h"

#include "cpu/csr/csr.h"
#include "cpu/mmu/regime.h"
#include "cpu/trap/trap.h"

#include <stdio.h>
#include <string.h>

static const char *const mode_names[COVER_MODES] = { "M", "HS", "U", "VS", "VU" };

static unsigned mode_of(u8 priv, bool virt)
{
	if (priv == PRIV_M)
		return COVER_M;
	if (virt)
		return priv == PRIV_S ? COVER_VS : COVER_VU;
	return priv == PRIV_S ? COVER_HS : COVER_U;
}

static unsigned paging(u64 atp)
{
	u64 mode = field_get(atp, SATP_MODE);

	return mode ? (unsigned)mode - SATP_SV39 + 1 : 0;
}

/*
 * Traps are taken between two instructions, so the trap of the last instruction is counted before
 * the next fetch.
 */
static void on_fetch(void *ctx, struct hart *hart, const struct event *event)
{
	struct cover *cover = ctx;
	const struct trap *trap = &hart->trap;

	if (cover->seen[hart->id] == hart->traps)
		return;
	cover->seen[hart->id] = hart->traps;
	if (trap->cause == CAUSE_DOUBLE_TRAP)
		cover->exceptions[COVER_M][CAUSE_DOUBLE_TRAP]++;
	if (trap->tinst && trap->tinst >> 12 != 3 && trap->gpa)
		cover->transformed++;
}

static void on_interrupt(void *ctx, struct hart *hart)
{
	struct cover *cover = ctx;
	unsigned to = mode_of(hart->trap.to_priv, hart->trap.to_virt);

	cover->interrupts[to][hart->trap.cause % COVER_INTERRUPTS]++;
}

static void on_trap(struct cover *cover, const struct hart *hart)
{
	const struct trap *trap = &hart->trap;
	bool to_virt;
	u8 to;

	if (trap->cause >= COVER_CAUSES)
		return;
	to = trap_target(hart, trap->cause, &to_virt);
	cover->exceptions[mode_of(to, to_virt)][trap->cause]++;
	if (trap->cause == CAUSE_FETCH_GUEST_PAGE || trap->cause == CAUSE_LOAD_GUEST_PAGE ||
	    trap->cause == CAUSE_STORE_GUEST_PAGE) {
		cover->implicit_read += trap->tinst == 0x3000;
		cover->implicit_write += trap->tinst == 0x3020;
	}
}

static void on_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct cover *cover = ctx;
	unsigned vs = paging(hart->s[BANK_VS].atp), g = paging(hart->hgatp);

	if (event->trapped) {
		on_trap(cover, hart);
		return;
	}
	cover->retired[mode_of(event->priv, event->virt)]++;
	cover->ops[event->insn.op]++;
	if (isa_ops[event->insn.op].class == CLASS_CSR)
		cover->csrs[event->raw >> 20]++;
	if (event->virt)
		cover->fetches[vs][g]++;
	if (event->virt && event->touch)
		cover->data[vs][g]++;
	if (event->guest)
		cover->guest_data[vs][g]++;
}

void cover_attach(struct cover *cover, struct watch *watch)
{
	const struct observer observer = {
		.interrupt = on_interrupt, .fetch = on_fetch, .after = on_after, .ctx = cover,
	};

	watch_add(watch, &observer);
}

void cover_begin(struct cover *cover, const struct hart *hart)
{
	cover->seen[hart->id] = hart->traps;
}

void cover_reset(struct cover *cover)
{
	memset(cover, 0, sizeof(*cover));
}

/* These minimums are about a fifth of the counts of runs with other seeds. */

#define INSTRUCTIONS_LEAST 400000
#define EXECUTIONS_LEAST 80
#define ACCESSES_LEAST 3
#define PAGING_LEAST 20

/* A cause of traps, and how many of them a mode must have taken at least. */
struct taken {
	u8 mode, cause;
	u32 least;
};

static const struct taken exceptions[] = {
	{ COVER_M, CAUSE_FETCH_ACCESS, 50 },
	{ COVER_M, CAUSE_ILLEGAL, 5000 },
	{ COVER_M, CAUSE_BREAKPOINT, 50 },
	{ COVER_M, CAUSE_LOAD_MISALIGNED, 5 },
	{ COVER_M, CAUSE_LOAD_ACCESS, 200 },
	{ COVER_M, CAUSE_STORE_MISALIGNED, 50 },
	{ COVER_M, CAUSE_STORE_ACCESS, 200 },
	{ COVER_M, CAUSE_ECALL_U, 500 },
	{ COVER_M, CAUSE_ECALL_S, 500 },
	{ COVER_M, CAUSE_ECALL_VS, 300 },
	{ COVER_M, CAUSE_ECALL_M, 300 },
	{ COVER_M, CAUSE_FETCH_PAGE, 100 },
	{ COVER_M, CAUSE_LOAD_PAGE, 2000 },
	{ COVER_M, CAUSE_STORE_PAGE, 500 },
	{ COVER_M, CAUSE_DOUBLE_TRAP, 5 },
	{ COVER_M, CAUSE_SOFTWARE_CHECK, 10 },
	{ COVER_M, CAUSE_FETCH_GUEST_PAGE, 20 },
	{ COVER_M, CAUSE_LOAD_GUEST_PAGE, 100 },
	{ COVER_M, CAUSE_VIRTUAL_INSTRUCTION, 3000 },
	{ COVER_M, CAUSE_STORE_GUEST_PAGE, 100 },
	{ COVER_HS, CAUSE_FETCH_ACCESS, 20 },
	{ COVER_HS, CAUSE_ILLEGAL, 1000 },
	{ COVER_HS, CAUSE_BREAKPOINT, 30 },
	{ COVER_HS, CAUSE_LOAD_ACCESS, 10 },
	{ COVER_HS, CAUSE_STORE_MISALIGNED, 20 },
	{ COVER_HS, CAUSE_STORE_ACCESS, 40 },
	{ COVER_HS, CAUSE_ECALL_VS, 200 },
	{ COVER_HS, CAUSE_FETCH_PAGE, 50 },
	{ COVER_HS, CAUSE_LOAD_PAGE, 800 },
	{ COVER_HS, CAUSE_STORE_PAGE, 300 },
	{ COVER_HS, CAUSE_FETCH_GUEST_PAGE, 10 },
	{ COVER_HS, CAUSE_LOAD_GUEST_PAGE, 80 },
	{ COVER_HS, CAUSE_VIRTUAL_INSTRUCTION, 1000 },
	{ COVER_HS, CAUSE_STORE_GUEST_PAGE, 80 },
	{ COVER_VS, CAUSE_ILLEGAL, 300 },
	{ COVER_VS, CAUSE_BREAKPOINT, 10 },
	{ COVER_VS, CAUSE_STORE_MISALIGNED, 10 },
	{ COVER_VS, CAUSE_STORE_ACCESS, 10 },
	{ COVER_VS, CAUSE_FETCH_PAGE, 50 },
	{ COVER_VS, CAUSE_LOAD_PAGE, 500 },
	{ COVER_VS, CAUSE_STORE_PAGE, 150 },
};

/* The instructions besides those of H that must have been executed. */
static const u16 wanted_ops[] = {
	OP_sret, OP_mret, OP_mnret, OP_sfence_vma, OP_sinval_vma, OP_sfence_w_inval,
	OP_sfence_inval_ir, OP_wfi, OP_fence_i, OP_cm_push, OP_cm_pop, OP_cm_jt, OP_sspush,
	OP_sspopchk, OP_ssrdp, OP_lr_d, OP_sc_d, OP_cbo_zero,
};

/* A count, and its minimum. */
struct claim {
	u64 count, least;
	const char *what, *of;
};

static bool holds(struct claim claim)
{
	if (claim.count >= claim.least)
		return true;
	print_error("coverage: %s %s: %llu, and %llu are the least\n", claim.what, claim.of,
		    claim.count, claim.least);
	return false;
}

static bool modes_complete(const struct cover *cover)
{
	bool good = true;

	for (unsigned n = 0; n < COVER_MODES; n++)
		good &= holds((struct claim){ cover->retired[n], INSTRUCTIONS_LEAST,
					      "instructions in", mode_names[n] });
	for (unsigned n = 0; n < ARRAY_SIZE(exceptions); n++) {
		struct taken trap = exceptions[n];

		good &= holds((struct claim){ cover->exceptions[trap.mode][trap.cause], trap.least,
					      trap_name(trap.cause), mode_names[trap.mode] });
	}
	return good;
}

/*
 * The interrupts that a mode must have taken. The cause of NMI is 0, which no other interrupt has.
 */
static const struct taken interrupts[] = {
	{ COVER_M, 0, 20 },
	{ COVER_M, IRQ_MSI, 50 },
	{ COVER_M, IRQ_MTI, 200 },
	{ COVER_M, IRQ_MEI, 20 },
	{ COVER_HS, IRQ_SSI, 20 },
	{ COVER_HS, IRQ_STI, 20 },
	{ COVER_HS, IRQ_SEI, 5 },
	{ COVER_HS, IRQ_VSSI, 5 },
	{ COVER_HS, IRQ_VSTI, 5 },
	{ COVER_HS, IRQ_VSEI, 5 },
	{ COVER_HS, IRQ_SGEI, 5 },
	{ COVER_VS, IRQ_SSI, 50 },
	{ COVER_VS, IRQ_STI, 50 },
	{ COVER_VS, IRQ_SEI, 50 },
};

static bool interrupts_complete(const struct cover *cover)
{
	bool good = true;
	u64 local = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(interrupts); n++) {
		struct taken irq = interrupts[n];

		good &= holds((struct claim){ cover->interrupts[irq.mode][irq.cause], irq.least,
					      trap_name(irq.cause | CAUSE_INTERRUPT),
					      mode_names[irq.mode] });
	}
	for (unsigned n = IRQ_LCOFI; n < COVER_INTERRUPTS; n++)
		local += cover->interrupts[COVER_VS][n];
	good &= holds((struct claim){ local, 20, "local interrupts", "VS" });
	return good;
}

/* The registers that must have been read or written. */
static const u16 wanted_csrs[] = {
	0x011, 0x017, 0x100, 0x104, 0x106, 0x10a, 0x10c, 0x144, 0x14d, 0x150, 0x151, 0x15c, 0x180,
	0x200, 0x204, 0x240, 0x242, 0x243, 0x24d, 0x250, 0x251, 0x25c, 0x280, 0x302, 0x303, 0x304,
	0x306, 0x308, 0x309, 0x30a, 0x30c, 0x344, 0x350, 0x351, 0x35c, 0x600, 0x602, 0x603, 0x604,
	0x605, 0x606, 0x607, 0x608, 0x609, 0x60a, 0x60c, 0x643, 0x645, 0x646, 0x647, 0x64a, 0x680,
	0x741, 0x744, 0x747, 0x7a1, 0x7a5, 0xdb0, 0xeb0, 0xfb0,
};

static bool csrs_complete(const struct cover *cover)
{
	bool good = true;
	char name[CSR_NAME_MAX];

	for (unsigned n = 0; n < ARRAY_SIZE(wanted_csrs); n++) {
		u16 number = wanted_csrs[n];

		assert_true(csr_name(number, name, sizeof(name)));
		good &= holds((struct claim){ cover->csrs[number], ACCESSES_LEAST, "accesses of",
					      name });
	}
	return good;
}

static bool ops_complete(const struct cover *cover)
{
	bool good = true;

	for (unsigned op = 0; op < OP_COUNT; op++)
		if (isa_ops[op].ext == EXT_h)
			good &= holds((struct claim){ cover->ops[op], EXECUTIONS_LEAST, "executed",
						      isa_ops[op].name });
	for (unsigned n = 0; n < ARRAY_SIZE(wanted_ops); n++)
		good &= holds((struct claim){ cover->ops[wanted_ops[n]], EXECUTIONS_LEAST,
					      "executed", isa_ops[wanted_ops[n]].name });
	return good;
}

static const char *const paging_names[COVER_PAGINGS] = { "Bare", "Sv39", "Sv48", "Sv57" };

static bool pagings_complete(const struct cover *cover)
{
	bool good = true;

	for (unsigned vs = 0; vs < COVER_PAGINGS; vs++) {
		for (unsigned g = 0; g < COVER_PAGINGS; g++) {
			const u64 counts[] = { cover->fetches[vs][g], cover->data[vs][g],
					       cover->guest_data[vs][g] };

			for (unsigned n = 0; n < ARRAY_SIZE(counts); n++)
				good &= holds((struct claim){ counts[n], PAGING_LEAST,
							      paging_names[vs], paging_names[g] });
		}
	}
	return good;
}

static bool walks_complete(const struct cover *cover)
{
	const struct claim claims[] = {
		{ cover->implicit_read, 100, "implicit reads", "that fault" },
		{ cover->implicit_write, 100, "implicit writes", "that fault" },
		{ cover->transformed, 200, "guest-page faults", "with the instruction" },
	};
	bool good = true;

	for (unsigned n = 0; n < ARRAY_SIZE(claims); n++)
		good &= holds(claims[n]);
	return good;
}

bool cover_complete(const struct cover *cover)
{
	bool good = modes_complete(cover);

	good &= interrupts_complete(cover);
	good &= ops_complete(cover);
	good &= csrs_complete(cover);
	good &= pagings_complete(cover);
	good &= walks_complete(cover);
	return good;
}

static void print_matrix(const char *what, const u64 (*count)[COVER_PAGINGS])
{
	print_message("%s by vsatp (rows) and hgatp (Bare, Sv39, Sv48, Sv57):", what);
	for (unsigned vs = 0; vs < COVER_PAGINGS; vs++)
		for (unsigned g = 0; g < COVER_PAGINGS; g++)
			print_message("%s%llu", g ? " " : "\n  ", count[vs][g]);
	print_message("\n");
}

/*
 * Prints the counts of `first` to `last` in each mode; `count` has `causes` for each. Prints
 * nothing if all are 0.
 */
static void print_row(const u64 *count, unsigned causes, unsigned first, unsigned last,
		      const char *name)
{
	u64 sums[COVER_MODES] = { 0 }, all = 0;

	for (unsigned n = 0; n < COVER_MODES; n++)
		for (unsigned cause = first; cause <= last; cause++)
			sums[n] += count[n * causes + cause];
	for (unsigned n = 0; n < COVER_MODES; n++)
		all += sums[n];
	if (!all)
		return;
	print_message("%2u %-38s", first, name);
	for (unsigned n = 0; n < COVER_MODES; n++)
		print_message(" %8llu", sums[n]);
	print_message("\n");
}

void cover_print(const struct cover *cover)
{
	print_message("%-41s", "instructions and traps, by mode");
	for (unsigned n = 0; n < COVER_MODES; n++)
		print_message(" %8s", mode_names[n]);
	print_message("\n%-41s", "retired");
	for (unsigned n = 0; n < COVER_MODES; n++)
		print_message(" %8llu", cover->retired[n]);
	print_message("\n");
	for (unsigned n = 0; n < COVER_CAUSES; n++)
		print_row(&cover->exceptions[0][0], COVER_CAUSES, n, n, trap_name(n));
	for (unsigned n = 0; n <= IRQ_LCOFI; n++)
		print_row(&cover->interrupts[0][0], COVER_INTERRUPTS, n, n,
			  trap_name(n | CAUSE_INTERRUPT));
	print_row(&cover->interrupts[0][0], COVER_INTERRUPTS, IRQ_LCOFI + 1, COVER_INTERRUPTS - 1,
		  "and other local interrupts");
	print_matrix("instructions of guests", cover->fetches);
	print_matrix("loads and stores of guests", cover->data);
	print_matrix("HLV and HSV", cover->guest_data);
	print_message("implicit reads %llu, writes %llu; transformed %llu\n", cover->implicit_read,
		      cover->implicit_write, cover->transformed);
}
