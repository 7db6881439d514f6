/* SPDX-License-Identifier: MIT */
/*
 * The SSE extension: double traps and counter overflows of this hart, and software's events, local
 * and global. An event is delivered on the way out of a trap, so making one pending for another
 * hart includes setting its msip. Only the hart itself uses its local events, except for `pending`;
 * the global one has a lock.
 */
#include "firmware/sbi/sse.h"
#include "firmware/csr.h"
#include "firmware/guarded.h"
#include "firmware/hart.h"
#include "firmware/pmp.h"
#include "firmware/sbi/fwft.h"
#include "firmware/sbi/ipi.h"
#include "firmware/trap.h"

enum { UNUSED, REGISTERED, ENABLED, RUNNING };

#define STATUS_PENDING (1 << 2)
#define STATUS_INJECTABLE (1 << 3)
#define CONFIG_ONE_SHOT 1

#define FLAG_SPP (1 << 0)
#define FLAG_SPIE (1 << 1)
#define FLAG_SPV (1 << 2)
#define FLAG_SPVP (1 << 3)
#define FLAG_SPELP (1 << 4)
#define FLAG_SDT (1 << 5)
#define FLAGS 0x3f

static struct sse_event global;
static u32 lock; /* protects `global` except `global.pending` */

/* Ids of the standard events. Those of hardware errors (RAS) have no source here. */
enum which { LOCAL, GLOBAL, NO_SOURCE };
static const struct {
	u32 id;
	enum which which;
	enum sse_local local;
} events[] = {
	{ 0x00000000, NO_SOURCE, 0 },
	{ 0x00000001, LOCAL, SSE_DOUBLE_TRAP },
	{ 0x00008000, NO_SOURCE, 0 },
	{ 0x00010000, LOCAL, SSE_PMU_OVERFLOW },
	{ 0x00100000, NO_SOURCE, 0 },
	{ 0x00108000, NO_SOURCE, 0 },
	{ 0xffff0000, LOCAL, SSE_SOFTWARE },
	{ 0xffff8000, GLOBAL, 0 },
};

static bool has_source(enum sse_local local)
{
	switch (local) {
	case SSE_DOUBLE_TRAP:
		return self->features.fwft >> FWFT_DOUBLE_TRAP & 1;
	case SSE_PMU_OVERFLOW:
		return self->features.sscofpmf;
	default:
		return true;
	}
}

/* Finds an event by id; a local one is that of `hart`. */
static s64 find_event(u32 id, struct hart *hart, struct sse_event **event)
{
	for (u64 i = 0; i < ARRAY_SIZE(events); i++) {
		if (events[i].id != id)
			continue;
		*event = events[i].which == GLOBAL ? &global : &hart->sse[events[i].local];
		if (events[i].which == NO_SOURCE ||
		    (events[i].which == LOCAL && !has_source(events[i].local)))
			return SBI_ERR_NOT_SUPPORTED;
		return SBI_SUCCESS;
	}
	return SBI_ERR_INVALID_PARAM;
}

static void acquire(const struct sse_event *event)
{
	if (event == &global)
		spin_lock(&lock);
}

static void sse_release(const struct sse_event *event)
{
	if (event == &global)
		spin_unlock(&lock);
}

static bool is_injectable(const struct sse_event *event)
{
	return event == &global || event == &self->sse[SSE_SOFTWARE];
}

/*
 * Sets the state. While S-mode handles counter overflows as events, M-mode takes their interrupt.
 */
static void set_state(struct sse_event *event, u32 state)
{
	bool was_ours = event->state >= ENABLED, is_ours = state >= ENABLED;

	event->state = state;
	if (event != &self->sse[SSE_PMU_OVERFLOW] || was_ours == is_ours)
		return;
	if (is_ours) {
		self->sse_lcofie = csr_read(mie) & 1UL << IRQ_LCOFI;
		csr_clear(mideleg, 1UL << IRQ_LCOFI);
		csr_set(mie, 1UL << IRQ_LCOFI);
	} else {
		csr_set(mideleg, 1UL << IRQ_LCOFI);
		csr_clear(mie, (1UL << IRQ_LCOFI) & ~self->sse_lcofie);
	}
}

/*
 * Returns the n-th, in the order of ids, of the events that this hart may handle; NULL at the end.
 */
static struct sse_event *event_here(u64 n)
{
	if (n < SSE_LOCAL_EVENTS)
		return &self->sse[n];
	return n == SSE_LOCAL_EVENTS ? &global : NULL;
}

static bool runs_here(const struct sse_event *event)
{
	return event->state == RUNNING && event->hart == self->id;
}

static bool is_ready(u64 id)
{
	struct hart *hart = hart_find(id);

	return hart && atomic_load(&hart->sse_ready);
}

static bool waits_here(const struct sse_event *event)
{
	u64 preferred = event->attribute[SSE_PREFERRED_HART];

	if (!atomic_load(&event->pending) || event->state != ENABLED)
		return false;
	return event != &global || preferred == self->id || !is_ready(preferred);
}

/*
 * Returns the most urgent of this hart's events for which `is` is true; ids break ties. NULL: none.
 */
static struct sse_event *most_urgent(bool (*is)(const struct sse_event *))
{
	struct sse_event *best = NULL, *event;

	for (u64 n = 0; (event = event_here(n)); n++)
		if (is(event) &&
		    (!best || event->attribute[SSE_PRIORITY] < best->attribute[SSE_PRIORITY]))
			best = event;
	return best;
}

static bool goes_first(const struct sse_event *event, const struct sse_event *running)
{
	u64 own = event->attribute[SSE_PRIORITY], other;

	if (!running)
		return true;
	other = running->attribute[SSE_PRIORITY];
	/*
	 * Equal priorities are decided by id, in the order of event_here(): local events, which are
	 * in one array, before the global one.
	 */
	if (own == other)
		return event != &global && (running == &global || event < running);
	return own < other;
}

static bool any_is_pending(void)
{
	struct sse_event *event;

	for (u64 n = 0; (event = event_here(n)); n++)
		if (atomic_load(&event->pending))
			return true;
	return false;
}

/* Returns the event to deliver now, or NULL. The caller has the lock. */
static struct sse_event *next_event(void)
{
	struct sse_event *event = most_urgent(waits_here);

	return event && goes_first(event, most_urgent(runs_here)) ? event : NULL;
}

/* Sets the msip of a hart that will handle the global event: the preferred hart when it can. */
static void route_global(void)
{
	u64 id = global.attribute[SSE_PREFERRED_HART];

	if (!is_ready(id))
		for (id = 0; id < MAX_HARTS && !is_ready(id); id++)
			;
	if (id != self->id && hart_find(id))
		ipi_knock(id);
}

void sse_reset(void)
{
	atomic_store(&self->sse_ready, 0);
	for (u64 n = 0; n < SSE_LOCAL_EVENTS; n++)
		self->sse[n] = (struct sse_event){ .attribute[SSE_PREFERRED_HART] = self->id };
}

static u32 state_after(const struct sse_event *event)
{
	return event->attribute[SSE_CONFIG] & CONFIG_ONE_SHOT ? REGISTERED : ENABLED;
}

void sse_leave(void)
{
	atomic_store(&self->sse_ready, 0);
	spin_lock(&lock);
	if (runs_here(&global))
		set_state(&global, state_after(&global));
	if (atomic_load(&global.pending))
		route_global();
	spin_unlock(&lock);
}

void sse_signal(enum sse_local local)
{
	atomic_store(&self->sse[local].pending, 1);
}

bool sse_waits(void)
{
	bool waits;

	if (!self->sse_ready || !any_is_pending())
		return false;
	spin_lock(&lock);
	waits = next_event();
	spin_unlock(&lock);
	return waits;
}

/* Enters an event's handler (specification, "Software Event Injection"). */
static void enter_handler(struct frame *frame, struct sse_event *event)
{
	u64 flags = 0, hstatus = self->features.hypervisor ? csr_read(CSR_HSTATUS) : 0;

	flags |= frame->mstatus & MSTATUS_SPP ? FLAG_SPP : 0;
	flags |= frame->mstatus & MSTATUS_SPIE ? FLAG_SPIE : 0;
	flags |= hstatus & HSTATUS_SPV ? FLAG_SPV : 0;
	flags |= hstatus & HSTATUS_SPVP ? FLAG_SPVP : 0;
	flags |= frame->mstatus & MSTATUS_SPELP ? FLAG_SPELP : 0;
	flags |= frame->mstatus & MSTATUS_SDT ? FLAG_SDT : 0;
	event->attribute[SSE_INTERRUPTED_FLAGS] = flags;
	event->attribute[SSE_INTERRUPTED_SEPC] = csr_read(sepc);
	event->attribute[SSE_INTERRUPTED_A6] = frame->x[16];
	event->attribute[SSE_INTERRUPTED_A7] = frame->x[17];
	frame->x[16] = self->id;
	frame->x[17] = event->attribute[SSE_ENTRY_ARG];
	trap_enter_s(frame, event->attribute[SSE_ENTRY_PC]);
}

bool sse_deliver(struct frame *frame)
{
	struct sse_event *event;

	if (!self->sse_ready || !any_is_pending() ||
	    (frame->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == MODE_M)
		return false;
	spin_lock(&lock);
	event = next_event();
	if (event) {
		atomic_store(&event->pending, 0);
		event->hart = self->id;
		set_state(event, RUNNING);
		enter_handler(frame, event);
	}
	spin_unlock(&lock);
	return event;
}

static u64 bits_if(u64 flags, u64 flag, u64 bits)
{
	return flags & flag ? bits : 0;
}

/*
 * Returns to the interrupted code (specification, "Software Event Completion"), whose landing pad
 * state is restored, too.
 */
static void leave_handler(struct frame *frame, const struct sse_event *event)
{
	u64 flags = event->attribute[SSE_INTERRUPTED_FLAGS], old = frame->mstatus;
	u64 status = old & ~(MSTATUS_MPP | MSTATUS_MPV | MSTATUS_MPELP | MSTATUS_SIE | MSTATUS_SPP |
			     MSTATUS_SPIE | MSTATUS_SPELP | MSTATUS_SDT);

	status |= bits_if(old, MSTATUS_SPP, (u64)MODE_S << MSTATUS_MPP_SHIFT);
	status |= bits_if(old, MSTATUS_SPIE, MSTATUS_SIE);
	status |= bits_if(old, MSTATUS_SPELP, MSTATUS_MPELP);
	status |= bits_if(flags, FLAG_SPP, MSTATUS_SPP) | bits_if(flags, FLAG_SPIE, MSTATUS_SPIE);
	status |= bits_if(flags, FLAG_SPELP, MSTATUS_SPELP) | bits_if(flags, FLAG_SDT, MSTATUS_SDT);
	if (self->features.hypervisor) {
		u64 hstatus = csr_read(CSR_HSTATUS);

		status |= bits_if(hstatus, HSTATUS_SPV, MSTATUS_MPV);
		hstatus &= ~(HSTATUS_SPV | HSTATUS_SPVP);
		csr_write(CSR_HSTATUS, hstatus | bits_if(flags, FLAG_SPV, HSTATUS_SPV) |
					       bits_if(flags, FLAG_SPVP, HSTATUS_SPVP));
	}
	frame->mstatus = status;
	frame->mepc = csr_read(sepc);
	frame->x[16] = event->attribute[SSE_INTERRUPTED_A6];
	frame->x[17] = event->attribute[SSE_INTERRUPTED_A7];
	csr_write(sepc, event->attribute[SSE_INTERRUPTED_SEPC]);
}

static u64 read_attribute(const struct sse_event *event, u64 id)
{
	if (id != SSE_STATUS)
		return event->attribute[id];
	return event->state | (atomic_load(&event->pending) ? STATUS_PENDING : 0) |
	       (is_injectable(event) ? STATUS_INJECTABLE : 0);
}

/* Returns the error of a write of `value` to attribute `id`, or 0. */
static s64 check_write(const struct sse_event *event, u64 id, u64 value)
{
	bool valid;

	switch (id) {
	case SSE_PRIORITY:
		valid = value >> 32 == 0;
		break;
	case SSE_CONFIG:
		valid = (value & ~(u64)CONFIG_ONE_SHOT) == 0;
		break;
	case SSE_PREFERRED_HART:
		if (event != &global)
			return SBI_ERR_DENIED;
		valid = hart_find(value);
		break;
	case SSE_INTERRUPTED_SEPC:
	case SSE_INTERRUPTED_FLAGS:
	case SSE_INTERRUPTED_A6:
	case SSE_INTERRUPTED_A7:
		if (!runs_here(event))
			return SBI_ERR_INVALID_STATE;
		return id == SSE_INTERRUPTED_FLAGS && value & ~(u64)FLAGS ? SBI_ERR_INVALID_PARAM :
									    SBI_SUCCESS;
	default:
		return SBI_ERR_DENIED;
	}
	if (event->state >= ENABLED)
		return SBI_ERR_INVALID_STATE;
	return valid ? SBI_SUCCESS : SBI_ERR_INVALID_PARAM;
}

/*
 * Checks the arguments of read_attrs and write_attrs: event, first attribute, count, address. The
 * memory has room for `count` words, so its first word is the first attribute requested.
 */
static s64 find_attributes(const u64 *arg, struct sse_event **event)
{
	u32 first = (u32)arg[1], count = (u32)arg[2];
	s64 error = find_event((u32)arg[0], self, event);

	if (error)
		return error;
	if (count == 0)
		return SBI_ERR_INVALID_PARAM;
	if (first >= SSE_ATTRIBUTES || count > SSE_ATTRIBUTES - first)
		return SBI_ERR_BAD_RANGE;
	if (arg[3] % sizeof(u64) != 0 || !pmp_caller_ram(arg[3], arg[4], count * sizeof(u64)))
		return SBI_ERR_INVALID_ADDRESS;
	return SBI_SUCCESS;
}

static struct sbi_ret read_attrs(const u64 *arg)
{
	u32 first = (u32)arg[1], count = (u32)arg[2];
	struct sse_event *event;
	s64 error = find_attributes(arg, &event);
	u64 value[SSE_ATTRIBUTES];

	if (error)
		return sbi_result(error);
	acquire(event);
	for (u64 i = 0; i < count; i++)
		value[i] = read_attribute(event, first + i);
	sse_release(event);
	for (u64 i = 0; i < count; i++)
		guarded_call2(guarded_store, arg[3] + i * sizeof(u64), value[i]);
	return sbi_result(SBI_SUCCESS);
}

/* Writes all attributes, or none when one is in error. */
static struct sbi_ret write_attrs(const u64 *arg)
{
	u32 first = (u32)arg[1], count = (u32)arg[2];
	struct sse_event *event;
	s64 error = find_attributes(arg, &event);
	u64 value[SSE_ATTRIBUTES];

	if (error)
		return sbi_result(error);
	for (u64 i = 0; i < count; i++)
		value[i] = guarded_call(guarded_load, arg[3] + i * sizeof(u64)).value;
	acquire(event);
	for (u64 i = 0; i < count && !error; i++)
		error = check_write(event, first + i, value[i]);
	for (u64 i = 0; i < count && !error; i++)
		event->attribute[first + i] = value[i];
	sse_release(event);
	return sbi_result(error);
}

static struct sbi_ret change_state(u64 id, u32 from, u32 to)
{
	struct sse_event *event;
	s64 error = find_event((u32)id, self, &event);

	if (error)
		return sbi_result(error);
	acquire(event);
	if (event->state == from)
		set_state(event, to);
	else
		error = SBI_ERR_INVALID_STATE;
	if (event == &global && to == ENABLED && event->pending)
		route_global();
	sse_release(event);
	return sbi_result(error);
}

static struct sbi_ret register_handler(const u64 *arg)
{
	struct sse_event *event;
	s64 error = find_event((u32)arg[0], self, &event);

	if (error)
		return sbi_result(error);
	if (arg[1] % 2 != 0)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	acquire(event);
	if (event->state == UNUSED) {
		event->attribute[SSE_ENTRY_PC] = arg[1];
		event->attribute[SSE_ENTRY_ARG] = arg[2];
		set_state(event, REGISTERED);
	} else {
		error = SBI_ERR_INVALID_STATE;
	}
	sse_release(event);
	return sbi_result(error);
}

static struct sbi_ret unregister(const u64 *arg)
{
	return change_state(arg[0], REGISTERED, UNUSED);
}

static struct sbi_ret enable(const u64 *arg)
{
	return change_state(arg[0], REGISTERED, ENABLED);
}

static struct sbi_ret disable(const u64 *arg)
{
	return change_state(arg[0], ENABLED, REGISTERED);
}

static struct sbi_ret complete(const u64 *arg)
{
	struct sse_event *event;

	(void)arg;
	spin_lock(&lock);
	event = most_urgent(runs_here);
	if (event) {
		leave_handler(&self->frame, event);
		set_state(event, state_after(event));
	}
	/* An event injected meanwhile goes to the hart that is preferred by now. */
	if (event == &global && atomic_load(&global.pending))
		route_global();
	spin_unlock(&lock);
	return sbi_result(event ? SBI_FRAME_IS_WRITTEN : SBI_SUCCESS);
}

static struct sbi_ret inject(const u64 *arg)
{
	struct hart *hart = hart_find(arg[1]);
	struct sse_event *event;
	s64 error = find_event((u32)arg[0], self, &event);

	if (error)
		return sbi_result(error);
	if (!is_injectable(event) || (event != &global && !hart))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (event == &global) {
		atomic_store(&global.pending, 1);
		spin_lock(&lock);
		route_global();
		spin_unlock(&lock);
	} else {
		atomic_store(&hart->sse[SSE_SOFTWARE].pending, 1);
		if (hart != self)
			ipi_knock(hart->id);
	}
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret hart_unmask(const u64 *arg)
{
	(void)arg;
	if (self->sse_ready)
		return sbi_result(SBI_ERR_ALREADY_STARTED);
	atomic_store(&self->sse_ready, 1);
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret hart_mask(const u64 *arg)
{
	(void)arg;
	if (!self->sse_ready)
		return sbi_result(SBI_ERR_ALREADY_STOPPED);
	spin_lock(&lock);
	atomic_store(&self->sse_ready, 0);
	if (atomic_load(&global.pending))
		route_global();
	spin_unlock(&lock);
	return sbi_result(SBI_SUCCESS);
}

static const struct sbi_function functions[] = {
	{ read_attrs }, { write_attrs }, { register_handler }, { unregister }, { enable },
	{ disable }, { complete }, { inject }, { hart_unmask }, { hart_mask },
};

const struct sbi_extension sbi_sse = { 0x535345, functions, ARRAY_SIZE(functions) };
