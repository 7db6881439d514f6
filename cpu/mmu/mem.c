/* SPDX-License-Identifier: MIT */
/*
 * The slow path of memory accesses: it translates (walk.c), checks PMP (pmp.c), finds the region
 * (bus.c), and enters the page into the TLB view if all of it may take the fast path from now on.
 */
#include "cpu/mmu/mem.h"

#include "bus/platform.h"
#include "cpu/counters/pmu.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/refill.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/view.h"
#include "cpu/mmu/walk.h"

static const enum cause access_cause[] = {
	[ACCESS_LOAD] = CAUSE_LOAD_ACCESS,
	[ACCESS_STORE] = CAUSE_STORE_ACCESS,
	[ACCESS_FETCH] = CAUSE_FETCH_ACCESS,
};

static const enum cause misaligned_cause[] = {
	[ACCESS_LOAD] = CAUSE_LOAD_MISALIGNED,
	[ACCESS_STORE] = CAUSE_STORE_MISALIGNED,
};

static const u8 access_right[] = {
	[ACCESS_LOAD] = PMP_R,
	[ACCESS_STORE] = PMP_W,
	[ACCESS_FETCH] = PMP_X,
};

/* The physical place of one access. */
struct mem_place {
	u8 *host; /* NULL: not memory, or ROM that is being written */
	/* These are set if there is no host address. */
	u64 pa;
	const struct region *region; /* NULL: nothing is there */
};

/*
 * Raises a fault of a load or store that translation itself does not raise. xtval gets the address
 * after pointer masking.
 */
static bool data_trap(struct hart *hart, enum cause cause, u64 va, enum trap_reason reason)
{
	return hart_trap(hart, cause, regime_address(&hart->data->regime, va), reason);
}

static bool is_memory(const struct region *region)
{
	return region && region->ram;
}

/* Translates an access by walking the page tables, checks PMP, and finds the memory or device. */
static NOINLINE bool mem_walk(struct hart *hart, u64 va, unsigned size, struct access access,
			      struct mem_place *place)
{
	const struct tlb_view *view = refill_view(hart, access.type);
	struct xlat xlat;
	struct bus *bus = &hart->platform->bus;
	u64 address = regime_address(&view->regime, va);
	unsigned rights, needed = access_right[access.type];
	bool found = walk(hart, &view->regime, address, access, &xlat);

	if (log_on(&hart->platform->log, LOG_MMU))
		walk_log(hart, &view->regime, address, access.type, found ? &xlat : NULL);
	if (!found)
		return false;
	rights = pmp_allows(&hart->pmp, xlat.pa, size, view->regime.priv);
	if (access.hlvx)
		needed |= PMP_X;
	if (access.shadow)
		needed |= PMP_R | PMP_W;
	if ((rights & needed) != needed)
		return hart_trap(hart, access_cause[walk_reported(access)], address, REASON_pmp);
	place->pa = xlat.pa;
	place->region = bus_find(bus, xlat.pa);
	place->host = NULL;
	if (!is_memory(place->region) ||
	    !range_within(xlat.pa, size, place->region->base, place->region->size))
		/* Only memory may be executed. */
		return !access.hlvx ||
		       hart_trap(hart, CAUSE_LOAD_ACCESS, address, REASON_nothing_there);
	if (access.type == ACCESS_STORE) {
		if (place->region->readonly)
			return true;
		ram_mark(place->region->ram, xlat.pa - place->region->base, size);
	}
	place->host = place->region->ram->host + (xlat.pa - place->region->base);
	return true;
}

/*
 * Tries all that is quicker than walk(): the second level, which refill() has not searched for
 * fetches and misaligned accesses; the fault at a remembered entry; and the quick walk. Returns
 * false if the access faults. place->host is NULL if walk() has to decide.
 */
static NOINLINE bool quick_translate(struct hart *hart, u64 va, unsigned size,
				     enum access_type type, struct mem_place *place)
{
	const struct tlb_view *view = refill_view(hart, type);
	u64 address = regime_address(&view->regime, va);
	const struct space_page *page = space_find(&hart->tlb->spaces, view->space, address);

	place->host = page ? refill_enter(hart, va, size, type, space_memory(page)) : NULL;
	if (place->host)
		return true;
	if (walk_quick_fault(hart, view, address, type))
		return false;
	if (!page)
		place->host = refill_again(hart, va, size, type);
	return true;
}

/*
 * Translates and checks [va, va + size), which is within a page. After walk(), which may have set A
 * or D, a quick walk enters the page. HLVX, shadow stacks and cache management have rights that
 * loads and stores do not have: they always use walk(), and so does the log, which it writes.
 */
static ALWAYS_INLINE bool mem_translate(struct hart *hart, u64 va, unsigned size,
					struct access access, struct mem_place *place)
{
	bool usual = !access.hlvx && !access.shadow && !access.manage;
	bool quick = usual && !log_on(&hart->platform->log, LOG_MMU);

	if (access.type == ACCESS_FETCH)
		hart->tlb_stats.misses++;
	if (quick && !quick_translate(hart, va, size, access.type, place))
		return false;
	if (quick && place->host)
		return true;
	if (!mem_walk(hart, va, size, access, place))
		return false;
	if (usual && place->host)
		refill_again(hart, va, size, access.type);
	return true;
}

static bool crosses_page(u64 va, unsigned size)
{
	return (va & ~PAGE_MASK) + size > PAGE_SIZE;
}

/*
 * Raises the trap of the first part of a split access that is not memory. A device refuses the
 * whole access as misaligned; elsewhere (nothing there, or ROM is written) the part itself fails.
 */
static bool split_fails(struct hart *hart, u64 va, u64 part, const struct mem_place *place,
			enum access_type type)
{
	if (place->region && !place->region->ram)
		return data_trap(hart, misaligned_cause[type], va, REASON_misaligned);
	return data_trap(hart, access_cause[type], part, REASON_nothing_there);
}

/*
 * Returns whether the access trapped: harts that leave misaligned accesses to software refuse them.
 */
static bool mem_refused(struct hart *hart, u64 va, unsigned size, enum access_type type)
{
	if (likely(!(va & (size - 1)) || mem_misaligned_hits(hart)))
		return false;
	data_trap(hart, misaligned_cause[type], va, REASON_misaligned);
	return true;
}

/* Returns the number of bytes from va to the end of its page. */
static unsigned page_rest(u64 va)
{
	return (unsigned)(PAGE_SIZE - (va & ~PAGE_MASK));
}

/*
 * Translates both parts of a misaligned access that crosses a page boundary. Neither part is
 * performed if one faults, so both are translated first. Both must be memory.
 */
static bool split_translate(struct hart *hart, u64 va, unsigned size, struct access access,
			    struct mem_place parts[2])
{
	unsigned first = page_rest(va);

	if (!mem_translate(hart, va, first, access, &parts[0]) ||
	    !mem_translate(hart, va + first, size - first, access, &parts[1]))
		return false;
	if (!parts[0].host)
		return split_fails(hart, va, va, &parts[0], access.type);
	if (!parts[1].host)
		return split_fails(hart, va, va + first, &parts[1], access.type);
	return true;
}

static bool load_split(struct hart *hart, u64 va, unsigned size, struct access access, u64 *value)
{
	unsigned first = page_rest(va);
	struct mem_place parts[2];

	if (!split_translate(hart, va, size, access, parts))
		return false;
	*value = 0;
	memcpy(value, parts[0].host, first);
	memcpy((u8 *)value + first, parts[1].host, size - first);
	return true;
}

static bool store_split(struct hart *hart, u64 va, unsigned size, u64 value)
{
	unsigned first = page_rest(va);
	struct mem_place parts[2];

	if (!split_translate(hart, va, size, (struct access){ .type = ACCESS_STORE }, parts))
		return false;
	/* The first part may change a page-table entry that the walk for the second part read. */
	refill_mark(hart, parts[0].host, first);
	memcpy(parts[0].host, &value, first);
	memcpy(parts[1].host, (u8 *)&value + first, size - first);
	return true;
}

/* Returns whether the access trapped: devices accept only aligned ones (the PMA of I/O regions). */
static bool device_refuses(struct hart *hart, u64 va, unsigned size, enum access_type type,
			   const struct mem_place *place)
{
	if (!place->region || place->region->ram || !(place->pa & (size - 1)))
		return false;
	data_trap(hart, misaligned_cause[type], va, REASON_misaligned);
	return true;
}

/* Performs a load that missed the TLB and is within a page. */
static ALWAYS_INLINE bool load_found(struct hart *hart, u64 va, unsigned size, struct access access,
				     u64 *value)
{
	struct mem_place place;

	if (!mem_translate(hart, va, size, access, &place))
		return false;
	*value = 0;
	if (place.host) {
		memcpy(value, place.host, size);
		return true;
	}
	return !device_refuses(hart, va, size, ACCESS_LOAD, &place) &&
	       (bus_load(&hart->platform->bus, place.pa, size, value) ||
		data_trap(hart, CAUSE_LOAD_ACCESS, va, REASON_nothing_there));
}

/* Returns the value of `size` bytes (1, 2, 4 or 8) at an aligned address. */
static u64 aligned_load(const u8 *host, unsigned size)
{
	static const u64 mask[] = { [1] = 0xff, [2] = 0xffff, [4] = UINT32_MAX, [8] = UINT64_MAX };
	u64 word, first = (uintptr_t)host % 8;

	memcpy(&word, host - first, sizeof(word));
	return word >> 8 * first & mask[size];
}

/* Stores the value. A call of memcpy() would cost more than everything else here. */
static void aligned_store(u8 *host, unsigned size, u64 value)
{
	switch (size) {
	case 1:
		*host = (u8)value;
		break;
	case 2:
		memcpy(host, &value, 2);
		break;
	case 4:
		memcpy(host, &value, 4);
		break;
	default:
		memcpy(host, &value, 8);
		break;
	}
}

static NOINLINE bool load_missed(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	const struct tlb_view *view = hart->data;
	const struct access access = { .type = ACCESS_LOAD };

	if (mem_refused(hart, va, size, ACCESS_LOAD))
		return false;
	if (crosses_page(va, size))
		return load_split(hart, va, size, access, value);
	/* The page is in the view: the fast path missed only because the access is misaligned. */
	if (view->read[tlb_index(va)] == (va & PAGE_MASK)) {
		*value = 0;
		memcpy(value, mem_host(view, va), size);
		return true;
	}
	return load_found(hart, va, size, access, value);
}

bool mem_load_slow(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	if (likely(!(va & (size - 1)))) {
		const u8 *host = refill(hart, va, size, ACCESS_LOAD);

		if (likely(host)) {
			*value = aligned_load(host, size);
			return true;
		}
	}
	return load_missed(hart, va, size, value);
}

static NOINLINE bool store_missed(struct hart *hart, u64 va, unsigned size, u64 value)
{
	const struct tlb_view *view = hart->data;
	struct mem_place place;

	if (mem_refused(hart, va, size, ACCESS_STORE))
		return false;
	if (crosses_page(va, size))
		return store_split(hart, va, size, value);
	if (view->write[tlb_index(va)] == (va & PAGE_MASK)) {
		memcpy(mem_host(view, va), &value, size);
		return true;
	}
	if (!mem_translate(hart, va, size, (struct access){ .type = ACCESS_STORE }, &place))
		return false;
	if (place.host) {
		memcpy(place.host, &value, size);
		return true;
	}
	return !device_refuses(hart, va, size, ACCESS_STORE, &place) &&
	       (bus_store(&hart->platform->bus, place.pa, size, value) ||
		data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_nothing_there));
}

bool mem_store_slow(struct hart *hart, u64 va, unsigned size, u64 value)
{
	if (likely(!(va & (size - 1)))) {
		u8 *host = refill(hart, va, size, ACCESS_STORE);

		if (likely(host)) {
			aligned_store(host, size, value);
			return true;
		}
	}
	return store_missed(hart, va, size, value);
}

bool mem_allows(struct hart *hart, u64 va, unsigned size, bool store)
{
	const struct access access = { .type = store ? ACCESS_STORE : ACCESS_LOAD };
	const u64 *tags = store ? hart->data->write : hart->data->read;
	struct mem_place place[2];

	if (mem_refused(hart, va, size, access.type))
		return false;
	if (crosses_page(va, size))
		return split_translate(hart, va, size, access, place);
	if (tags[tlb_index(va)] == (va & PAGE_MASK))
		return true;
	if (!mem_translate(hart, va, size, access, place))
		return false;
	/* If the page was entered, the access itself will hit, so its miss is counted here. */
	hart->tlb_stats.misses += tags[tlb_index(va)] == (va & PAGE_MASK);
	if (place->host)
		return true;
	return !device_refuses(hart, va, size, access.type, place) &&
	       (bus_accepts(&hart->platform->bus, place->pa, size, store) ||
		data_trap(hart, access_cause[access.type], va, REASON_nothing_there));
}

u8 *mem_shadow(struct hart *hart, u64 va, unsigned size, bool writes)
{
	const struct access access = {
		.type = writes ? ACCESS_STORE : ACCESS_LOAD, .shadow = true,
	};
	struct mem_place place;

	if (va & (size - 1)) {
		data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_misaligned);
		return NULL;
	}
	if (!mem_translate(hart, va, size, access, &place))
		return NULL;
	if (!place.host)
		data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_not_ram);
	return place.host;
}

/* Returns whether an atomic is aligned, or within 16 aligned bytes (Zama16b). */
static bool atomic_here(const struct hart *hart, u64 va, unsigned size)
{
	unsigned granule = isa_has(hart->isa, EXT_zama16b) ? 16 : size;

	return (va & (granule - 1)) + size <= granule;
}

/* Makes the guest's view the one that loads and stores use, until hart_select_views() is called. */
static void guest_view(struct hart *hart, void (*derive)(const struct hart *, struct regime *))
{
	struct regime regime;

	/* This marks the hart's own views as used last: tlb_select() does not replace them. */
	hart_select_views(hart);
	derive(hart, &regime);
	hart->data = tlb_select(hart->tlb, &regime);
}

bool mem_guest_load(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	bool good;

	guest_view(hart, regime_guest);
	good = mem_load(hart, va, size, value);
	hart_select_views(hart);
	return good;
}

/* Always translates, because the view's tags for loads do not grant what HLVX needs. */
bool mem_guest_load_code(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	const struct access access = { .type = ACCESS_LOAD, .hlvx = true };
	bool good;

	guest_view(hart, regime_guest_code);
	good = !mem_refused(hart, va, size, ACCESS_LOAD) &&
	       (crosses_page(va, size) ? load_split(hart, va, size, access, value) :
					 load_found(hart, va, size, access, value));
	hart_select_views(hart);
	return good;
}

bool mem_guest_store(struct hart *hart, u64 va, unsigned size, u64 value)
{
	bool good;

	guest_view(hart, regime_guest);
	good = mem_store(hart, va, size, value);
	hart_select_views(hart);
	return good;
}

void *mem_atomic_slow(struct hart *hart, u64 va, unsigned size)
{
	struct mem_place place;

	if (!atomic_here(hart, va, size)) {
		data_trap(hart, CAUSE_STORE_MISALIGNED, va, REASON_misaligned);
		return NULL;
	}
	if (!mem_translate(hart, va, size, (struct access){ .type = ACCESS_STORE }, &place))
		return NULL;
	if (!place.host)
		data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_not_ram);
	return place.host;
}

bool mem_load_reserved(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	const struct tlb_view *view = hart->data;
	struct mem_place place;

	if (va & (size - 1))
		return data_trap(hart, CAUSE_LOAD_MISALIGNED, va, REASON_misaligned);
	if (mem_hit(view->read[tlb_index(va)], va, size))
		place.host = mem_host(view, va);
	else if (!mem_translate(hart, va, size, (struct access){ .type = ACCESS_LOAD }, &place))
		return false;
	if (!place.host)
		return data_trap(hart, CAUSE_LOAD_ACCESS, va, REASON_not_ram);
	*value = 0;
	memcpy(value, place.host, size);
	bus_physical(&hart->platform->bus, place.host, &hart->reservation);
	hart->reservation_size = (u8)size;
	hart->reservation_steps = hart_steps(hart);
	return true;
}

bool mem_store_conditional(struct hart *hart, u64 va, unsigned size, u64 value, u64 *failed)
{
	u64 reservation = hart->reservation, pa;
	void *host;

	/* Zama16b concerns AMOs, not LR and SC. */
	if (va & (size - 1))
		return data_trap(hart, CAUSE_STORE_MISALIGNED, va, REASON_misaligned);
	host = mem_atomic(hart, va, size);
	if (!host)
		return false;
	/* An SC gives up the reservation whether it succeeds or not. */
	hart->reservation = RESERVATION_NONE;
	bus_physical(&hart->platform->bus, host, &pa);
	*failed = pa != reservation || size != hart->reservation_size;
	if (*failed)
		hart_event(hart, PMU_sc_failures);
	else
		memcpy(host, &value, size);
	return true;
}

/*
 * Translates the cache block that contains va. A fault reports va, not the block's address (CMO
 * specification), and va's guest physical address, unless an access to a page-table entry faulted:
 * then it reports the guest physical address of that entry.
 */
static bool block_translate(struct hart *hart, u64 va, struct access access,
			    struct mem_place *place)
{
	struct trap *trap = &hart->trap;

	if (mem_translate(hart, align_down(va, CBO_BLOCK), CBO_BLOCK, access, place))
		return true;
	trap->tval = regime_address(&hart->data->regime, va);
	if (trap->cause == CAUSE_STORE_GUEST_PAGE && !trap->tinst)
		trap->gpa += va % CBO_BLOCK;
	return false;
}

bool mem_cbo_zero(struct hart *hart, u64 va)
{
	const struct tlb_view *view = hart->data;
	struct mem_place place;

	if (mem_hit(view->write[tlb_index(va)], va, 1)) {
		memset(mem_host(view, align_down(va, CBO_BLOCK)), 0, CBO_BLOCK);
		return true;
	}
	if (!block_translate(hart, va, (struct access){ .type = ACCESS_STORE }, &place))
		return false;
	if (!place.host)
		return data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_not_ram);
	memset(place.host, 0, CBO_BLOCK);
	return true;
}

/*
 * Cache management needs the right to load or to store (CMO specification, "Traps"). Memory is
 * coherent, so there is nothing else to do.
 */
bool mem_cbo_manage(struct hart *hart, u64 va)
{
	const struct access access = { .type = ACCESS_LOAD, .manage = true };
	struct mem_place place;

	return block_translate(hart, va, access, &place) &&
	       (place.region || data_trap(hart, CAUSE_STORE_ACCESS, va, REASON_nothing_there));
}

/* Fetches aligned bytes of code. */
static bool fetch_part(struct hart *hart, u64 va, void *data, unsigned size)
{
	struct mem_place place;
	const struct access access = { .type = ACCESS_FETCH };
	const struct tlb_view *view = hart->fetch;

	if (mem_hit(view->execute[tlb_index(va)], va, size))
		place.host = mem_host(view, va);
	else if (!mem_translate(hart, va, size, access, &place))
		return false;
	if (!place.host)
		return hart_trap(hart, CAUSE_FETCH_ACCESS, va, REASON_nothing_there);
	memcpy(data, place.host, size);
	return true;
}

bool mem_fetch(struct hart *hart, u64 pc, u32 *raw)
{
	const struct tlb_view *view = hart->fetch;
	u16 low = 0, high = 0;

	if (mem_hit(view->execute[tlb_index(pc)], pc, 2) &&
	    mem_hit(view->execute[tlb_index(pc + 2)], pc + 2, 2)) {
		memcpy(&low, mem_host(view, pc), 2);
		memcpy(&high, mem_host(view, pc + 2), 2);
	} else if (!fetch_part(hart, pc, &low, 2) ||
		   (insn_length(low) == 4 && !fetch_part(hart, pc + 2, &high, 2))) {
		return false;
	}
	/* *raw is written by one store: the host cannot forward two stores to the caller's load. */
	*raw = (u32)high << 16 | low;
	return true;
}

bool mem_fetch_entry(struct hart *hart, u64 va, u64 *value)
{
	return fetch_part(hart, va, value, sizeof(*value));
}

const u8 *mem_code(struct hart *hart, u64 pc, bool *trapped)
{
	const struct tlb_view *view = hart->fetch;
	struct mem_place place;

	*trapped = false;
	if (mem_hit(view->execute[tlb_index(pc)], pc, 2))
		return mem_host(view, pc);
	if (!mem_translate(hart, pc, 2, (struct access){ .type = ACCESS_FETCH }, &place)) {
		*trapped = true;
		return NULL;
	}
	/* A page is entered into the view only if all of it may be executed. */
	return mem_hit(view->execute[tlb_index(pc)], pc, 2) ? mem_host(view, pc) : NULL;
}
