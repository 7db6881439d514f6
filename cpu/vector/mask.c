/* SPDX-License-Identifier: MIT */
/* Instructions on masks, and those that make elements of them ("Vector Mask Instructions"). */
#include "cpu/trap/trap.h"
#include "cpu/vector/impl.h"

#include <string.h>

bool vector_mask_logic(struct hart *hart, const struct insn *insn, unsigned how)
{
	const u8 *a = register_of(hart, insn->rs2), *b = register_of(hart, insn->rs1);
	u8 lanes[ELEMENTS_MAX];
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = first; n < hart->vector.vl; n++)
		lanes[n] = how >> (mask_bit(a, n) << 1 | mask_bit(b, n)) & 1;
	vector_put_mask(hart, insn, first, lanes);
	return vector_end(hart);
}

bool vector_mask_prefix(struct hart *hart, const struct insn *insn, bool before, bool first)
{
	const u8 *a = register_of(hart, insn->rs2);
	u8 lanes[ELEMENTS_MAX];
	bool met = false;
	u64 start;

	if (!vector_begin(hart, insn, &start))
		return false;
	for (u64 n = 0; n < hart->vector.vl; n++) {
		bool here = !met && is_active(hart, insn, n) && mask_bit(a, n);

		met |= here;
		lanes[n] = here ? first : before && !met;
	}
	vector_put_mask(hart, insn, 0, lanes);
	return vector_end(hart);
}

bool vector_mask_count(struct hart *hart, const struct insn *insn, u64 *count)
{
	const u8 *a = register_of(hart, insn->rs2);
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	*count = 0;
	for (u64 n = 0; n < hart->vector.vl; n++)
		*count += is_active(hart, insn, n) && mask_bit(a, n);
	return true;
}

bool vector_mask_first(struct hart *hart, const struct insn *insn, u64 *index)
{
	const u8 *a = register_of(hart, insn->rs2);
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	*index = UINT64_MAX;
	for (u64 n = 0; n < hart->vector.vl && *index == UINT64_MAX; n++)
		if (is_active(hart, insn, n) && mask_bit(a, n))
			*index = n;
	return true;
}

bool vector_iota(struct hart *hart, const struct insn *insn)
{
	const u8 *a = register_of(hart, insn->rs2);
	u8 result[GROUP_MAX];
	unsigned size = sew_of(hart);
	u64 first, sum = 0;

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = 0; n < hart->vector.vl; n++) {
		memcpy(result + (n << size), &sum, 1u << size);
		sum += is_active(hart, insn, n) && mask_bit(a, n);
	}
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_index(struct hart *hart, const struct insn *insn)
{
	u8 result[GROUP_MAX];
	unsigned size = sew_of(hart);
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = first; n < hart->vector.vl; n++)
		memcpy(result + (n << size), &n, 1u << size);
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}
