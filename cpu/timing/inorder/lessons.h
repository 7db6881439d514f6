/* SPDX-License-Identifier: MIT */
/*
 * Lessons: the outcomes of branches and jumps, with which the predictors are trained after the
 * cycle that resolves them. They are in a ring, in the order of these cycles.
 */
#ifndef CPU_TIMING_INORDER_LESSONS_H
#define CPU_TIMING_INORDER_LESSONS_H

#include "bus/base.h"

/* The flags of a lesson's `what`. */
#define INORDER_LESSON_TAKEN BIT(0)
#define INORDER_LESSON_STORED BIT(1) /* the target goes to the BTB */
#define INORDER_LESSON_BRANCH BIT(2) /* the counter is trained */

#define INORDER_LESSONS_MAX 16 /* if there are more, the first is learnt too early */
#define INORDER_LESSONS_RING 32

#define UNITS "cpu/timing/inorder/state/lessons.def"
#include "cpu/timing/fields/structs.inc"

static ALWAYS_INLINE struct inorder_lesson *inorder_lesson(struct inorder_lessons *lessons,
							   unsigned n)
{
	return &lessons->ring[(lessons->first + n) % INORDER_LESSONS_RING];
}

/* Returns whether the first lesson was known before `cycle`. */
static ALWAYS_INLINE bool inorder_lessons_due(struct inorder_lessons *lessons, u64 cycle)
{
	return lessons->count && inorder_lesson(lessons, 0)->cycle < cycle;
}

/* Removes the first lesson and returns it. */
static ALWAYS_INLINE struct inorder_lesson inorder_lessons_take(struct inorder_lessons *lessons)
{
	struct inorder_lesson lesson = *inorder_lesson(lessons, 0);

	lessons->first = (lessons->first + 1) % INORDER_LESSONS_RING;
	lessons->count--;
	return lesson;
}

/* Appends a lesson of `cycle`, which the caller fills in. */
static ALWAYS_INLINE struct inorder_lesson *inorder_lessons_add(struct inorder_lessons *lessons,
								u64 cycle)
{
	struct inorder_lesson *lesson = inorder_lesson(lessons, lessons->count++);

	lesson->cycle = cycle;
	return lesson;
}

/* Returns whether there are too many lessons, or the last one is not in its place. */
static ALWAYS_INLINE bool inorder_lessons_untidy(struct inorder_lessons *lessons)
{
	unsigned count = lessons->count;

	return count > 1 && (inorder_lesson(lessons, count - 2)->cycle >
				     inorder_lesson(lessons, count - 1)->cycle ||
			     count > INORDER_LESSONS_MAX);
}

#endif
