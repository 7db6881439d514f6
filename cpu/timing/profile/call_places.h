/* SPDX-License-Identifier: MIT */
/* A hash table: events by instruction in each node of a tree of calls (calls.h). */
#ifndef CPU_TIMING_PROFILE_CALL_PLACES_H
#define CPU_TIMING_PROFILE_CALL_PLACES_H

#include "bus/base.h"

struct call_place {
	u64 place; /* the instruction's address at which symbols name it (names.h) */
	u64 self; /* events; 0: the entry is free */
	u32 node;
};

struct call_places {
	struct call_place *list;
	size_t count, room; /* a power of two; at most half of it is used */
};

/* The most places that are kept. Events at others are counted only in their nodes. */
#define CALL_PLACES_MAX (1u << 20)

int call_places_init(struct call_places *places); /* 0 or -ENOMEM */
void call_places_free(struct call_places *places);
void call_places_clear(struct call_places *places);
void call_places_add(struct call_places *places, u32 node, u64 place, u64 self);

#endif
