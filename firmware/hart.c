/* SPDX-License-Identifier: MIT */
/*
 * A hart's identity, its features, and its M-mode state before S-mode runs: status, delegation,
 * environment, counters. The values are those that OpenSBI 1.6 leaves behind, since kernels and
 * hypervisors have come to rely on them. Instructions that the hart lacks are not emulated: their
 * traps go to S-mode. The exception is misaligned.c.
 */
#include "firmware/hart.h"
#include "firmware/csr.h"
#include "firmware/devicetree.h"
#include "firmware/guarded.h"
#include "firmware/pmp.h"
#include "firmware/sbi/fwft.h"
#include "firmware/sbi/pmu.h"
#include "firmware/sbi/sse.h"
#include "firmware/sbi/timer.h"

union hart_area hart_areas[MAX_HARTS] __attribute__((aligned(16), section(".bss.harts")));

static struct {
	u64 present; /* one bit per hart */
	/* the device tree lists Svadu and not Svade: harts update A and D from the start */
	bool adue;
} harts;

_Static_assert(offsetof(struct hart, frame) == 0, "entry.S: frame");
_Static_assert(offsetof(struct frame, mepc) == FRAME_MEPC, "entry.S: mepc");
_Static_assert(offsetof(struct frame, mstatus) == FRAME_MSTATUS, "entry.S: mstatus");
_Static_assert(sizeof(union hart_area) == HART_AREA_SIZE, "entry.S: size");
_Static_assert(MAX_HARTS <= 64, "lists of harts are one word");
_Static_assert(sizeof(struct hart) <= HART_AREA_SIZE / 2, "leave room for the stack");

#define EXCEPTION(cause) (1UL << CAUSE_##cause)

#define DELEGATED \
	(EXCEPTION(FETCH_MISALIGNED) | EXCEPTION(BREAKPOINT) | EXCEPTION(ECALL_U) | \
	 EXCEPTION(FETCH_PAGE) | EXCEPTION(LOAD_PAGE) | EXCEPTION(STORE_PAGE) | \
	 EXCEPTION(SOFTWARE_CHECK))

/* HS-mode handles VS-mode's exceptions: all of H's are delegated, except calls from HS-mode. */
#define DELEGATED_HYPERVISOR \
	(EXCEPTION(ECALL_VS) | EXCEPTION(FETCH_GUEST_PAGE) | EXCEPTION(LOAD_GUEST_PAGE) | \
	 EXCEPTION(VIRTUAL_INSN) | EXCEPTION(STORE_GUEST_PAGE))

#define DELEGATED_INTERRUPTS (1UL << IRQ_SSI | 1UL << IRQ_STI | 1UL << IRQ_SEI)

u64 hart_present(void)
{
	return atomic_load(&harts.present);
}

struct hart *hart_find(u64 id)
{
	if (id >= MAX_HARTS || !(hart_present() >> id & 1))
		return NULL;
	return &hart_areas[id].hart;
}

bool hart_list(u64 mask, u64 base, u64 *list)
{
	u64 present = hart_present();

	if (base == -1UL) {
		*list = present;
		return true;
	}
	if (base >= MAX_HARTS) {
		*list = 0;
		return mask == 0;
	}
	*list = mask << base;
	return *list >> base == mask && (*list & ~present) == 0;
}

static bool can_read(u64 (*csr)(u64))
{
	return guarded_call(csr, 0).ok;
}

void hart_init(u64 id)
{
	struct hart_features *features = &self->features;

	self->id = id;
	features->hypervisor = csr_read(misa) & MISA_BIT('H');
	features->inhibit = can_read(csr_read_mcountinhibit);
	features->sscofpmf = features->inhibit && can_read(csr_read_scountovf);
	features->sstc = can_read(csr_read_menvcfg) && can_read(csr_read_stimecmp);
	pmu_find_counters(features);
	features->triggers = (u8)dbtr_find_triggers();
	features->fwft = fwft_find_features();
	atomic_or(&harts.present, 1UL << id);
}

/*
 * Reads whether the device tree lists only Svadu: S-mode then expects hardware updates of A and D
 * bits from the start; otherwise it expects page faults, as with Svade. The two extensions cannot
 * be distinguished by trying.
 */
void hart_read_devicetree(u64 fdt)
{
	harts.adue = devicetree_lists(fdt, "svadu") && !devicetree_lists(fdt, "svade");
}

static void setup_status(void)
{
	u64 misa = csr_read(misa);
	u64 status = csr_read(mstatus) & MSTATUS_XL;

	if (misa & (MISA_BIT('F') | MISA_BIT('D')))
		status |= MSTATUS_FS;
	if (misa & MISA_BIT('V'))
		status |= MSTATUS_VS;
	csr_write(mstatus, status);
	guarded_call(csr_write_fcsr, 0);
	if (self->features.hypervisor)
		csr_clear(CSR_HSTATUS, ~HSTATUS_VSXL);
	csr_write(satp, 0);
}

static void setup_interrupts(void)
{
	u64 interrupts = DELEGATED_INTERRUPTS;
	u64 exceptions = DELEGATED;

	if (self->features.sscofpmf)
		interrupts |= 1UL << IRQ_LCOFI;
	if (self->features.hypervisor)
		exceptions |= DELEGATED_HYPERVISOR;
	csr_write(mip, 0);
	csr_write(mie, 1UL << IRQ_MSI);
	csr_write(mideleg, interrupts);
	csr_write(medeleg, exceptions);
	timer_reset();
}

/*
 * Fields of extensions that the hart lacks are WARL and stay 0. Features that S-mode switches by
 * FWFT are off, except A and D updates where the device tree has no Svade (see
 * hart_read_devicetree).
 */
static void setup_environment(void)
{
	struct guarded menvcfg = guarded_call(csr_read_menvcfg, 0);
	u64 adue = harts.adue ? MENVCFG_ADUE : 0;

	if (!menvcfg.ok)
		return;
	menvcfg.value &= ~(MENVCFG_ADUE | MENVCFG_DTE | MENVCFG_LPE | MENVCFG_SSE | MENVCFG_PMM);
	csr_write_menvcfg(menvcfg.value | adue | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE |
			  MENVCFG_PBMTE | MENVCFG_CDE | (self->features.sstc ? MENVCFG_STCE : 0));
	guarded_call(csr_write_mstateen0, MSTATEEN_STATEEN | MSTATEEN0_ENVCFG | MSTATEEN0_CSRIND |
						  MSTATEEN0_AIA | MSTATEEN0_IMSIC |
						  MSTATEEN0_CONTEXT);
	guarded_call(csr_write_mstateen1, MSTATEEN_STATEEN);
	guarded_call(csr_write_mstateen2, MSTATEEN_STATEEN);
	guarded_call(csr_write_mstateen3, MSTATEEN_STATEEN);
}

/* Lets S-mode use the seed CSR (it learns of Zkr from the device tree), but not U-mode. */
static void setup_entropy(void)
{
	struct guarded mseccfg = guarded_call(csr_read_mseccfg, 0);

	if (mseccfg.ok)
		csr_write_mseccfg((mseccfg.value | MSECCFG_SSEED) & ~MSECCFG_USEED);
}

void hart_setup(void)
{
	setup_status();
	setup_interrupts();
	setup_environment();
	setup_entropy();
	self->fwft_locked = 0;
	sse_reset();
	dbtr_reset();
	pmu_reset();
	pmp_setup();
}

void hart_enter(u64 addr, u64 arg, u64 mode)
{
	struct frame *frame = &self->frame;
	u64 keep = csr_read(mstatus) & ~(MSTATUS_MPP | MSTATUS_MPV | MSTATUS_SIE | MSTATUS_SPIE |
					 MSTATUS_MPELP | MSTATUS_SPELP | MSTATUS_SDT);

	*frame = (struct frame){ .mepc = addr, .mstatus = keep | mode << MSTATUS_MPP_SHIFT };
	frame->x[10] = self->id;
	frame->x[11] = arg;
	csr_write(satp, 0);
	csr_write(sie, 0);
	csr_write(sscratch, 0);
	csr_write(stvec, addr & ~3UL);
	__asm__ volatile("fence.i\n\tj trap_return");
	__builtin_unreachable();
}
