/* SPDX-License-Identifier: MIT */
/*
 * C906's table of branch targets (aq_ifu_btb.v): fully associative, by 16 bits of the fetched
 * word's address, replaced in turn. See ifu.h.
 */
#include "cpu/timing/c906/ifu.h"

static int find(const struct c906_btb *btb, const struct c906_params *params, u64 pc)
{
	for (unsigned n = 0; n < params->btb_entries; n++)
		if (btb->entry[n].valid && btb->entry[n].tag == (u16)pc)
			return (int)n;
	return -1;
}

/* The word that an entry is for: behind an unaligned target, the one fetched next. */
static u64 word_of(const struct c906_ifu *ifu, const struct c906_ipack *ipack)
{
	bool unaligned = !ipack->valid[C906_H1] && ipack->valid[C906_H2] &&
			 (ipack->half[C906_H2] & 3) != 3;

	return align_down(unaligned ? ifu->fetched_pc : ipack->id_pc, 4);
}

static void learn(struct c906_ifu *ifu, const struct c906_params *params,
		  const struct c906_ifu_cycle *cycle)
{
	const struct c906_scan *scan = &cycle->scan;
	struct c906_btb *btb = &ifu->btb;
	u64 word = word_of(ifu, &ifu->ipack);
	int known = find(btb, params, word);
	bool hungry = ifu->ibuf.halves <= params->ibuf_hungry;

	if ((scan->taken[0] || scan->taken[1]) && !cycle->mispredicted && hungry) {
		unsigned n = known >= 0 ? (unsigned)known : btb->next;

		btb->entry[n] = (struct c906_btb_entry){ true, (u16)word, (u16)scan->target };
		if (known < 0)
			btb->next = (u8)((btb->next + 1) % params->btb_entries);
	}
	if (cycle->mispredicted && known >= 0) {
		btb->entry[known].valid = false;
		btb->next = (u8)known;
	}
}

void c906_btb_step(struct c906_ifu *ifu, const struct c906_params *params,
		   const struct c906_ifu_cycle *cycle)
{
	bool looks = cycle->fetches && cycle->icache.ready && !cycle->mispredicted;
	struct c906_btb *btb = &ifu->btb;
	int hit = looks ? find(btb, params, cycle->fetch_pc) : -1;
	const struct c906_scan *scan = &cycle->scan;
	bool held = scan->waits || scan->full || scan->delays;

	if (cycle->cancel) {
		btb->followed = false;
	} else if (btb->hit) {
		btb->followed = true;
		btb->target = cycle->btb_pc;
	} else if (scan->valid[0] && !held) {
		btb->followed = false;
	}
	learn(ifu, params, cycle);
	if (hit >= 0 && !cycle->held)
		btb->hit_entry = (u8)hit;
	btb->hit = hit >= 0 && !cycle->held && !cycle->resolved.redirect;
}
