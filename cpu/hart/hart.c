/* SPDX-License-Identifier: MIT */
/*
 * The hart as a part of the machine: its registered state, reset, interrupt pins, the derivation
 * of regimes, and the run loop that calls a tier and takes what it comes back with.
 */
#include "cpu/hart/hart.h"

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/csr/csr.h"
#include "cpu/debug/debug.h"
#include "cpu/debug/observe.h"
#include "cpu/engine/cfi.h"
#include "cpu/engine/interp.h"
#include "cpu/hart/interrupt.h"
#include "cpu/mmu/tlb.h"
#include "cpu/timed/ahead.h"
#include "cpu/timed/events.h"
#include "cpu/timed/regions.h"
#include "cpu/timed/timed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct state_field hart_fields[] = {
	STATE_ARRAY(struct hart, x),
	STATE_FIELD(struct hart, pc),
	STATE_ARRAY(struct hart, f),
	STATE_FIELD(struct hart, steps),
	STATE_FIELD(struct hart, frm),
	STATE_FIELD(struct hart, fflags),
	STATE_FIELD(struct hart, fp_dirty),
	STATE_FIELD(struct hart, priv),
	STATE_FIELD(struct hart, virt),
	STATE_FIELD(struct hart, waiting), STATE_FIELD(struct hart, asks),
	STATE_FIELD(struct hart, dead), STATE_FIELD(struct hart, reservation),
	STATE_FIELD(struct hart, reservation_size), STATE_FIELD(struct hart, reservation_steps),
	STATE_FIELD(struct hart, mstatus),
	STATE_FIELD(struct hart, medeleg),
	STATE_FIELD(struct hart, mideleg),
	STATE_FIELD(struct hart, mie),
	STATE_FIELD(struct hart, mtvec),
	STATE_FIELD(struct hart, mscratch),
	STATE_FIELD(struct hart, mepc),
	STATE_FIELD(struct hart, mcause),
	STATE_FIELD(struct hart, mtval),
	STATE_FIELD(struct hart, mtval2),
	STATE_FIELD(struct hart, mtinst),
	STATE_FIELD(struct hart, mnscratch),
	STATE_FIELD(struct hart, mnepc),
	STATE_FIELD(struct hart, mncause),
	STATE_FIELD(struct hart, mnstatus),
	STATE_FIELD(struct hart, nmi),
	STATE_FIELD(struct hart, held_until),
	STATE_FIELD(struct hart, mip),
	STATE_FIELD(struct hart, lines),
	STATE_FIELD(struct hart, hgeip),
	STATE_FIELD(struct hart, menvcfg),
	STATE_FIELD(struct hart, senvcfg),
	STATE_FIELD(struct hart, mseccfg),
	STATE_FIELD(struct hart, ssp),
	STATE_FIELD(struct hart, elp),
	STATE_FIELD(struct hart, seed),
	STATE_FIELD(struct hart, jvt),
	STATE_FIELD(struct hart, mcounteren),
	STATE_FIELD(struct hart, scounteren),
	STATE_FIELD(struct hart, untired),
	STATE_FIELD(struct hart, idle),
	STATE_FIELD(struct hart, s[BANK_HS].tvec),
	STATE_FIELD(struct hart, s[BANK_HS].scratch),
	STATE_FIELD(struct hart, s[BANK_HS].epc),
	STATE_FIELD(struct hart, s[BANK_HS].cause),
	STATE_FIELD(struct hart, s[BANK_HS].tval),
	STATE_FIELD(struct hart, s[BANK_HS].atp),
	STATE_FIELD(struct hart, s[BANK_HS].timecmp),
	STATE_FIELD(struct hart, s[BANK_VS].status),
	STATE_FIELD(struct hart, s[BANK_VS].tvec),
	STATE_FIELD(struct hart, s[BANK_VS].scratch),
	STATE_FIELD(struct hart, s[BANK_VS].epc),
	STATE_FIELD(struct hart, s[BANK_VS].cause),
	STATE_FIELD(struct hart, s[BANK_VS].tval),
	STATE_FIELD(struct hart, s[BANK_VS].atp),
	STATE_FIELD(struct hart, s[BANK_VS].timecmp),
	STATE_FIELD(struct hart, hstatus),
	STATE_FIELD(struct hart, hedeleg),
	STATE_FIELD(struct hart, hideleg),
	STATE_FIELD(struct hart, hvip),
	STATE_FIELD(struct hart, hgeie),
	STATE_FIELD(struct hart, henvcfg),
	STATE_FIELD(struct hart, htimedelta),
	STATE_FIELD(struct hart, htval),
	STATE_FIELD(struct hart, htinst),
	STATE_FIELD(struct hart, hgatp),
	STATE_FIELD(struct hart, hcounteren),
	STATE_FIELD(struct hart, aia.mvien),
	STATE_FIELD(struct hart, aia.mvip),
	STATE_FIELD(struct hart, aia.sie),
	STATE_FIELD(struct hart, aia.hvien),
	STATE_FIELD(struct hart, aia.vsie),
	STATE_FIELD(struct hart, aia.hvictl),
	STATE_FIELD(struct hart, aia.hviprio1),
	STATE_FIELD(struct hart, aia.hviprio2),
	STATE_FIELD(struct hart, aia.miselect),
	STATE_FIELD(struct hart, aia.siselect),
	STATE_FIELD(struct hart, aia.vsiselect),
	STATE_ARRAY(struct hart, aia.miprio),
	STATE_ARRAY(struct hart, aia.siprio),
	STATE_ARRAY(struct hart, mstateen),
	STATE_ARRAY(struct hart, hstateen),
	STATE_FIELD(struct hart, sstateen0),
	STATE_ARRAY(struct hart, pmp.cfg),
	STATE_ARRAY(struct hart, pmp.addr),
	STATE_ARRAY(struct hart, pmu.count),
	STATE_ARRAY(struct hart, pmu.event),
	STATE_ARRAY(struct hart, pmu.reached),
	STATE_FIELD(struct hart, pmu.inhibit),
	STATE_ARRAY(struct hart, triggers.control),
	STATE_ARRAY(struct hart, triggers.data),
	STATE_ARRAY(struct hart, triggers.extra),
	STATE_FIELD(struct hart, triggers.tselect),
	STATE_FIELD(struct hart, triggers.tcontrol),
	STATE_FIELD(struct hart, triggers.scontext),
	STATE_FIELD(struct hart, triggers.mcontext),
	STATE_FIELD(struct hart, triggers.fired),
	STATE_FIELD(struct hart, streak.cause),
	STATE_FIELD(struct hart, streak.epc),
	STATE_FIELD(struct hart, streak.retired),
	STATE_FIELD(struct hart, streak.count),
	STATE_FIELD(struct hart, streak.barren),
};

/* Values come from outside: refuse what no CSR write could have made. */
static int hart_loaded(void *self)
{
	struct hart *hart = self;
	bool guest_mode = hart->priv != PRIV_M && isa_has(hart->isa, EXT_h);

	if (!csr_has_mode(hart, hart->priv) || (hart->virt && !guest_mode) ||
	    (hart->pc & 1) || hart->frm > 7 || field_get(hart->mstatus, MSTATUS_MPP) == 2)
		return -EINVAL;
	if (hart->steps > CLOCK_LAST >> hart->shift || hart_time(hart) > CLOCK_LAST ||
	    hart_holds(hart) > TIMED_HELD_MAX)
		return -EINVAL;
	for (unsigned n = 0; n < PMP_REGIONS; n++)
		hart->pmp.addr[n] &= PMP_ADDR_MASK;
	pmp_update(&hart->pmp);
	csr_legalise(hart);
	pmu_loaded(hart);
	memset(&hart->trap, 0, sizeof(hart->trap));
	hart->traps = 0;
	trap_log_clear(hart);
	hart->index = 0;
	hart->x[0] = 0;
	hart->asks &= hart->semihost_ready != NULL;
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
	return 0;
}

static const struct state_type hart_state = {
	.version = 3,
	.fields = hart_fields,
	.count = ARRAY_SIZE(hart_fields),
	.loaded = hart_loaded,
};

static void timer_fire(void *ctx, u64 now)
{
	(void)now;
	hart_timers_update(ctx);
}

static void overflow_fire(void *ctx, u64 now)
{
	struct hart *hart = ctx;

	if (hart->waiting && hart_time(hart) < now)
		hart_idle(hart, now - hart_time(hart));
}

static void event_init(struct hart *hart, struct clock_event *event, const char *what,
		       void (*fire)(void *ctx, u64 now))
{
	struct platform *platform = hart->platform;
	char name[STATE_NAME_MAX];

	snprintf(name, sizeof(name), "hart%u-%s", hart->id, what);
	event->fire = fire;
	event->ctx = hart;
	clock_event_init(&platform->clock, &platform->state, event, name);
}

/* The events that raise STIP and VSTIP, and LCOFIP while the hart waits. */
static void events_init(struct hart *hart)
{
	event_init(hart, &hart->timer_event[BANK_HS], "stimecmp", timer_fire);
	event_init(hart, &hart->timer_event[BANK_VS], "vstimecmp", timer_fire);
	event_init(hart, &hart->overflow_event, "overflow", overflow_fire);
}

int hart_init(struct hart *hart, struct platform *platform, const struct hart_config *config)
{
	char name[STATE_NAME_MAX];

	memset(hart, 0, sizeof(*hart));
	hart->id = config->id;
	hart->isa = config->isa;
	hart->code = config->code;
	hart->timebase = config->timebase;
	hart->rnmi = config->rnmi;
	hart->adue_at_reset = config->adue_at_reset;
	hart->shift = config->shift;
	hart->platform = platform;
	hart->tlb = tlb_create();
	hart->memo = interp_memo_create();
	if (!hart->tlb || !hart->memo) {
		hart_free(hart);
		return -ENOMEM;
	}
	/* First: when a state was loaded, the hart's time is asked for. */
	if (config->timing && timed_attach(hart, config->timing, config->coherence) < 0) {
		hart_free(hart);
		return -ENOMEM;
	}
	snprintf(name, sizeof(name), "hart%u", hart->id);
	state_register(&platform->state, name, &hart_state, hart);
	events_init(hart);
	hart_reset(hart, 0);
	return 0;
}

void hart_free(struct hart *hart)
{
	timed_detach(hart);
	tlb_free(hart->tlb);
	free(hart->memo);
}

void hart_reset(struct hart *hart, u64 pc)
{
	for (unsigned i = 0; i < ARRAY_SIZE(hart_fields); i++) {
		const struct state_field *field = &hart_fields[i];

		memset((u8 *)hart + field->offset, 0, (size_t)field->size * field->count);
	}
	memset(&hart->trap, 0, sizeof(hart->trap));
	hart->traps = 0;
	trap_log_clear(hart);
	hart->pc = pc;
	hart->priv = PRIV_M;
	hart->s[BANK_HS].timecmp = hart->s[BANK_VS].timecmp = UINT64_MAX;
	/* Until software says otherwise A and D are updated with Svadu alone, or if asked for. */
	hart->menvcfg = hart->adue_at_reset || !isa_has(hart->isa, EXT_svade) ? MENVCFG_ADUE : 0;
	hart->index = 0;
	/* Traps are not expected before software says so (Smdbltrp). */
	if (isa_has(hart->isa, EXT_smdbltrp))
		hart->mstatus = MSTATUS_MDT;
	hart->reservation = RESERVATION_NONE;
	hart->stop = hart->yield = false;
	pmp_update(&hart->pmp);
	tlb_flush_all(hart->tlb);
	for (unsigned n = 0; n < BANK_COUNT; n++)
		clock_disarm(&hart->platform->clock, &hart->timer_event[n]);
	clock_disarm(&hart->platform->clock, &hart->overflow_event);
	csr_legalise(hart);
	pmu_loaded(hart);
	hart_regime_changed(hart);
}

static void set_line(void *ctx, unsigned bit, bool level)
{
	struct hart *hart = ctx;
	u64 lines = (hart->lines & ~BIT(bit)) | (u64)level << bit;

	if (lines == hart->lines)
		return;
	hart->lines = lines;
	hart->stop = true;
}

/* SSIP is software's to clear: a rise of the line sets it, a fall does nothing. */
static void set_software(void *ctx, unsigned bit, bool level)
{
	struct hart *hart = ctx;

	if (!level || !isa_has(hart->isa, EXT_s))
		return;
	hart->mip |= BIT(bit);
	hart->stop = true;
}

struct irq hart_irq(struct hart *hart, unsigned mip_bit)
{
	return (struct irq){ .set = mip_bit == IRQ_SSI ? set_software : set_line, .ctx = hart,
			     .num = mip_bit };
}

static void set_guest_line(void *ctx, unsigned guest, bool level)
{
	struct hart *hart = ctx;
	u64 hgeip = (hart->hgeip & ~BIT(guest)) | (u64)level << guest;

	hart->stop = hart->stop || hgeip != hart->hgeip;
	hart->hgeip = hgeip;
}

struct irq hart_guest_irq(struct hart *hart, unsigned guest)
{
	return (struct irq){ .set = set_guest_line, .ctx = hart, .num = guest };
}

bool hart_wakes(const struct hart *hart)
{
	return hart->nmi || interrupt_any(hart) ||
	       (hart->asks && hart->semihost_ready(hart->semihost_ctx));
}

/* Raise the line when `time`, which is offset from mtime, has reached timecmp, or see to it. */
static void timer_update(struct hart *hart, unsigned bank, bool on, u64 offset)
{
	static const u8 line[BANK_COUNT] = { IRQ_STI, IRQ_VSTI };
	struct clock *clock = &hart->platform->clock;
	u64 mtime = timebase_read(hart->timebase);
	u64 timecmp = hart->s[bank].timecmp, now = mtime + offset;
	bool due = on && now >= timecmp;
	u64 when = mtime + (timecmp - now);

	set_line(hart, line[bank], due);
	/* Past the end of mtime is never. */
	if (on && !due && when > mtime)
		clock_arm(clock, &hart->timer_event[bank], timebase_when(hart->timebase, when));
	else
		clock_disarm(clock, &hart->timer_event[bank]);
}

void hart_timers_update(struct hart *hart)
{
	bool on = hart->menvcfg & MENVCFG_STCE, vs_on = hart->henvcfg & MENVCFG_STCE;

	timer_update(hart, BANK_HS, on, 0);
	timer_update(hart, BANK_VS, on && vs_on, hart->htimedelta);
}

void hart_nmi(struct hart *hart)
{
	hart->nmi = isa_has(hart->isa, EXT_smrnmi);
	hart->stop = true;
}

static void change_mode(struct hart *hart, u8 priv, bool virt, unsigned ahead)
{
	if (unlikely(hart->pmu.filtered))
		pmu_leave_mode(hart, ahead);
	if (hart->timed)
		timed_leave_mode(hart->timed);
	csr_settle_fp(hart);
	hart->priv = priv;
	hart->virt = virt;
	if (unlikely(hart->pmu.filtered))
		pmu_enter_mode(hart, ahead);
	hart_regime_changed(hart);
}

void hart_set_mode(struct hart *hart, u8 priv, bool virt)
{
	change_mode(hart, priv, virt, 0);
}

void hart_return_mode(struct hart *hart, u8 priv, bool virt)
{
	change_mode(hart, priv, virt, 1);
}

u64 hart_cycles(const struct hart *hart)
{
	return hart->timed ? timed_cycles(hart->timed) :
			     hart_steps(hart) + (hart->idle >> hart->shift);
}

u64 hart_time(const struct hart *hart)
{
	return hart->timed ? timed_ns(hart->timed) : (hart_steps(hart) << hart->shift) + hart->idle;
}

static u64 steps_to_pass(const struct hart *hart, u64 ns)
{
	return (ns >> hart->shift) + ((ns & (BIT(hart->shift) - 1)) != 0);
}

u64 hart_steps_until(struct hart *hart, u64 until)
{
	return hart->timed ? timed_steps(hart->timed, until) :
			     steps_to_pass(hart, until - MIN(hart_time(hart), until));
}

u64 hart_steps_about(struct hart *hart, u64 until)
{
	return hart->timed ? timed_steps_about(hart->timed, until) : hart_steps_until(hart, until);
}

bool hart_reaches(const struct hart *hart, u64 ns)
{
	return hart->timed ? timed_reaches(hart->timed, ns) : hart_time(hart) >= ns;
}

u64 hart_steps_most(const struct hart *hart, u64 ns)
{
	return hart->timed ? timed_steps_most(hart->timed, ns) : steps_to_pass(hart, ns);
}

void hart_idle(struct hart *hart, u64 ns)
{
	if (hart->timed)
		timed_idle(hart->timed, ns);
	else
		hart->idle += ns;
	if (unlikely(hart->pmu.armed))
		pmu_slept(hart);
}

/* Both status words must let a guest use the floating-point unit. */
static bool fp_on(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_f) && hart->mstatus & MSTATUS_FS &&
	       (!hart->virt || hart->s[BANK_VS].status & MSTATUS_FS);
}

void hart_select_views(struct hart *hart)
{
	/* Fetch first: with few views, selecting one may take the other's place. */
	hart->fetch = tlb_select(hart->tlb, &hart->fetch_regime);
	hart->data = tlb_select(hart->tlb, &hart->data_regime);
}

void hart_regime_changed(struct hart *hart)
{
	cfi_update(hart);
	regime_now(hart, &hart->fetch_regime, &hart->data_regime);
	hart_select_views(hart);
	hart->code_key = CODE_KEY_VALID | (fp_on(hart) ? CODE_KEY_FP : 0);
}

/* A fence of the first stage: of the host's own, or of the guest whose VMID is in hgatp. */
static void fence_stage1(struct hart *hart, bool virt, const u64 *va, const u64 *asid)
{
	const struct tlb_fence fence = {
		.virt = virt,
		.has_vmid = virt,
		.vmid = (u16)field_get(hart->hgatp, HGATP_VMID),
		.has_va = va,
		.va = va ? *va : 0,
		.has_asid = asid,
		.asid = asid ? (u16)*asid : 0,
	};

	tlb_flush(hart->tlb, &fence);
}

void hart_sfence(struct hart *hart, const u64 *va, const u64 *asid)
{
	hart_event(hart, PMU_fences);
	fence_stage1(hart, hart->virt, va, asid);
}

void hart_hfence_vvma(struct hart *hart, const u64 *va, const u64 *asid)
{
	hart_event(hart, PMU_fences);
	fence_stage1(hart, true, va, asid);
}

void hart_hfence_gvma(struct hart *hart, const u64 *vmid)
{
	const struct tlb_fence fence = {
		.virt = true,
		.g_stage = true,
		.has_vmid = vmid,
		.vmid = vmid ? *vmid & VMID_MAX : 0,
	};

	hart_event(hart, PMU_fences);
	tlb_flush(hart->tlb, &fence);
}

void hart_pmp_changed(struct hart *hart)
{
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
}

bool hart_takes_interrupts(const struct hart *hart)
{
	struct interrupt next;

	return interrupt_next(hart, &next);
}

void hart_interrupted(struct hart *hart, u64 ns)
{
	if (hart->timed)
		hart->held_until = hart->steps + timed_behind(hart->timed, ns);
}

/* Take what interrupts; once more when counting that made a counter overflow. */
static void take_interrupts(struct hart *hart)
{
	bool taken;

	do {
		hart->stop = false;
		taken = !hart_holds(hart) && trap_interrupt(hart);
		if (taken && hart->watch)
			observe_interrupt(hart);
	} while (taken && hart->stop && !hart->yield);
}

/* A trigger that may fire needs the tier that asks for each instruction. */
static hart_tier tier_now(const struct hart *hart, hart_tier tier)
{
	return unlikely(hart->triggers.armed) && tier != debug_run && trigger_watches(hart) ?
		       observe_run : tier;
}

/* Must it come back after each instruction, for regions to be looked at? */
static bool sees_no_points(const struct hart *hart, hart_tier tier)
{
	const struct regions *regions = hart->regions;

	return regions->looks && (regions->single || tier_now(hart, tier) != tier);
}

/* Where a landing pad is expected, is there one? */
static bool lands(struct hart *hart)
{
	if (likely(!hart->elp) || cfi_land(hart))
		return true;
	if (hart->watch)
		observe_refused(hart);
	return false;
}

static void take_trap(struct hart *hart)
{
	trap_take(hart);
	if (hart->timed)
		timed_trapped(hart->timed);
}

static void run_tier(struct hart *hart, hart_tier tier)
{
	tlb_refresh(hart->data);
	tlb_refresh(hart->fetch);
	hart->asks = false;
	if (!lands(hart) || tier_now(hart, tier)(hart) == EXIT_TRAP)
		take_trap(hart);
	else if (unlikely(hart->asks))
		hart->pc -= 4; /* EBREAK */
}

void hart_run(struct hart *hart, hart_tier tier, u64 steps)
{
	u64 end = hart->steps + steps, left;

	hart->yield = false;
	while (hart->steps < end && !hart->yield && !hart->waiting && !hart->dead) {
		hart->limit = end;
		if (unlikely(hart->pmu.armed))
			pmu_poll(hart);
		take_interrupts(hart);
		if (unlikely(hart->regions) && regions_look(hart->regions, hart))
			break;
		left = end - hart->steps;
		if (unlikely(hart_holds(hart)))
			left = MIN(left, hart_holds(hart));
		if (unlikely(hart->pmu.armed))
			left = pmu_distance(hart, left);
		hart->limit = hart->steps + left;
		if (unlikely(hart->regions) && sees_no_points(hart, tier))
			hart->limit = hart->steps + 1;
		run_tier(hart, tier);
	}
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
	if (unlikely(hart->pmu.armed && hart->waiting))
		pmu_sleep(hart);
}

void hart_step(struct hart *hart, hart_tier tier, bool interrupts)
{
	hart->yield = hart->stop = false;
	if (interrupts)
		take_interrupts(hart);
	hart->limit = hart->steps + 1;
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
	run_tier(hart, tier);
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
}
