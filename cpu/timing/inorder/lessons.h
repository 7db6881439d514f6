/* SPDX-License-Identifier: MIT */
/*
 * What branches and jumps will teach the predictors, each behind the cycle in which it is known how
 * it went: a ring, in the order of these cycles.
 */
#ifndef CPU_TIMING_INORDER_LESSONS_H
#define CPU_TIMING_INORDER_LESSONS_H

#include "bus/base.h"

struct inorder_lesson {
	u64 cycle; /* known in it, and used after it */
	u64 pc, target;
	u16 counter; /* of the branch: its bht_entry() */
	u8 what;
};
/* Of `what`: */
#define INORDER_LESSON_TAKEN BIT(0)
#define INORDER_LESSON_STORED BIT(1) /* the target goes to the BTB */
#define INORDER_LESSON_BRANCH BIT(2) /* the counter learns */

#define INORDER_LESSONS_MAX 16 /* more are learnt from too early */
#define INORDER_LESSONS_RING 32
struct inorder_lessons {
	struct inorder_lesson ring[INORDER_LESSONS_RING];
	unsigned first, count;
};

static ALWAYS_INLINE struct inorder_lesson *inorder_lesson(struct inorder_lessons *lessons,
							   unsigned n)
{
	return &lessons->ring[(lessons->first + n) % INORDER_LESSONS_RING];
}

/* Was the first known before `cycle`? */
static ALWAYS_INLINE bool inorder_lessons_due(struct inorder_lessons *lessons, u64 cycle)
{
	return lessons->count && inorder_lesson(lessons, 0)->cycle < cycle;
}

/* The first, which is not there any more. */
static ALWAYS_INLINE struct inorder_lesson inorder_lessons_take(struct inorder_lessons *lessons)
{
	struct inorder_lesson lesson = *inorder_lesson(lessons, 0);

	lessons->first = (lessons->first + 1) % INORDER_LESSONS_RING;
	lessons->count--;
	return lesson;
}

/* The last, one of `cycle`: the rest is filled in by the caller. */
static ALWAYS_INLINE struct inorder_lesson *inorder_lessons_add(struct inorder_lessons *lessons,
								u64 cycle)
{
	struct inorder_lesson *lesson = inorder_lesson(lessons, lessons->count++);

	lesson->cycle = cycle;
	return lesson;
}

/* Are there too many now, or is the last not in its place? */
static ALWAYS_INLINE bool inorder_lessons_untidy(struct inorder_lessons *lessons)
{
	unsigned count = lessons->count;

	return count > 1 && (inorder_lesson(lessons, count - 2)->cycle >
				     inorder_lesson(lessons, count - 1)->cycle ||
			     count > INORDER_LESSONS_MAX);
}

#endif
