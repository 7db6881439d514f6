/* SPDX-License-Identifier: MIT */
/* What asked.c and asked_data.c share: how questions are put into numbers. See asked.h. */
#ifndef CPU_TIMING_C906_ASKED_PARTS_H
#define CPU_TIMING_C906_ASKED_PARTS_H

#include "cpu/timing/c906/asked.h"

/* Beside a mode, a level, a size, which are below. */
#define REACH_SHIFT 8
#define SIZE_SHIFT 8
#define OF_FETCH BIT(8)
#define WANTED BIT(9)
#define WALK_REACHED 8 /* above what is walked for, the record that is reached */
#define BTB_PC 32 /* above a target */
/* Places, which are what tokens say, in one number; and what is beside them. */
#define PLACE_BITS 8
#define PLACES BIT(PLACE_BITS)
#define PLACES_A_CYCLE 16 /* more are not taken in one */
#define PLACES_AT_ONCE 8
#define PLACES_END (2 * PLACE_BITS)
#define MISSED BIT(8)
#define FIRST_HALF BIT(9)

#define QUESTION(...) ((struct memo_question){ __VA_ARGS__ })

/* The latest record that the model has had: memory is as with its stores. */
static inline u8 reached(const struct c906_env *env)
{
	return env->asker ? (u8)env->asker->taken : 0;
}

/* As c906_ask_stream and the others of asked.h, with addresses. */
int c906_choose_stream(const struct c906_env *env, u64 *va, u64 *pa);
bool c906_load_in_streams(const struct c906_env *env, const struct c906_access *load, bool missed);
bool c906_store_in_amr(const struct c906_env *env, const struct c906_access *store, bool missed);

#endif
