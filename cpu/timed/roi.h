/* SPDX-License-Identifier: MIT */
/*
 * Regions of interest (ROI, as in gem5): the parts of a run that are timed, each from one point to
 * another, for all harts together. The hart that comes to a point decides, and the others follow
 * from where they are. Outside of regions harts run in the tiers that record nothing: blocks of
 * decoded code end before points.
 */
#ifndef CPU_TIMED_ROI_H
#define CPU_TIMED_ROI_H

#include "cpu/hart/harts.h"
#include "cpu/timed/switch.h"

enum roi_kind {
	ROI_NEVER, /* for the beginning: at reset, or where a program begins */
	ROI_COUNT, /* when `value` instructions have retired, of all harts since power-on */
	ROI_AFTER, /* for the end: `value` instructions after the beginning */
	ROI_PC, /* before the instruction there, each time a hart comes to it */
	ROI_MARKER, /* the region begins after its marker, and ends before the other */
};

struct roi_point {
	enum roi_kind kind;
	u64 value; /* instructions, or pc */
	u64 alias; /* for a pc: another address of the same place, or value again */
};

/*
 * A marker is SLTI with rd x0, which the manual designates for custom hints; on hardware it does
 * nothing. rs1 is x0 and the immediate one of these.
 */
enum { ROI_MARK_BEGIN = 1201, ROI_MARK_END = 1202 };
#define ROI_MARK(immediate) ((u32)(immediate) << 20 | 2u << 12 | 0x13u)

/*
 * The cycles of the shortest and of the longest region that has ended. A region's are those of the
 * hart that has most in it.
 */
struct roi_extremes {
	u64 ended; /* the number of such regions; if it is 0, so is the rest */
	u64 shortest, longest;
	u64 longest_from; /* retired instructions when the longest one began */
};

struct roi {
	struct harts *harts;
	struct roi_point from, until;
	u64 warm; /* instructions before a region that warm up the models */
	u32 phase; /* enum timed_phase of the harts */
	u64 count; /* regions that have begun since the last reset, which clears all figures */
	bool begun; /* one has begun, perhaps before a reset, so a beginning by count has passed */
	u64 began; /* retired instructions when the last one began */
	u64 earlier[HARTS_MAX]; /* each hart's cycles in the regions before it */
	struct roi_extremes extremes;
	u32 behind; /* 1 + the number of the hart at a marker, after which a region begins; or 0 */
	u64 marker; /* the steps that the hart had begun before the marker */
	u64 last[HARTS_MAX]; /* 1 + the steps at its last point, so that none is counted twice */
	/* The points of the machine that is being saved, or was loaded. */
	struct {
		struct roi_point from, until;
		u64 warm;
	} saved;
	bool due; /* a hart is at a point: roi_update acts on it between slices */
	bool single; /* the tier in force does not stop at points: one instruction at a time */
	/* Called when the phase has changed, and the tier may have to. */
	void (*switched)(void *ctx);
	void *ctx;
};

/*
 * Registers the state "regions". A loaded machine continues in the phase in which it was saved if
 * it had the same points; otherwise its regions begin anew where it was saved.
 */
void roi_init(struct roi *roi, struct harts *harts);

/*
 * Makes the harts look for the points. Must be called after the harts, which are timed, were reset
 * and know where the model begins. If the beginning is a pc or marker, `warm` instructions are kept
 * as history, at most TIMING_HISTORY_MAX. Returns 0 or -ENOMEM.
 */
int roi_reset(struct roi *roi);

/* Called when the harts have new models, which are off. */
void roi_begin_off(struct roi *roi, struct harts *harts);

/*
 * Called when the harts have new models, and a state without models was loaded: regions begin in
 * it. Returns 0 or -ENOMEM.
 */
int roi_begin_cold(struct roi *roi);

/* Begins or ends a region if that is due; called between two slices. */
void roi_update(struct roi *roi);

/* Begins or ends a region now; the points remain. */
void roi_switch(struct roi *roi, bool on);

#endif
