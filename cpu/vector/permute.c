/* SPDX-License-Identifier: MIT */
/* Instructions that move elements to other places ("Vector Permutation Instructions"). */
#include "cpu/vector/impl.h"

#include <string.h>

static void copy(u8 *to, const u8 *from, u64 count, unsigned size)
{
	memcpy(to, from, count << size);
}

bool vector_slide_up(struct hart *hart, const struct insn *insn, u64 offset)
{
	u64 first, vl = hart->vector.vl;
	unsigned size = sew_of(hart);
	u8 result[GROUP_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	/* Elements below the offset never change. If all are below it, only the tail is filled. */
	if (offset < vl) {
		copy(result + (offset << size), register_of(hart, insn->rs2), vl - offset, size);
		vector_put(hart, insn, size, MAX(first, offset), result);
	} else if (first < vl) {
		vector_fill_tail(hart, insn, size);
	}
	return vector_end(hart);
}

bool vector_slide_down(struct hart *hart, const struct insn *insn, u64 offset)
{
	u64 first, vl = hart->vector.vl, vlmax = vlmax_of(hart);
	unsigned size = sew_of(hart);
	u64 count = offset < vlmax ? MIN(vl, vlmax - offset) : 0;
	u8 result[GROUP_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	if (count)
		copy(result, register_of(hart, insn->rs2) + (offset << size), count, size);
	memset(result + (count << size), 0, (vl - count) << size);
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_slide_1_up(struct hart *hart, const struct insn *insn, u64 scalar)
{
	u64 first, vl = hart->vector.vl;
	unsigned size = sew_of(hart);
	u8 result[GROUP_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	memcpy(result, &scalar, 1u << size);
	if (vl > 1)
		copy(result + (1u << size), register_of(hart, insn->rs2), vl - 1, size);
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_slide_1_down(struct hart *hart, const struct insn *insn, u64 scalar)
{
	u64 first, vl = hart->vector.vl;
	unsigned size = sew_of(hart);
	u8 result[GROUP_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	if (vl) {
		copy(result, register_of(hart, insn->rs2) + (1u << size), vl - 1, size);
		memcpy(result + ((vl - 1) << size), &scalar, 1u << size);
	}
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_gather(struct hart *hart, const struct insn *insn)
{
	const unsigned size = sew_of(hart);
	const unsigned eew = vector_eew(insn, vector_shape(insn->op)->b, hart->vector.vtype);
	const u8 *from = register_of(hart, insn->rs2), *b = register_of(hart, insn->rs1);
	const u64 vlmax = vlmax_of(hart), zero = 0;
	u8 result[GROUP_MAX];
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = first; n < hart->vector.vl; n++) {
		u64 index = element(b, n, eew - 3);

		copy_element(result + (n << size),
			     index < vlmax ? from + (index << size) : (const u8 *)&zero, size);
	}
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_gather_one(struct hart *hart, const struct insn *insn, u64 index)
{
	const unsigned size = sew_of(hart);
	u8 result[GROUP_MAX];
	u64 first, value = 0;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (index < vlmax_of(hart))
		value = element(register_of(hart, insn->rs2), index, size);
	for (u64 n = first; n < hart->vector.vl; n++)
		copy_element(result + (n << size), &value, size);
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}

bool vector_compress(struct hart *hart, const struct insn *insn)
{
	const u8 *a = register_of(hart, insn->rs2), *mask = register_of(hart, insn->rs1);
	unsigned size = sew_of(hart);
	u64 first, count = 0, vl = hart->vector.vl;
	u8 *d = register_of(hart, insn->rd);

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = 0; n < vl; n++)
		if (mask_bit(mask, n))
			copy_element(d + (count++ << size), a + (n << size), size);
	/* The elements after these are tail. */
	if (vl && tail_is_ones(hart))
		memset(d + (count << size), 0xff, (vl - count) << size);
	if (vl)
		vector_fill_tail(hart, insn, size);
	return vector_end(hart);
}

/* Moves elements of SEW bits from vstart on, whatever vl is. */
bool vector_move_whole(struct hart *hart, const struct insn *insn)
{
	u64 bytes = (bits(insn->raw, 15, 3) + 1) * hart->vector.vlenb;
	u64 done = hart->vector.vstart << sew_of(hart);

	if (done < bytes)
		memmove(register_of(hart, insn->rd) + done, register_of(hart, insn->rs2) + done,
			bytes - done);
	return vector_end(hart);
}

bool vector_read_element(struct hart *hart, const struct insn *insn, u64 *value)
{
	unsigned size = sew_of(hart);

	*value = (u64)sext(element(register_of(hart, insn->rs2), 0, size), 8u << size);
	/* No vector state but vstart changes. */
	return hart->vector.vstart ? vector_end(hart) : true;
}

bool vector_write_element(struct hart *hart, const struct insn *insn, u64 value)
{
	if (hart->vector.vstart < hart->vector.vl)
		vector_put_first(hart, insn, sew_of(hart), value);
	return vector_end(hart);
}
