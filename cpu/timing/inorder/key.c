/* SPDX-License-Identifier: MIT */
/*
 * Converts between a core and its key, the state of the memo, which has no absolute times. See
 * key.h. Each unit is converted as the roles of its fields say; the functions below do the rest.
 */
#include "cpu/timing/inorder/key.h"

#include <string.h>

/* The times in a state are less than this number of cycles apart. */
#define FAR BIT(30)

/* The cycle from which times count. While a key is taken, `far` is the OR of all distances. */
struct times {
	u64 base, far;
	/* for the ring at hand: how many entries there were, and the most that matter */
	u64 count, most;
};

/*
 * Returns how many cycles `cycle` is after `past`; 0 if it is not, because nothing waits for such a
 * time any more.
 */
static ALWAYS_INLINE u32 since(u64 cycle, u64 past, u64 *far)
{
	u64 cycles = cycle > past ? cycle - past : 0;

	*far |= cycles;
	return (u32)cycles;
}

static ALWAYS_INLINE void take_cycles(struct times *times, u32 *key, const u64 *cycles, u64 size,
				      u64 past)
{
	u64 far = 0;

	for (u64 n = 0; n < size; n++)
		key[n] = since(cycles[n], past, &far);
	times->far |= far;
}

/* Takes the cycles of a ring that is indexed by a running number; the latest comes first. */
static ALWAYS_INLINE void take_ring(struct times *times, u32 *key, const u64 *ring, u64 size)
{
	u64 far = 0;

	for (u64 n = 0; n < MIN(times->most, times->count); n++)
		key[n] = since(ring[(times->count - 1 - n) % size], times->base, &far);
	times->far |= far;
}

/*
 * Sets a ring to what the key has of it. Returns its count, as if it had been filled exactly once.
 */
static ALWAYS_INLINE u64 put_ring(const struct times *times, const u32 *key, u64 *ring, u64 size)
{
	memset(ring, 0, size * sizeof(*ring));
	for (u64 n = 0; n < times->most; n++)
		ring[size - 1 - n] = times->base + key[n];
	return size;
}

/* Defines for each unit a function UNIT_key_of(), which takes its part of the key from the core. */
#include "cpu/timing/inorder/state/roles.inc"
#define UNIT(unit)                                                                                 \
	static inline void unit##_key_of(struct unit##_kept *key, const struct unit *self,         \
				       struct times *times)                                        \
	{                                                                                          \
		(void)key, (void)self, (void)times;
#define END(unit) }
#define FIELD_KEPT(type, name) key->name = self->name;
#define ARRAY_KEPT(type, name, size) memcpy(key->name, self->name, sizeof(key->name));
#define FIELD_TRANSIENT(type, name)
#define CYCLE_SINCE(name, later) key->name = since(self->name, times->base + later, &times->far);
#define CYCLES_SINCE(name, size, later)                                                            \
	take_cycles(times, key->name, self->name, size, times->base + later);
#define ARRAY_RING(number, matter)                                                                 \
	times->count = self->number;                                                               \
	times->most = matter;                                                                      \
	CYCLES_OF_RING
#define CYCLES_OF_RING(type, name, size) take_ring(times, key->name, self->name, size);
#define UNIT_PARTS(unit, name) unit##_key_of(&key->name, &self->name, times);
#define UNIT_PARTS_IF(has)                                                                         \
	if (has)                                                                                   \
	UNIT_PARTS
#define UNITS "cpu/timing/inorder/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/inorder/state/roles_end.inc"

/*
 * Defines for each unit a function UNIT_of_key(), which sets the core's unit to its part of the
 * key.
 */
#include "cpu/timing/inorder/state/roles.inc"
#define UNIT(unit)                                                                                 \
	static inline void unit##_of_key(const struct unit##_kept *key, struct unit *self,         \
				      struct times *times)                                         \
	{                                                                                          \
		(void)key, (void)self, (void)times;
#define END(unit) }
#define FIELD_KEPT(type, name) self->name = key->name;
#define ARRAY_KEPT(type, name, size) memcpy(self->name, key->name, sizeof(key->name));
#define FIELD_TRANSIENT(type, name) self->name = 0;
#define CYCLE_SINCE(name, later) self->name = times->base + later + key->name;
#define CYCLES_SINCE(name, size, later)                                                            \
	for (unsigned n = 0; n < size; n++)                                                        \
		self->name[n] = times->base + later + key->name[n];
#define ARRAY_RING(number, matter)                                                                 \
	times->most = matter;                                                                      \
	self->number = CYCLES_OF_RING
#define CYCLES_OF_RING(type, name, size) put_ring(times, key->name, self->name, size);
#define UNIT_PARTS(unit, name) unit##_of_key(&key->name, &self->name, times);
#define UNIT_PARTS_IF(has)                                                                         \
	if (has)                                                                                   \
	UNIT_PARTS
#define UNITS "cpu/timing/inorder/state/units.def"
#include "cpu/timing/fields/keys.inc"
#include "cpu/timing/inorder/state/roles_end.inc"

/* Returns the distance of a cycle from the base, before which it may be. */
static s32 around(u64 cycle, u64 base, u64 *far)
{
	*far |= cycle > base ? cycle - base : base - cycle;
	return (s32)(u32)(cycle - base);
}

static u64 before(u64 cycle)
{
	return cycle - MIN(cycle, 1);
}

/* Returns the first cycle in which the next word can be requested. */
static u64 next_ask(const struct inorder_front *front)
{
	return front->jumped ? front->ask :
			       front->at + 1 - MIN(front->params->fetch_latency, front->at + 1);
}

/*
 * Returns a cycle such that a slot of the queue that was free by then is free for all that comes.
 */
static u64 room_past(const struct inorder_front *front)
{
	return front->jumped ? front->ask : before(front->at);
}

static void take_jumps(struct inorder_key *key, const struct inorder_front *front, u64 *far)
{
	u64 past = before(next_ask(front)), most = front->params->queue_targets;

	key->jumps = (u8)MIN(front->jumps, most);
	for (unsigned n = 0; n < key->jumps; n++)
		key->jump_room[n] =
			since(front->jump_popped[(front->jumps - 1 - n) % INORDER_TARGETS_MAX],
			      past, far);
	if (most)
		key->jump_pushed = since(front->jump_pushed, past, far);
}

static void put_jumps(const struct inorder_key *key, struct inorder_front *front)
{
	u64 past = before(next_ask(front));

	memset(front->jump_popped, 0, sizeof(front->jump_popped));
	front->jumps = key->jumps;
	for (unsigned n = 0; n < key->jumps; n++)
		front->jump_popped[front->jumps - 1 - n] = past + key->jump_room[n];
	front->jump_pushed = past + key->jump_pushed;
}

static void take_front(struct inorder_key *key, const struct inorder_front *front, u64 base,
		       u64 *far)
{
	const struct inorder_params *params = front->params;

	if (front->jumped) {
		key->ask = around(front->ask, base, far);
		key->word = front->known ? align_down(front->word, params->icache_line) : 0;
	} else {
		key->at = around(front->at, base, far);
		key->word = front->word;
	}
	key->busy = (s32)since(front->busy, next_ask(front), far);
	for (unsigned n = 0; n < params->queue_depth; n++)
		key->room[n] = since(front->popped[(front->count - 1 - n) % INORDER_QUEUE_MAX],
				     room_past(front), far);
	take_jumps(key, front, far);
}

static void put_front(const struct inorder_key *key, struct inorder_front *front, u64 base)
{
	front->word = key->word;
	front->ask = front->jumped ? base + (u64)(s64)key->ask : 0;
	front->at = front->jumped ? 0 : base + (u64)(s64)key->at;
	front->busy = key->busy ? next_ask(front) + (u64)(s64)key->busy : 0;
	memset(front->popped, 0, sizeof(front->popped));
	front->count = INORDER_QUEUE_MAX;
	/*
	 * A slot that was free in time gets 0, not room_past: after an interrupt, fetch may begin
	 * before room_past.
	 */
	for (unsigned n = 0; n < front->params->queue_depth; n++)
		front->popped[INORDER_QUEUE_MAX - 1 - n] =
			key->room[n] ? room_past(front) + key->room[n] : 0;
	put_jumps(key, front);
}

/*
 * The next instruction leaves the queue at `base` at the earliest, and is issued after that. No
 * instruction can join those that were issued by then, so how many these were does not matter.
 */
static void take_issue(struct inorder_key *key, const struct inorder_issue *issue, u64 base)
{
	struct inorder_issue_kept *kept = &key->core.issue;

	key->popped_together = issue->popped[1] == base;
	if (!kept->issued[0]) {
		kept->issuing = 0;
		kept->branching = false;
		memset(kept->together, 0, sizeof(kept->together));
	}
	kept->retiring = (unsigned)MIN(kept->retiring, issue->params->issue_commit);
}

static void put_issue(const struct inorder_key *key, struct inorder_issue *issue, u64 base)
{
	issue->popped[0] = base;
	issue->popped[1] = base - (base && !key->popped_together);
	issue->ready[0] = 0; /* x0 is always ready */
}

/*
 * Clears the causes of waits that cannot happen: for registers that are ready, and for room in the
 * load/store unit if there is room for whatever comes.
 */
static void take_causes(struct inorder_kept *kept)
{
	kept->lsu.held = kept->lsu.left[0] ? kept->lsu.held : CPI_ISSUE;
	for (unsigned n = 0; n < INORDER_REGISTERS; n++)
		kept->blame.causes[n] = kept->issue.ready[n] ? kept->blame.causes[n] : 0;
	for (unsigned n = 0; n < INORDER_WALKS; n++) {
		bool waits = kept->blame.walked[n] && kept->issue.ready[kept->blame.walkers[n]];

		kept->blame.walkers[n] = waits ? kept->blame.walkers[n] : 0;
		kept->blame.walked[n] = waits ? kept->blame.walked[n] : 0;
	}
}

bool inorder_key_take(struct inorder_key *key, const struct inorder *core)
{
	struct times times = { .base = inorder_key_base(core) };

	memset(key, 0, sizeof(*key));
	inorder_key_of(&key->core, core, &times);
	take_front(key, &core->front, times.base, &times.far);
	take_issue(key, &core->issue, times.base);
	take_causes(&key->core);
	key->next = core->next;
	return times.far < FAR;
}

void inorder_key_put(const struct inorder_key *key, struct inorder *core, u64 base)
{
	struct times times = { .base = base };

	inorder_of_key(&key->core, core, &times);
	put_front(key, &core->front, base);
	put_issue(key, &core->issue, base);
}
