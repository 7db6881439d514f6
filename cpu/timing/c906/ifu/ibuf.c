/* SPDX-License-Identifier: MIT */
/*
 * C906's instruction buffer (aq_ifu_ibuf.v): its entries, and a register for the instruction that
 * was popped. It is bypassed when it is empty.
 */
#include "cpu/timing/c906/ifu/ifu.h"

#include <string.h>

static void c906_ibuf_push(struct c906_ibuf *ibuf, const struct c906_fetched *inst)
{
	if (ibuf->count == C906_IBUF_MAX)
		return;
	ibuf->entry[ibuf->count++] = *inst;
	ibuf->halves += inst->halves;
}

static void c906_ibuf_pop(struct c906_ibuf *ibuf)
{
	ibuf->pop = ibuf->entry[0];
	ibuf->pop_valid = true;
	ibuf->halves -= ibuf->entry[0].halves;
	ibuf->count--;
	memmove(ibuf->entry, ibuf->entry + 1, ibuf->count * sizeof(ibuf->entry[0]));
}

void c906_ibuf_step(struct c906_ibuf *ibuf, const struct c906_scan *scan, bool id_stalls,
		    bool flush)
{
	unsigned count = scan->any && !scan->stalls && scan->valid[0] ? 1 + scan->both : 0;
	unsigned first = 0;

	if (flush) {
		ibuf->count = ibuf->halves = 0;
		ibuf->pop_valid = false;
		return;
	}
	if (ibuf->count && !id_stalls) {
		c906_ibuf_pop(ibuf);
	} else if (!ibuf->count) {
		/*
		 * The decoder takes the popped instruction or, if there is none, the first one of
		 * ipack.
		 */
		if (!ibuf->pop_valid && !id_stalls && count)
			first = 1;
		else if (!id_stalls)
			ibuf->pop_valid = false;
		if (!ibuf->pop_valid && first < count) {
			ibuf->pop = scan->inst[first++];
			ibuf->pop_valid = true;
		}
	}
	for (; first < count; first++)
		c906_ibuf_push(ibuf, &scan->inst[first]);
}
