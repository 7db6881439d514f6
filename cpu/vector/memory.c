/* SPDX-License-Identifier: MIT */
/*
 * Vector loads and stores ("Vector Loads and Stores"). Elements are accessed one at a time as by
 * scalar loads and stores, so that everything that applies to these (devices, PMP, triggers,
 * misaligned accesses) applies here, too. But if the TLB has their pages, elements are just copied,
 * and those of an unmasked unit-stride access, also of segments, are copied a page at a time.
 */
#include "cpu/debug/triggers/trigger.h"
#include "cpu/mmu/mem.h"
#include "cpu/vector/impl.h"

#include <string.h>

struct access {
	u64 base, stride; /* the distance of a segment from the one before; not used with indices */
	const u8 *index; /* or NULL */
	unsigned index_size, size; /* logarithms of bytes: an index, an element */
	unsigned fields;
	u64 group; /* bytes from the registers of a field to those of the next */
	u64 first, count; /* the first segment that is accessed, and the end of those to access */
	bool store;
	u8 *d; /* vd or vs3 */
};

static u64 address_of(const struct access *access, u64 n, unsigned field)
{
	u64 index = access->index ? element(access->index, n, access->index_size) :
				    n * access->stride;

	return access->base + index + ((u64)field << access->size);
}

static u8 *element_of(const struct access *access, u64 n, unsigned field)
{
	return access->d + field * access->group + (n << access->size);
}

static bool load_element(struct hart *hart, const struct access *access, u64 n, unsigned field)
{
	u64 value;

	if (!mem_load(hart, address_of(access, n, field), 1u << access->size, &value))
		return false;
	copy_element(element_of(access, n, field), &value, access->size);
	return true;
}

static bool store_element(struct hart *hart, const struct access *access, u64 n, unsigned field)
{
	u64 value = element(element_of(access, n, field), 0, access->size);

	return mem_store(hart, address_of(access, n, field), 1u << access->size, value);
}

/*
 * Sets vstart to the segment at which the instruction traps, so that the whole segment is moved
 * again when the instruction is resumed.
 */
static bool leave_at(struct hart *hart, u64 n)
{
	hart->vector.vstart = n;
	csr_vector_dirty(hart);
	return false;
}

/* Traps if a trigger fires on a field of the segment, before any of its fields is moved. */
static bool pass_triggers(struct hart *hart, const struct access *access, u64 n)
{
	const u64 kind = access->store ? MCONTROL_STORE : MCONTROL_LOAD;

	if (likely(!hart->triggers.armed))
		return true;
	for (unsigned field = 0; field < access->fields; field++)
		if (!trigger_element(hart, kind, address_of(access, n, field), 1u << access->size))
			return leave_at(hart, n);
	return true;
}

/*
 * Traps if a field of the segment may not be accessed, before any of its fields is accessed:
 * otherwise a device would see the first fields again when the segment is resumed.
 */
static bool check_fields(struct hart *hart, const struct access *access, u64 n)
{
	if (access->fields == 1)
		return true;
	for (unsigned field = 0; field < access->fields; field++)
		if (!mem_allows(hart, address_of(access, n, field), 1u << access->size,
				access->store))
			return leave_at(hart, n);
	return true;
}

static bool move_fields(struct hart *hart, const struct access *access, u64 n)
{
	for (unsigned field = 0; field < access->fields; field++)
		if (!(access->store ? store_element(hart, access, n, field) :
				      load_element(hart, access, n, field)))
			return leave_at(hart, n);
	return true;
}

/* Returns whether the TLB has the page of an element, and allows the access. */
static bool is_known(const struct tlb_view *view, const struct access *access, u64 va)
{
	u64 tag = access->store ? view->write[tlb_index(va)] : view->read[tlb_index(va)];

	return likely(mem_hit(tag, va, 1u << access->size));
}

/*
 * Moves a segment if the TLB has its pages; otherwise returns false with nothing moved. The fields
 * are aligned and consecutive, so they are in the pages of the first and of the last.
 */
static bool move_known(const struct tlb_view *view, const struct access *access, u64 n)
{
	const unsigned size = access->size;
	u64 first = address_of(access, n, 0), last = address_of(access, n, access->fields - 1);

	if (!is_known(view, access, first) || !is_known(view, access, last))
		return false;
	for (unsigned field = 0; field < access->fields; field++) {
		u8 *host = mem_host(view, first + ((u64)field << size));

		if (access->store)
			copy_element(host, element_of(access, n, field), size);
		else
			copy_element(element_of(access, n, field), host, size);
	}
	return true;
}

static bool move_segment(struct hart *hart, const struct access *access, u64 n)
{
	if (likely(!hart->triggers.armed && move_known(hart->data, access, n)))
		return true;
	return pass_triggers(hart, access, n) && check_fields(hart, access, n) &&
	       move_fields(hart, access, n);
}

/*
 * Copies segments, which are consecutive in memory, to or from the registers of their fields.
 * `size` is constant when this is inlined.
 */
static ALWAYS_INLINE void copy_fields(const struct access *access, u8 *memory, u64 n, u64 count,
				      unsigned size)
{
	for (unsigned field = 0; field < access->fields; field++) {
		u8 *at = memory + ((u64)field << size), *d = element_of(access, n, field);

		for (u64 left = count; left; left--, at += access->stride, d += 1u << size)
			if (access->store)
				copy_element(at, d, size);
			else
				copy_element(d, at, size);
	}
}

static void copy_segments(const struct access *access, u8 *memory, u64 n, u64 count)
{
	switch (access->size) {
	case 0:
		copy_fields(access, memory, n, count, 0);
		return;
	case 1:
		copy_fields(access, memory, n, count, 1);
		return;
	case 2:
		copy_fields(access, memory, n, count, 2);
		return;
	default:
		copy_fields(access, memory, n, count, 3);
	}
}

/*
 * Copies the segments from n on that are in one page, if the TLB has it. Returns how many were
 * copied; 0: the caller must move the next one by itself.
 */
static u64 copy_page(struct hart *hart, const struct access *access, u64 n)
{
	const struct tlb_view *view = hart->data;
	u64 va = address_of(access, n, 0), left = PAGE_SIZE - (va & ~PAGE_MASK);
	u64 count = MIN(access->count - n, left / access->stride);

	if (!count || hart->triggers.armed || !is_known(view, access, va))
		return 0;
	if (access->fields > 1)
		copy_segments(access, mem_host(view, va), n, count);
	else if (access->store)
		memcpy(mem_host(view, va), element_of(access, n, 0), count << access->size);
	else
		memcpy(element_of(access, n, 0), mem_host(view, va), count << access->size);
	return count;
}

static bool move_unit(struct hart *hart, const struct access *access)
{
	u64 n = access->first;

	while (n < access->count) {
		u64 copied = copy_page(hart, access, n);

		if (!copied && !move_segment(hart, access, n))
			return false;
		n += MAX(copied, 1);
	}
	return true;
}

/* Fills in *access for loads and stores whose number of elements or segments is vl. */
static void find_elements(struct hart *hart, const struct insn *insn, struct access *access)
{
	bool indexed = isa_ops[insn->op].format == FORMAT_VINDEXED;
	unsigned eew = vector_encoded_eew(insn->raw);

	access->base = hart->x[insn->rs1];
	access->first = hart->vector.vstart;
	access->count = hart->vector.vl;
	access->size = indexed ? sew_of(hart) : eew - 3;
	access->fields = vector_nf(insn);
	access->d = register_of(hart, insn->rd);
	access->group = group_bytes(hart, access->size);
	access->stride = (u64)access->fields << access->size;
	if (isa_ops[insn->op].format == FORMAT_VSTRIDED)
		access->stride = hart->x[insn->rs2];
	if (indexed) {
		access->index = register_of(hart, insn->rs2);
		access->index_size = eew - 3;
	}
}

/* Fills in *access for whole registers, or for the bytes of a mask, whose number is not vl. */
static void find_whole(struct hart *hart, const struct insn *insn, struct access *access)
{
	bool mask = vector_shape(insn->op)->d == EEW_MASK;
	unsigned size = mask ? 0 : vector_encoded_eew(insn->raw) - 3;
	u64 bytes = vector_whole_count(insn) * (u64)hart->vector.vlenb;

	access->base = hart->x[insn->rs1];
	access->stride = 1u << size;
	access->size = size;
	access->fields = 1;
	access->first = hart->vector.vstart;
	access->count = mask ? (hart->vector.vl + 7) / 8 : bytes >> size;
	access->d = register_of(hart, insn->rd);
}

static void find_access(struct hart *hart, const struct insn *insn, struct access *access)
{
	memset(access, 0, sizeof(*access));
	access->store = isa_ops[insn->op].class == CLASS_VSTORE;
	if (isa_ops[insn->op].format == FORMAT_VWHOLE)
		find_whole(hart, insn, access);
	else
		find_elements(hart, insn, access);
}

/* Fills in *access, and checks vstart, which may have any value for whole registers and masks. */
static bool begin_access(struct hart *hart, const struct insn *insn, struct access *access)
{
	u64 first;

	if (isa_ops[insn->op].format != FORMAT_VWHOLE && !vector_begin(hart, insn, &first))
		return false;
	find_access(hart, insn, access);
	return true;
}

void vector_accesses(struct hart *hart, const struct insn *insn, vector_access_fn *each, void *ctx)
{
	u8 class = isa_ops[insn->op].class;
	struct access access;

	if (class != CLASS_VLOAD && class != CLASS_VSTORE)
		return;
	find_access(hart, insn, &access);
	for (u64 n = access.first; n < access.count; n++)
		for (unsigned field = 0; is_active(hart, insn, n) && field < access.fields;
		     field++) {
			struct vector_access one = {
				.n = n, .va = address_of(&access, n, field),
				.bytes = 1u << access.size, .store = access.store,
			};

			if (access.store)
				one.value = element(element_of(&access, n, field), 0, access.size);
			each(ctx, &one);
		}
}

static bool is_plain(const struct insn *insn, const struct access *access)
{
	return !vector_is_masked(insn->raw) && !access->index &&
	       access->stride == (u64)access->fields << access->size;
}

/* Sets the tail and inactive elements of each field to ones, if agnostic elements become ones. */
static void fill_loaded(struct hart *hart, const struct insn *insn, const struct access *access)
{
	bool tail = tail_is_ones(hart), inactive = inactive_are_ones(hart);

	if (isa_ops[insn->op].format == FORMAT_VWHOLE || access->first >= access->count)
		return;
	for (unsigned field = 0; field < access->fields; field++) {
		u64 done = hart->vector.vl << access->size;

		for (u64 n = access->first; inactive && n < hart->vector.vl; n++)
			if (!is_active(hart, insn, n))
				memset(element_of(access, n, field), 0xff, 1u << access->size);
		if (tail)
			memset(element_of(access, hart->vector.vl, field), 0xff,
			       access->group - done);
	}
}

bool vector_load(struct hart *hart, const struct insn *insn)
{
	struct access access;

	if (!begin_access(hart, insn, &access))
		return false;
	if (is_plain(insn, &access)) {
		if (!move_unit(hart, &access))
			return false;
	} else {
		for (u64 n = access.first; n < access.count; n++)
			if (is_active(hart, insn, n) && !move_segment(hart, &access, n))
				return false;
	}
	fill_loaded(hart, insn, &access);
	return vector_end(hart);
}

/*
 * Executes a fault-only-first load: a fault at an element other than element 0 is not taken, but
 * sets vl to the element's index ("Unit-stride Fault-Only-First Loads"). The breakpoint of a
 * trigger does not count as such a fault.
 */
bool vector_load_first(struct hart *hart, const struct insn *insn)
{
	struct access access;

	if (!begin_access(hart, insn, &access))
		return false;
	for (u64 n = access.first; n < access.count; n++) {
		if (!is_active(hart, insn, n))
			continue;
		if (!pass_triggers(hart, &access, n))
			return false;
		if (check_fields(hart, &access, n) && move_fields(hart, &access, n))
			continue;
		if (n == 0)
			return false;
		hart->vector.vl = access.count = n;
	}
	fill_loaded(hart, insn, &access);
	return vector_end(hart);
}

bool vector_store(struct hart *hart, const struct insn *insn)
{
	struct access access;

	if (!begin_access(hart, insn, &access))
		return false;
	if (is_plain(insn, &access)) {
		if (!move_unit(hart, &access))
			return false;
		return vector_end(hart);
	}
	for (u64 n = access.first; n < access.count; n++)
		if (is_active(hart, insn, n) && !move_segment(hart, &access, n))
			return false;
	return vector_end(hart);
}
