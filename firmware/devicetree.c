/* SPDX-License-Identifier: MIT */
/*
 * As much of a flattened device tree as the firmware needs: a search for words (over all bytes, so
 * a damaged structure cannot mislead it), a search for a property, and the insertion of nodes and
 * properties. Offsets and tokens are those of the Devicetree Specification, "Flattened Devicetree
 * Format". All offsets here count from the blob's start.
 */
#include "firmware/devicetree.h"
#include "devices/memmap.h"
#include "firmware/guarded.h"

#define FDT_MAGIC 0xd00dfeed
#define TOTALSIZE 4
#define OFF_DT_STRUCT 8
#define OFF_DT_STRINGS 12
#define SIZE_DT_STRINGS 32
#define SIZE_DT_STRUCT 36
#define HEADER_SIZE 40
#define BLOB_MAX (2UL << 20)

#define BEGIN_NODE 1
#define END_NODE 2
#define PROP 3
#define NOP 4

/* Names of the properties that are added to the strings block. */
static const struct {
	char reg[4], no_map[7], ranges[7], address_cells[15], size_cells[12], status[7];
} names = { "reg", "no-map", "ranges", "#address-cells", "#size-cells", "status" };

/* A part of the structure block that is being built. */
struct patch {
	u8 bytes[DEVICETREE_GROWTH - sizeof(names)];
	u32 size;
	u32 strings; /* where `names` will be in the strings block */
};

static u32 fdt_load(const u8 *from)
{
	return (u32)from[0] << 24 | from[1] << 16 | from[2] << 8 | from[3];
}

static void fdt_store(u8 *to, u32 value)
{
	for (u64 i = 0; i < 4; i++)
		to[i] = value >> (24 - 8 * i);
}

static bool readable(u64 addr, u64 size)
{
	return guarded_call(guarded_load_byte, addr).ok &&
	       guarded_call(guarded_load_byte, addr + size - 1).ok;
}

/* Returns the blob if its structure block is in bounds, or NULL. */
static u8 *blob_at(u64 fdt)
{
	u8 *blob = (u8 *)fdt;
	u64 start, size, total;

	if (!readable(fdt, HEADER_SIZE) || fdt_load(blob) != FDT_MAGIC)
		return NULL;
	total = fdt_load(blob + TOTALSIZE);
	start = fdt_load(blob + OFF_DT_STRUCT);
	size = fdt_load(blob + SIZE_DT_STRUCT);
	if (total > BLOB_MAX || size < 8 || start + size > total || !readable(fdt, total))
		return NULL;
	return blob;
}

static bool is_alnum(u8 byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

bool devicetree_lists(u64 fdt, const char *word)
{
	bool candidate = true; /* the bytes since the last separator equal word[0 .. matched) */
	u64 matched = 0;
	u8 *blob = blob_at(fdt);
	const u8 *bytes;

	if (!blob)
		return false;
	bytes = blob + fdt_load(blob + OFF_DT_STRUCT);
	for (u64 i = 0; i < fdt_load(blob + SIZE_DT_STRUCT); i++) {
		if (is_alnum(bytes[i])) {
			candidate = candidate && word[matched] == (char)bytes[i];
			matched += candidate;
			continue;
		}
		if (candidate && matched && !word[matched])
			return true;
		candidate = true;
		matched = 0;
	}
	return false;
}

/* Returns the address after `word` if the bytes begin with it, else NULL. */
static const u8 *behind(const u8 *at, const u8 *end, const char *word)
{
	while (at < end && *word && *at == (u8)*word)
		at++, word++;
	return *word ? NULL : at;
}

static bool named(const u8 *at, const u8 *end, const char *name)
{
	at = behind(at, end, name);
	return at && at < end && !*at;
}

/* Returns the token after the one at `at`, or NULL where the block ends or is damaged. */
static u8 *next_token(u8 *at, u8 *end)
{
	u64 size = 4;

	if (fdt_load(at) == PROP && end - at >= 12)
		size = 12 + ((fdt_load(at + 4) + 3UL) & ~3UL);
	if (fdt_load(at) == BEGIN_NODE) {
		while (at + size < end && at[size])
			size++;
		size = (size + 4) & ~3UL;
	}
	if (fdt_load(at) == 0 || fdt_load(at) > NOP || size + 4 > (u64)(end - at))
		return NULL;
	return at + size;
}

struct place {
	u8 *at; /* the END_NODE token before which the node goes; NULL: there is no place */
	bool in_reserved; /* the token ends /reserved-memory; else it ends the root */
};

/*
 * Returns whether a `reg` (two cells for address and for size) begins with the firmware's memory.
 */
static bool is_our_reg(const u8 *at, const u8 *end)
{
	return end - at >= 28 && fdt_load(at + 4) >= 16 && fdt_load(at + 12) == 0 &&
	       fdt_load(at + 16) == FIRMWARE_BASE;
}

/* Returns where the node goes; nowhere also if the firmware's memory is reserved already. */
static struct place find_place(u8 *blob)
{
	u8 *at = blob + fdt_load(blob + OFF_DT_STRUCT), *end = at + fdt_load(blob + SIZE_DT_STRUCT);
	struct place place = { NULL, false };
	bool inside = false; /* of /reserved-memory */
	u64 depth = 0;

	for (; at; at = next_token(at, end)) {
		if (fdt_load(at) == BEGIN_NODE && ++depth == 2)
			inside = named(at + 4, end, "reserved-memory");
		if (fdt_load(at) == PROP && inside && depth == 3 && is_our_reg(at, end))
			break;
		if (fdt_load(at) != END_NODE)
			continue;
		if (depth < 2)
			return place.at || !depth ? place : (struct place){ at, false };
		if (inside && depth == 2)
			place = (struct place){ at, true };
		depth--;
	}
	return (struct place){ NULL, false };
}

static void put_word(struct patch *patch, u32 word)
{
	fdt_store(patch->bytes + patch->size, word);
	patch->size += 4;
}

static void put_node(struct patch *patch, const char *name)
{
	u64 length = 0;

	put_word(patch, BEGIN_NODE);
	for (; name[length]; length++)
		patch->bytes[patch->size + length] = name[length];
	patch->size += (length + 4) & ~3UL;
}

static void put_property(struct patch *patch, u64 name, u64 count, const u32 *cells)
{
	put_word(patch, PROP);
	put_word(patch, count * 4);
	put_word(patch, patch->strings + name);
	for (u64 i = 0; i < count; i++)
		put_word(patch, cells[i]);
}

static void build(struct patch *patch, bool in_reserved)
{
	static const u32 reg[] = { 0, FIRMWARE_BASE, 0, FIRMWARE_SIZE }, two[] = { 2 };

	if (!in_reserved) {
		put_node(patch, "reserved-memory");
		put_property(patch, offsetof(typeof(names), address_cells), 1, two);
		put_property(patch, offsetof(typeof(names), size_cells), 1, two);
		put_property(patch, offsetof(typeof(names), ranges), 0, NULL);
	}
	put_node(patch, "firmware@80000000");
	put_property(patch, offsetof(typeof(names), reg), 4, reg);
	put_property(patch, offsetof(typeof(names), no_map), 0, NULL);
	put_word(patch, END_NODE);
	if (!in_reserved)
		put_word(patch, END_NODE);
}

_Static_assert(FIRMWARE_BASE == 0x80000000, "unit addresses above");

/*
 * Begins a patch by finding the place of the new names in the strings block. The blob must have the
 * order that libfdt and dtc write: structure, then strings, then only free room. Returns false for
 * another order, or if there is too little room.
 */
static bool begin_patch(u8 *blob, struct patch *patch)
{
	u64 strings = fdt_load(blob + OFF_DT_STRINGS), end;

	*patch = (struct patch){ .strings = fdt_load(blob + SIZE_DT_STRINGS) };
	end = strings + patch->strings;
	return strings >= fdt_load(blob + OFF_DT_STRUCT) + (u64)fdt_load(blob + SIZE_DT_STRUCT) &&
	       end <= fdt_load(blob + TOTALSIZE) && readable((u64)blob, end + DEVICETREE_GROWTH);
}

/* Inserts the patch before a token, and the names after the strings. */
static void insert(u8 *blob, u8 *at, const struct patch *patch)
{
	u64 strings = fdt_load(blob + OFF_DT_STRINGS);
	u64 strings_end = strings + patch->strings;
	u64 end = strings_end + patch->size + sizeof(names);

	for (u8 *from = blob + strings_end; from-- > at;)
		from[patch->size] = *from;
	memcpy(at, patch->bytes, patch->size);
	memcpy(blob + strings_end + patch->size, &names, sizeof(names));
	fdt_store(blob + SIZE_DT_STRUCT, fdt_load(blob + SIZE_DT_STRUCT) + patch->size);
	fdt_store(blob + OFF_DT_STRINGS, strings + patch->size);
	fdt_store(blob + SIZE_DT_STRINGS, patch->strings + sizeof(names));
	if (end > fdt_load(blob + TOTALSIZE))
		fdt_store(blob + TOTALSIZE, end);
}

void devicetree_reserve(u64 fdt)
{
	struct patch patch;
	u8 *blob = blob_at(fdt);
	struct place place = { NULL, false };

	if (blob)
		place = find_place(blob);
	if (!place.at || !begin_patch(blob, &patch))
		return;
	build(&patch, place.in_reserved);
	insert(blob, place.at, &patch);
}

/* Returns whether the name of the node that begins at `at` ends with this unit address. */
static bool has_unit(const u8 *at, const u8 *end, u64 unit)
{
	u64 value = 0;

	for (at += 4; at < end && *at != '@'; at++)
		if (!*at)
			return false;
	while (++at < end && is_alnum(*at))
		value = value << 4 | (*at <= '9' ? *at - '0' : (*at - 'a' + 10) & 15);
	return at < end && !*at && value == unit;
}

void devicetree_disable(u64 fdt, u64 unit)
{
	/* "disabled" and its padding. */
	static const u32 disabled[] = { 0x64697361, 0x626c6564, 0 };
	struct patch patch;
	u8 *blob = blob_at(fdt), *at = NULL, *end = NULL;

	if (blob) {
		at = blob + fdt_load(blob + OFF_DT_STRUCT);
		end = at + fdt_load(blob + SIZE_DT_STRUCT);
	}
	while (at && !(fdt_load(at) == BEGIN_NODE && has_unit(at, end, unit)))
		at = next_token(at, end);
	if (at)
		at = next_token(at, end);
	if (!at || !begin_patch(blob, &patch))
		return;
	put_property(&patch, offsetof(typeof(names), status), ARRAY_SIZE(disabled), disabled);
	fdt_store(patch.bytes + 4, sizeof("disabled"));
	insert(blob, at, &patch);
}

/* Returns whether the token at `at` is a property of that name. */
static bool is_property(const u8 *blob, const u8 *at, const u8 *end, const char *name)
{
	u64 strings = fdt_load(blob + OFF_DT_STRINGS);
	u64 strings_end = strings + fdt_load(blob + SIZE_DT_STRINGS);
	u64 offset = end - at >= 16 && fdt_load(at) == PROP ? fdt_load(at + 8) : -1UL;

	return strings_end <= fdt_load(blob + TOTALSIZE) && offset < strings_end - strings &&
	       named(blob + strings + offset, blob + strings_end, name);
}

u32 devicetree_cell(u64 fdt, const char *name)
{
	u8 *blob = blob_at(fdt), *at, *end;

	if (!blob)
		return 0;
	at = blob + fdt_load(blob + OFF_DT_STRUCT);
	end = at + fdt_load(blob + SIZE_DT_STRUCT);
	for (; at; at = next_token(at, end))
		if (is_property(blob, at, end, name) && fdt_load(at + 4) >= 4)
			return fdt_load(at + 12);
	return 0;
}

/* Returns the highest end in a `reg`, which has two cells for address and two for size. */
static u64 reg_end(const u8 *at, const u8 *end)
{
	u64 most = 0;

	for (u64 i = 12; i + 16 <= (u64)(end - at) && i + 4 <= fdt_load(at + 4); i += 16) {
		u64 first = (u64)fdt_load(at + i) << 32 | fdt_load(at + i + 4);
		u64 size = (u64)fdt_load(at + i + 8) << 32 | fdt_load(at + i + 12);

		if (first + size > most && first + size >= first)
			most = first + size;
	}
	return most;
}

u64 devicetree_memory_end(u64 fdt)
{
	u8 *blob = blob_at(fdt), *at, *end;
	u64 depth = 0, most = 0;
	bool inside = false; /* of a /memory node */

	if (!blob)
		return 0;
	at = blob + fdt_load(blob + OFF_DT_STRUCT);
	end = at + fdt_load(blob + SIZE_DT_STRUCT);
	for (; at; at = next_token(at, end)) {
		if (fdt_load(at) == BEGIN_NODE && ++depth == 2)
			inside = behind(at + 4, end, "memory@");
		if (fdt_load(at) == END_NODE)
			depth--;
		if (inside && depth == 2 && is_property(blob, at, end, "reg")) {
			u64 last = reg_end(at, end);

			most = last > most ? last : most;
		}
	}
	return most;
}
