/* SPDX-License-Identifier: MIT */
/* Turns of random lengths, and harts that stand still. See chaos.h. */
#include "cpu/run/chaos.h"

#include "bus/entropy.h"
#include "bus/platform.h"

/*
 * Two in three turns have at most 1/2^4 of the usual length. Locks and lists are at work for short
 * times, so it takes short turns to interrupt them, and long ones to see what follows.
 */
#define TURN_SHIFTS 9
/* One turn in so many ends with a pause, of at most 1/4 of a millisecond, and of 1/2^8 of that. */
#define TURNS_TO_PAUSE 128
#define PAUSE_MOST 250000
#define PAUSE_SHIFTS 9

/* Two choices at the same time need different numbers. */
enum choice {
	CHOICE_TURN,
	CHOICE_PAUSE,
};

static u64 draw(const struct harts *harts, const struct hart *hart, enum choice choice)
{
	u64 number = entropy_mix(harts->platform->seed);

	number = entropy_mix(number + hart_time(hart));
	return entropy_mix(number + hart->id * 2 + choice);
}

/* Returns 1 to `most`: all magnitudes of it, down to 2^-(shifts - 1), are equally likely. */
static u64 between(u64 number, u64 most, unsigned shifts)
{
	most >>= number % shifts;
	return 1 + (most > 1 ? (number >> 8) % most : 0);
}

u64 chaos_turn(const struct harts *harts, const struct hart *hart, u64 most)
{
	return between(draw(harts, hart, CHOICE_TURN), most, TURN_SHIFTS);
}

u64 chaos_pause(const struct harts *harts, const struct hart *hart)
{
	u64 number = draw(harts, hart, CHOICE_PAUSE);

	return number % TURNS_TO_PAUSE ? 0 : between(number >> 8, PAUSE_MOST, PAUSE_SHIFTS);
}
