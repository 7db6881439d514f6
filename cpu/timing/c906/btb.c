/* SPDX-License-Identifier: MIT */
/*
 * C906's table of branch targets (aq_ifu_btb.v): fully associative, by 16 bits of the fetched
 * word's address, replaced in turn. See ifu.h.
 */
#include "cpu/timing/c906/ifu.h"

static int find(const struct c906_btb *btb, u64 pc)
{
	unsigned hits = 0;

	for (unsigned n = 0; n < C906_BTB_MAX; n++)
		hits |= (unsigned)(btb->tags[n] == (u16)pc) << n;
	hits &= btb->valid;
	return hits ? __builtin_ctz(hits) : -1;
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
	bool taken = scan->taken[0] || scan->taken[1];
	bool hungry = ifu->ibuf.halves <= params->ibuf_hungry;
	u64 word;
	int known;

	if (!cycle->mispredicted && (!taken || !hungry))
		return;
	word = word_of(ifu, &ifu->ipack);
	known = find(btb, word);
	if (!cycle->mispredicted) {
		unsigned n = known >= 0 ? (unsigned)known : btb->next;

		btb->valid |= (u16)(1u << n);
		btb->tags[n] = (u16)word;
		btb->targets[n] = (u16)scan->target;
		if (known < 0)
			btb->next = (u8)((btb->next + 1) % params->btb_entries);
	} else if (known >= 0) {
		btb->valid &= (u16)~(1u << known);
		btb->next = (u8)known;
	}
}

void c906_btb_step(struct c906_ifu *ifu, const struct c906_params *params,
		   const struct c906_ifu_cycle *cycle)
{
	bool looks = cycle->fetches && cycle->icache.ready && !cycle->mispredicted;
	struct c906_btb *btb = &ifu->btb;
	int hit = looks ? find(btb, cycle->fetch_pc) : -1;
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
