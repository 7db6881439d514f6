/* SPDX-License-Identifier: MIT */
/*
 * Regions of interest (ROI, as in gem5): the parts of a run that are timed, each from one point to
 * another, for all harts together. The hart that comes to a point decides, the others follow from
 * where they are. Outside of regions harts run in the tiers that record nothing: the points are
 * where blocks of decoded code are parted.
 */
#ifndef CPU_TIMED_ROI_H
#define CPU_TIMED_ROI_H

#include "cpu/hart/harts.h"
#include "cpu/timed/switch.h"

enum roi_kind {
	ROI_NEVER, /* as the begin: at reset, or where a program begins */
	ROI_COUNT, /* when so many instructions have retired, of all harts since power-on */
	ROI_AFTER, /* as the end: so many instructions behind the begin */
	ROI_PC, /* in front of the instruction there, each time a hart comes to it */
	ROI_MARKER, /* behind the one marker, in front of the other */
};

struct roi_point {
	enum roi_kind kind;
	u64 value; /* instructions, or pc */
	u64 alias; /* of a pc: the same place by another address, or value again */
};

/*
 * Markers: SLTI with rd x0, code points that the manual sets aside for custom hints; on hardware
 * they do nothing. rs1 is x0 and the immediate one of these.
 */
enum { ROI_MARK_BEGIN = 1201, ROI_MARK_END = 1202 };
#define ROI_MARK(immediate) ((u32)(immediate) << 20 | 2u << 12 | 0x13u)

struct roi {
	struct harts *harts;
	struct roi_point from, until;
	u64 warm; /* instructions before a region that the models are warmed with */
	u32 phase; /* enum timed_phase of the harts */
	u64 count; /* regions begun */
	u64 began; /* instructions when the latest did */
	u32 behind; /* a hart is at a marker, behind which it begins: its number + 1 */
	u64 marker; /* the steps it had begun in front of it */
	u64 last[HARTS_MAX]; /* the steps at which the hart saw a point, + 1: none is seen twice */
	bool due; /* a hart is at a point: to be acted on between slices */
	bool single; /* the tier in force cannot see points: one instruction at a time */
	/* The phase is another: the tier may have to be. */
	void (*switched)(void *ctx);
	void *ctx;
};

/* Registers the state "regions". */
void roi_init(struct roi *roi, struct harts *harts);

/*
 * After the harts, which are timed, were reset and told where they begin: have them look for the
 * points. `warm` of a begin that is no count is kept as history, at most TIMING_HISTORY_MAX. 0 or
 * -ENOMEM.
 */
int roi_reset(struct roi *roi);

/* Other models have come to time the harts: they are off. */
void roi_begin_off(struct roi *roi, struct harts *harts);

/* Between two slices: do what is due. */
void roi_update(struct roi *roi);

/* Begin or end one now; the points remain. */
void roi_switch(struct roi *roi, bool on);

#endif
