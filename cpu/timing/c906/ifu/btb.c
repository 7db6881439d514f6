/* SPDX-License-Identifier: MIT */
/*
 * C906's branch target buffer (aq_ifu_btb.v): fully associative, by 16 bits of the fetched word's
 * address, replaced in turn. See ifu.h.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/ifu/ifu.h"

#include <string.h>

/*
 * Returns the word that an entry is for. After an unaligned target, that is the word fetched next.
 */
static u64 word_of(const struct c906_ifu *ifu, const struct c906_ipack *ipack)
{
	bool unaligned = !ipack->valid[C906_H1] && ipack->valid[C906_H2] &&
			 (ipack->half[C906_H2] & 3) != 3;

	return align_down(unaligned ? ifu->fetched_pc : ipack->id_pc, 4);
}

void c906_btb_look_around(struct c906_btb *btb, u64 pc)
{
	unsigned hits = c906_btb_hits(btb, pc, (u16) ~(C906_BTB_AROUND - 1u));
	struct c906_btb_around *around = c906_btb_slot(btb, pc);

	*around = (struct c906_btb_around){ .number = c906_btb_number(pc) };
	for (; hits; hits &= hits - 1) {
		unsigned entry = (unsigned)__builtin_ctz(hits);
		u64 target = btb->targets[entry] | C906_BTB_HIT;

		around->targets |= target << c906_btb_shift(btb->tags[entry]);
	}
}

void c906_btb_renew(struct c906_btb *btb)
{
	memset(btb->around, 0, sizeof(btb->around));
}

/* Notes that an entry changes, so that the targets around its word must be looked up again. */
static void c906_btb_change(struct c906_btb *btb, unsigned entry)
{
	c906_btb_slot(btb, btb->tags[entry])->number = 0;
}

void c906_btb_learn(struct c906_btb *btb, const struct c906_params *params, u64 word, u64 target)
{
	int known = c906_btb_find(btb, word);
	unsigned n = known >= 0 ? (unsigned)known : btb->next;

	c906_btb_change(btb, n);
	btb->valid |= (u16)(1u << n);
	btb->tags[n] = (u16)word;
	btb->targets[n] = (u16)target;
	c906_btb_change(btb, n);
	if (known < 0)
		btb->next = (u8)((btb->next + 1) % params->btb_entries);
}

void c906_btb_forget(struct c906_btb *btb, u64 word)
{
	int known = c906_btb_find(btb, word);

	if (known < 0)
		return;
	c906_btb_change(btb, (unsigned)known);
	btb->valid &= (u16) ~(1u << known);
	btb->next = (u8)known;
}

static void c906_btb_learn_target(struct c906_ifu *ifu, const struct c906_env *env,
				  const struct c906_ifu_cycle *cycle)
{
	const struct c906_scan *scan = &cycle->scan;
	bool taken = scan->taken[0] || scan->taken[1];
	bool hungry = ifu->ibuf.halves <= env->params.ibuf_hungry;
	u64 word = word_of(ifu, &ifu->ipack);
	u16 known;

	if (!cycle->mispredicted && !(taken && hungry))
		return;
	known = c906_action_btb(env, word);
	if (cycle->mispredicted && known)
		c906_action_btb_forget(env, word);
	else if (!cycle->mispredicted && known != (u16)(scan->target | C906_BTB_HIT))
		/*
		 * The entry that was hit is read in the next cycle, with its contents at that time.
		 */
		ifu->btb.low = c906_action_btb_learn(env, word, scan->target, cycle->fetch_pc);
}

void c906_btb_step(struct c906_ifu *ifu, const struct c906_env *env,
		   const struct c906_ifu_cycle *cycle)
{
	const struct c906_scan *scan = &cycle->scan;
	bool held = scan->waits || scan->full || scan->delays;
	bool looks = cycle->fetches && cycle->icache.ready && !cycle->mispredicted &&
		     !cycle->held && !cycle->resolved.redirect;
	u16 hit = looks ? c906_action_btb(env, cycle->fetch_pc) : 0;
	struct c906_btb_hit *btb = &ifu->btb;

	if (cycle->cancel) {
		btb->followed = false;
	} else if (btb->hit) {
		btb->followed = true;
		btb->target = cycle->btb_pc;
	} else if (scan->valid[0] && !held) {
		btb->followed = false;
	}
	btb->hit = hit;
	btb->low = hit & (u16)~C906_BTB_HIT;
	c906_btb_learn_target(ifu, env, cycle);
}
