/* SPDX-License-Identifier: MIT */
/*
 * The hart as a part of the machine: its registered state and reset.
 */
#include "cpu/run/run.h"

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/engine/interp.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/view.h"
#include "cpu/vector/loops.h"

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
	STATE_FIELD(struct hart, unretired),
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

/*
 * Checks a loaded state, and derives what follows from it. The values come from outside, so those
 * that no write of a CSR could have produced are refused or made legal.
 */
static int hart_loaded(void *self)
{
	struct hart *hart = self;
	bool guest_mode = hart->priv != PRIV_M && isa_has(hart->isa, EXT_h);

	if (!csr_has_mode(hart, hart->priv) || (hart->virt && !guest_mode) || (hart->pc & 1) ||
	    hart->frm > 7 || field_get(hart->mstatus, MSTATUS_MPP) == 2)
		return -EINVAL;
	if (hart->steps > CLOCK_LAST >> hart->shift || hart_time(hart) > CLOCK_LAST ||
	    hart_holds(hart) > HART_HELD_MAX)
		return -EINVAL;
	for (unsigned n = 0; n < PMP_REGIONS; n++)
		hart->pmp.addr[n] &= PMP_ADDR_MASK;
	pmp_update(&hart->pmp);
	csr_legalise(hart);
	pmu_loaded(hart);
	memset(&hart->trap, 0, sizeof(hart->trap));
	hart->traps = 0;
	trap_log_clear(hart, true);
	hart->index = 0;
	hart->x[0] = 0;
	hart->asks &= hart->semihost_ready != NULL;
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
	return 0;
}

/*
 * Clears the sink for writes to x0, which is not state: native code does not write it, so its value
 * differs between tiers.
 */
static void clear_sink(void *self)
{
	struct hart *hart = self;

	hart->x[X_SINK] = 0;
}

static const struct state_type hart_state = {
	.version = 3,
	.pre_save = clear_sink,
	.fields = hart_fields,
	.count = ARRAY_SIZE(hart_fields),
	.post_load = hart_loaded,
};

static const struct state_field vector_fields[] = {
	STATE_FIELD(struct hart, vector.vl),
	STATE_FIELD(struct hart, vector.vstart),
	STATE_FIELD(struct hart, vector.vtype),
	STATE_FIELD(struct hart, vector.vxrm),
	STATE_FIELD(struct hart, vector.vxsat),
	STATE_ARRAY(struct hart, vector.v),
};

/*
 * Refuses values that no instruction could have produced, because code is translated and executed
 * by vtype.
 */
static int vector_loaded(void *self)
{
	struct hart *hart = self;
	struct vector_state *vector = &hart->vector;
	bool ill = vector->vtype & VTYPE_VILL;

	if (vtype_legal(hart->isa, vector->vtype) != vector->vtype ||
	    vector->vl > (ill ? 0 : vector_vlmax(vector)) ||
	    vector->vstart >= vector->vlenb * 8ull || vector->vxrm > 3 || vector->vxsat > 1)
		return -EINVAL;
	vector->key = hart_vector_key(vector->vtype);
	hart_mode_changed(hart);
	return 0;
}

static const struct state_type vector_type = {
	.version = 1,
	.fields = vector_fields,
	.count = ARRAY_SIZE(vector_fields),
	.post_load = vector_loaded,
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

/* Sets up the events that raise STIP and VSTIP, and LCOFIP while the hart waits. */
static void events_init(struct hart *hart)
{
	event_init(hart, &hart->timer_event[BANK_HS], "stimecmp", timer_fire);
	event_init(hart, &hart->timer_event[BANK_VS], "vstimecmp", timer_fire);
	event_init(hart, &hart->overflow_event, "overflow", overflow_fire);
}

static void vector_reset(struct vector_state *vector)
{
	*vector = (struct vector_state){
		.config = vector->config,
		.vlenb = vector->config.vlen / 8,
		.vtype = VTYPE_VILL,
		.key = hart_vector_key(VTYPE_VILL),
		.loops = vector_loops_best(),
	};
}

int hart_init(struct hart *hart, struct platform *platform, const struct hart_config *config)
{
	char name[STATE_NAME_MAX];

	memset(hart, 0, sizeof(*hart));
	hart->id = config->id;
	hart->isa = config->isa;
	hart->blocks = config->blocks;
	hart->tables = config->tables;
	hart->timebase = config->timebase;
	hart->rnmi = config->rnmi;
	hart->identity = config->identity;
	hart->vector.config = config->vector;
	hart->vector.config.vlen = MAX(config->vector.vlen, VLEN_LEAST);
	hart->adue_at_reset = config->adue_at_reset;
	hart->shift = config->shift;
	hart->platform = platform;
	hart->hooks = hart_untimed;
	hart->traps_observed = true; /* until the run loop computes it */
	hart->tlb = tlb_create();
	hart->memo = interp_memo_create();
	if (!hart->tlb || !hart->memo) {
		hart_free(hart);
		return -ENOMEM;
	}
	/* A timing model asks for the hart's regimes when it is attached. */
	hart_regime_changed(hart);
	/* This comes first, because after a state is loaded the others read the hart's time. */
	if (config->timing && config->timer->attach(hart, config->timing, config->coherence) < 0) {
		hart_free(hart);
		return -ENOMEM;
	}
	snprintf(name, sizeof(name), "hart%u", hart->id);
	state_register(&platform->state, name, &hart_state, hart);
	if (isa_has(hart->isa, EXT_zve32x)) {
		snprintf(name, sizeof(name), "hart%u-vector", hart->id);
		state_register(&platform->state, name, &vector_type, hart);
	}
	events_init(hart);
	hart_reset(hart, 0);
	return 0;
}

void hart_free(struct hart *hart)
{
	if (hart->hooks.detach)
		hart->hooks.detach(hart);
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
	trap_log_clear(hart, false);
	vector_reset(&hart->vector);
	hart->pc = pc;
	hart->priv = PRIV_M;
	hart->s[BANK_HS].timecmp = hart->s[BANK_VS].timecmp = UINT64_MAX;
	/*
	 * Until software sets ADUE, A and D are updated with Svadu alone, or if the user asked for
	 * it.
	 */
	hart->menvcfg = hart->adue_at_reset || !isa_has(hart->isa, EXT_svade) ? MENVCFG_ADUE : 0;
	hart->index = 0;
	/* No traps are expected until software says so (Smdbltrp). */
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
