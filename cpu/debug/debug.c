/* SPDX-License-Identifier: MIT */
/*
 * Stops harts for a debugger: the tier that looks for points to stop at, and the list of these
 * points. Two virtual addresses of the same byte have the same offset in their pages. So offsets
 * are compared first, because translating an address costs more, and few instructions need it.
 */
#include "cpu/debug/debug.h"

#include "bus/platform.h"
#include "cpu/debug/observe.h"
#include "cpu/debug/triggers/trigger.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/interp.h"
#include "cpu/hart/harts.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/walk.h"
#include "cpu/vector/vector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct debug *debug_attach(struct harts *harts)
{
	struct debug *debug = calloc(1, sizeof(*debug) + harts->count * sizeof(debug->hart[0]));

	if (!debug)
		return NULL;
	debug->harts = harts;
	for (unsigned n = 0; n < harts->count; n++) {
		harts->hart[n]->debug = debug;
		hart_hooks_add(harts->hart[n], &debug_hooks);
	}
	block_cache_break(harts->blocks, debug->breaks);
	return debug;
}

static struct bus *bus_of(struct debug *debug)
{
	return &debug->harts->hart[0]->platform->bus;
}

void debug_detach(struct debug *debug)
{
	if (!debug)
		return;
	block_cache_break(debug->harts->blocks, NULL);
	bus_of(debug)->dma_watch = NULL;
	for (unsigned n = 0; n < debug->count; n++)
		free(debug->points[n].before);
	for (unsigned n = 0; n < debug->harts->count; n++) {
		debug_go(debug, debug->harts->hart[n]);
		hart_hooks_remove(debug->harts->hart[n], &debug_hooks);
		debug->harts->hart[n]->debug = NULL;
	}
	debug->harts->stopped = debug->harts->cut = false;
	free(debug);
}

bool debug_translate(struct hart *hart, const struct regime *regime, u64 va, u64 *pa)
{
	struct access access = { .type = ACCESS_LOAD, .peek = true };
	struct trap saved = hart->trap;
	struct xlat xlat;
	bool good = walk(hart, regime, regime_address(regime, va), access, &xlat);

	hart->trap = saved;
	if (good)
		*pa = xlat.pa;
	return good;
}

static struct debug_space space_of(const struct regime *regime)
{
	return (struct debug_space){
		.root = regime->s1.levels ? regime->s1.root : 0,
		.guest_root = regime->s2.levels ? regime->s2.root : 0,
		.asid = regime->asid, .vmid = regime->vmid, .virt = regime->virt,
	};
}

static bool same_guest(const struct debug_space *a, const struct debug_space *b)
{
	return a->guest_root == b->guest_root && a->vmid == b->vmid && a->virt == b->virt;
}

static bool same_space(const struct debug_space *a, const struct debug_space *b)
{
	return same_guest(a, b) && a->root == b->root && a->asid == b->asid;
}

static bool is_break(enum debug_kind kind)
{
	return kind == DEBUG_SOFTWARE || kind == DEBUG_HARDWARE;
}

static void debug_halt(struct hart *hart, struct debug_stop why)
{
	struct debug *debug = hart->debug;

	debug->hart[hart->id].stop = why;
	debug->harts->stopped = true;
	debug->harts->cut = !hart->yield;
	hart_yield(hart);
}

/* --- breakpoints --- */

static bool is_at(struct hart *hart, const struct debug_point *point)
{
	u64 pa;

	if (!is_break(point->kind) || (point->addr ^ hart->pc) & ~PAGE_MASK)
		return false;
	if (point->addr == hart->pc)
		return true;
	return point->placed && debug_translate(hart, hart->fetch_regime, hart->pc, &pa) &&
	       pa == point->pa;
}

/*
 * Returns whether a breakpoint at pc stops the hart now. A program or a guest whose code is not in
 * memory yet faults first: its kernel or hypervisor brings the page, and returns to the same pc.
 * Only then is the instruction executed, and can a debugger read it to step over it. So a software
 * breakpoint waits for that, as an EBREAK in the code would. A hardware breakpoint has the priority
 * of a core's trigger, which precedes these faults ("Synchronous exception priority").
 */
static bool is_reached(struct hart *hart, const struct debug_point *point)
{
	struct trap trap;

	if (point->kind == DEBUG_HARDWARE || hart_peek_fetch(hart, hart->pc, &trap))
		return true;
	return trap.cause != CAUSE_FETCH_GUEST_PAGE &&
	       (trap.cause != CAUSE_FETCH_PAGE || hart->priv != PRIV_U);
}

/* Stops the hart and returns true if it is at a breakpoint. */
static bool at_break(struct hart *hart)
{
	const struct debug *debug = hart->debug;

	if (likely(!block_cache_breaks_at(debug->breaks, hart->pc)) ||
	    debug->hart[hart->id].passes == hart->steps + 1)
		return false;
	for (unsigned n = 0; n < debug->count; n++) {
		const struct debug_point *point = &debug->points[n];

		if (is_at(hart, point) && is_reached(hart, point)) {
			debug_halt(hart, (struct debug_stop){ DEBUG_HIT, point->kind, hart->pc });
			return true;
		}
	}
	return false;
}

/* --- watchpoints --- */

/* A range of bytes within one page that an instruction touches. */
struct touched {
	u64 va, size;
	const struct regime *regime;
	u64 pa;
	enum { NOT_KNOWN, NOWHERE, AT_PA } known;
};

static bool overlaps(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

static bool find_pa(struct hart *hart, struct touched *touched)
{
	if (touched->known == NOT_KNOWN)
		touched->known = debug_translate(hart, touched->regime, touched->va, &touched->pa) ?
					 AT_PA :
					 NOWHERE;
	return touched->known == AT_PA;
}

/* Returns whether the point's virtual address means the watched location in this space, too. */
static bool reaches(const struct debug_point *point, const struct debug_space *space)
{
	switch (point->reach) {
	case DEBUG_IN_SPACE:
		return same_space(&point->space, space);
	case DEBUG_IN_GUEST:
		return same_guest(&point->space, space);
	case DEBUG_EVERYWHERE:
		return true;
	default:
		return false;
	}
}

/*
 * Returns whether the instruction touches the point. *addr becomes the first byte touched, as an
 * address within the point.
 */
static bool is_touched(struct hart *hart, const struct debug_point *point, struct touched *touched,
		       u64 *addr)
{
	u64 at = point->addr, size = point->size;
	u64 va = regime_address(touched->regime, touched->va);
	struct debug_space space = space_of(touched->regime);

	if (!overlaps(at & ~PAGE_MASK, size, va & ~PAGE_MASK, touched->size))
		return false;
	*addr = at + ((va & ~PAGE_MASK) > (at & ~PAGE_MASK) ? (va - at) & ~PAGE_MASK : 0);
	if (reaches(point, &space) && overlaps(at, size, va, touched->size))
		return true;
	return point->placed && find_pa(hart, touched) &&
	       overlaps(point->pa, size, touched->pa, touched->size);
}

static bool debug_wants(enum debug_kind kind, enum touch touch)
{
	static const u8 kinds[] = {
		[TOUCH_NONE] = 0,
		[TOUCH_LOAD] = 1u << DEBUG_READ | 1u << DEBUG_ACCESS,
		[TOUCH_STORE] = 1u << DEBUG_WRITE | 1u << DEBUG_ACCESS,
		[TOUCH_ATOMIC] = 1u << DEBUG_READ | 1u << DEBUG_WRITE | 1u << DEBUG_ACCESS,
	};

	return kinds[touch] >> kind & 1;
}

/* Finds the point that an instruction touches if its access is made. */
static bool find_watch(struct hart *hart, const struct event *event, struct debug_stop *found)
{
	const struct debug *debug = hart->debug;
	struct regime regime = *hart->data_regime;
	u64 first = MIN((u64)event->size, PAGE_SIZE - (event->va & ~PAGE_MASK));
	struct touched touched[2] = {
		{ event->va, first, &regime, 0, NOT_KNOWN },
		{ event->va + first, event->size - first, &regime, 0, NOT_KNOWN },
	};

	if (event->guest)
		regime_guest(hart, &regime);
	for (unsigned n = 0; n < debug->count; n++) {
		const struct debug_point *point = &debug->points[n];

		if (!debug_wants(point->kind, event->touch))
			continue;
		for (unsigned k = 0; k < ARRAY_SIZE(touched); k++)
			if (touched[k].size && is_touched(hart, point, &touched[k], &found->addr)) {
				found->why = DEBUG_HIT;
				found->kind = point->kind;
				return true;
			}
	}
	return false;
}

/* Reads the instruction at pc without side effects, through the TLB where it has the page. */
static bool look_at_code(struct hart *hart, u32 *raw)
{
	const struct tlb_view *view = hart->fetch;

	if (mem_hit(view->execute[tlb_index(hart->pc)], hart->pc, 2) &&
	    (hart->pc & ~PAGE_MASK) <= PAGE_SIZE - 4) {
		memcpy(raw, mem_host(view, hart->pc), sizeof(*raw));
		return true;
	}
	*raw = 0;
	return hart_peek_code(hart, hart->pc, raw, 2) &&
	       (insn_length(*raw) == 2 || hart_peek_code(hart, hart->pc, raw, 4));
}

/* An instruction that is about to touch a point, and where. */
struct watched {
	struct hart *hart;
	struct event event;
	bool touches;
	struct debug_stop found;
};

static void will_touch_element(void *ctx, const struct vector_access *access)
{
	struct watched *watched = ctx;

	if (watched->touches)
		return;
	watched->event.touch = access->store ? TOUCH_STORE : TOUCH_LOAD;
	watched->event.va = access->va;
	watched->event.size = access->bytes;
	watched->touches = find_watch(watched->hart, &watched->event, &watched->found);
}

/* Finds out whether the next instruction is about to touch a point, and which. */
static void will_touch(struct hart *hart, struct watched *watched)
{
	struct event *event = &watched->event;

	*watched = (struct watched){ .hart = hart, .event = { .pc = hart->pc } };
	/* While ELP is set, the instruction is a landing pad, or it traps before its access. */
	if (hart->elp || !look_at_code(hart, &event->raw))
		return;
	interp_decode(hart, event->raw, &event->insn);
	observe_operand(hart, event);
	if (event->touch != TOUCH_NONE)
		watched->touches = find_watch(hart, event, &watched->found);
	else
		vector_accesses(hart, &event->insn, will_touch_element, watched);
}

/*
 * Stops the hart and returns true if its next instruction is about to touch a point, unless it has
 * already stopped there. GDB knows that watchpoints of RISC-V stop before the access, and steps
 * over the instruction by itself.
 */
static bool at_watch(struct hart *hart)
{
	struct debug_hart *state = &hart->debug->hart[hart->id];
	struct watched watched;

	if (state->reported == hart->steps + 1 && state->reported_pc == hart->pc)
		return false;
	will_touch(hart, &watched);
	if (!watched.touches)
		return false;
	state->reported = hart->steps + 1;
	state->reported_pc = hart->pc;
	debug_halt(hart, watched.found);
	return true;
}

/* --- devices that write --- */

/*
 * Called before a device writes memory. It copies the watched parts of that memory, so that
 * changed_by_device() can find what has changed.
 */
static void dma_watch(void *ctx, u64 addr, u64 len)
{
	struct debug *debug = ctx;

	for (unsigned n = 0; n < debug->count; n++) {
		struct debug_point *point = &debug->points[n];

		if (!point->before || !point->placed || point->written ||
		    !overlaps(point->pa, point->size, addr, len))
			continue;
		point->written = bus_dma_read(bus_of(debug), point->pa, point->before, point->size);
		debug->dma = debug->dma || point->written;
	}
}

/* Returns the offset of the first byte of the point that has changed, or its size if none has. */
static u64 first_changed(struct debug *debug, const struct debug_point *point)
{
	const u8 *now = bus_dma_map(bus_of(debug), point->pa, point->size, false);
	u64 n = 0;

	while (now && n < point->size && now[n] == point->before[n])
		n++;
	return now ? n : point->size;
}

/*
 * Stops the hart before its next instruction if a device changed watched memory. The stop reports
 * the first byte that changed.
 */
static bool changed_by_device(struct hart *hart)
{
	struct debug *debug = hart->debug;
	bool found = false;

	debug->dma = false;
	for (unsigned k = 0; k < debug->count; k++) {
		struct debug_point *point = &debug->points[k];
		u64 n = point->written ? first_changed(debug, point) : UINT64_MAX;

		point->written = false;
		if (n >= point->size || found)
			continue;
		found = true;
		debug_halt(hart, (struct debug_stop){ DEBUG_HIT, point->kind, point->addr + n });
	}
	return found;
}

void debug_forget(struct debug *debug)
{
	debug->dma = false;
	for (unsigned n = 0; n < debug->harts->count; n++)
		debug->hart[n].reported = 0;
	for (unsigned n = 0; n < debug->count; n++)
		debug->points[n].written = false;
}

/* --- the tier --- */

static hart_tier tier_of(const struct hart *hart)
{
	const struct debug *debug = hart->debug;

	if (unlikely(hart->triggers.armed) && trigger_watches(hart))
		return observe_run;
	return debug->watches && debug->single ? debug->single : debug->tier;
}

/* Runs one instruction if a point could be missed otherwise, else as many as the tier will run. */
static enum hart_exit run_some(struct hart *hart)
{
	const struct debug *debug = hart->debug;
	hart_tier tier = tier_of(hart);
	u64 limit = hart->limit;
	enum hart_exit left;

	if (debug->count && !(debug->parted && !debug->watches && tier == debug->tier))
		hart->limit = hart->steps + 1;
	left = tier(hart);
	hart->limit = limit;
	return left;
}

/*
 * Returns to the run loop as often as the tier itself would, so that the loop looks at the hart as
 * it does without a debugger: an interrupt may be due, or the hart may wait in WFI.
 */
enum hart_exit debug_run(struct hart *hart)
{
	const struct debug *debug = hart->debug;

	if (at_break(hart) || (unlikely(debug->dma) && changed_by_device(hart)) ||
	    (debug->watches && at_watch(hart)))
		return EXIT_NEXT;
	return run_some(hart);
}

/* --- the list --- */

/* Returns a part of the breakpoint or watchpoint that was inserted with these values, or NULL. */
static struct debug_point *find_point(struct debug *debug, enum debug_kind kind, u64 addr, u64 size)
{
	for (unsigned n = 0; n < debug->count; n++) {
		struct debug_point *point = &debug->points[n];

		if (point->kind == kind && point->whole_addr == addr && point->whole_size == size)
			return point;
	}
	return NULL;
}

/* Derives the number of watchpoints and the bits of `breaks` from the list. */
static void points_changed(struct debug *debug)
{
	debug->watches = 0;
	memset(debug->breaks, 0, sizeof(debug->breaks));
	for (unsigned n = 0; n < debug->count; n++) {
		u64 place = (debug->points[n].addr & ~PAGE_MASK) / 2;

		if (is_break(debug->points[n].kind))
			debug->breaks[place / 64] |= BIT(place % 64);
		else
			debug->watches++;
	}
	block_cache_break(debug->harts->blocks, debug->breaks);
	bus_of(debug)->dma_watch = debug->watches ? dma_watch : NULL;
	bus_of(debug)->dma_watch_ctx = debug;
}

/*
 * A virtual address without a page table that maps it may be meant for a page table that software
 * makes later, as when a kernel's variable is watched before the kernel turns its MMU on. So it is
 * compared in all spaces that may be meant.
 */
static enum debug_reach reach_of(const struct debug_point *point, const struct debug_range *range)
{
	const struct regime *regime = range->regime;

	if (range->reach == DEBUG_NOWHERE)
		return DEBUG_NOWHERE;
	if (point->placed && regime->s1.levels)
		return DEBUG_IN_SPACE;
	return regime->s2.levels ? DEBUG_IN_GUEST : range->reach;
}

/* Returns whether the point can be reached. */
static bool debug_place(struct debug *debug, const struct debug_range *range,
			struct debug_point *point)
{
	const struct regime *regime = range->regime;
	bool physical = range->reach == DEBUG_NOWHERE;

	point->space = space_of(regime);
	if (is_break(point->kind) && !physical && (regime->s1.levels || regime->s2.levels))
		return true;
	point->placed = debug_translate(range->hart, regime, point->addr, &point->pa);
	point->reach = reach_of(point, range);
	return is_break(point->kind) || !physical ||
	       (point->placed && bus_find(bus_of(debug), point->pa));
}

/* Returns how many bytes from `addr` on are in its page, at most `left`. */
static u64 in_page(u64 addr, u64 left)
{
	return MIN(left, PAGE_SIZE - (addr & ~PAGE_MASK));
}

int debug_insert(struct debug *debug, enum debug_kind kind, const struct debug_range *range)
{
	u64 addr = range->addr, size = range->size;
	struct debug_point point = { .kind = kind, .whole_addr = addr, .whole_size = size };
	u64 pages = ((addr & ~PAGE_MASK) + size + PAGE_SIZE - 1) / PAGE_SIZE;

	if (!size || size > DEBUG_WATCH_MAX || addr + size < addr || (is_break(kind) && addr & 1))
		return -EINVAL;
	if (find_point(debug, kind, addr, size))
		return 0;
	if (DEBUG_POINTS_MAX - debug->count < (is_break(kind) ? 1 : pages))
		return -ENOSPC;
	for (u64 done = 0; done < size; done += point.size) {
		point.addr = addr + done;
		/* Breakpoints are not split, because only their address matters. */
		point.size = is_break(kind) ? size : in_page(point.addr, size - done);
		if (!debug_place(debug, range, &point)) {
			debug_remove(debug, kind, addr, size);
			return -EFAULT;
		}
		if (kind == DEBUG_WRITE || kind == DEBUG_ACCESS)
			point.before = malloc(point.size);
		debug->points[debug->count++] = point;
	}
	points_changed(debug);
	return 0;
}

int debug_remove(struct debug *debug, enum debug_kind kind, u64 addr, u64 size)
{
	struct debug_point *point = find_point(debug, kind, addr, size);

	if (!point)
		return -EINVAL;
	for (; point; point = find_point(debug, kind, addr, size)) {
		free(point->before);
		*point = debug->points[--debug->count];
	}
	points_changed(debug);
	return 0;
}
