/* SPDX-License-Identifier: MIT */
/*
 * Looks for words in a flattened device tree without parsing it: the firmware needs no structure,
 * and a search cannot be led astray by a damaged one. Field offsets are those of the Devicetree
 * Specification, "Header".
 */
#include "firmware/devicetree.h"
#include "firmware/guarded.h"

#define FDT_MAGIC 0xd00dfeed
#define OFF_DT_STRUCT 8
#define SIZE_DT_STRUCT 36
#define HEADER_SIZE 40
#define STRUCT_SIZE_MAX (1UL << 20)

static u32 load_be32(u64 addr)
{
	const u8 *byte = (const u8 *)addr;

	return (u32)byte[0] << 24 | byte[1] << 16 | byte[2] << 8 | byte[3];
}

static bool is_alnum(u8 byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool readable(u64 addr, u64 size)
{
	return guarded_call(guarded_load_byte, addr).ok &&
	       guarded_call(guarded_load_byte, addr + size - 1).ok;
}

bool devicetree_lists(u64 fdt, const char *word)
{
	bool candidate = true; /* the bytes since the last separator equal word[0 .. matched) */
	u64 matched = 0;
	const u8 *bytes;
	u64 size;

	if (!readable(fdt, HEADER_SIZE) || load_be32(fdt) != FDT_MAGIC)
		return false;
	bytes = (const u8 *)(fdt + load_be32(fdt + OFF_DT_STRUCT));
	size = load_be32(fdt + SIZE_DT_STRUCT);
	if (size == 0 || size > STRUCT_SIZE_MAX || !readable((u64)bytes, size))
		return false;
	for (u64 i = 0; i < size; i++) {
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
