/* SPDX-License-Identifier: MIT */
/*
 * Handles the timed part of a run as the user describes it: the points given as text, the core that
 * is switched on, off or exchanged at run time, and the engine that this needs.
 */
#include "devices/board/timing/timed.h"

#include "bus/number.h"
#include "cpu/counters/pmu.h"
#include "cpu/debug/debug.h"
#include "cpu/debug/observe.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/threaded.h"
#include "cpu/jit/jit.h"
#include "cpu/timed/threaded_timed.h"
#include "cpu/timing/kind.h"
#include "cpu/timing/units/coherence.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const hart_tier tiers[] = {
	[ENGINE_INTERP] = interp_run,
	[ENGINE_THREADED] = threaded_run,
	[ENGINE_JIT] = jit_run,
};

static const hart_tier timed_tiers[] = {
	[ENGINE_INTERP] = observe_run,
	[ENGINE_THREADED] = threaded_timed_run,
	[ENGINE_JIT] = threaded_timed_run,
};

void board_choose_tier(struct board *board)
{
	bool timed = board->timing.kind && board->roi.phase != TIMED_OFF;

	/* Observers other than models need the interpreter. */
	board->engine = board->watched ? ENGINE_INTERP : board->config.engine;
	board->harts.tier = board->watched ? observe_run :
					     (timed ? timed_tiers : tiers)[board->engine];
	board->roi.single = board->engine == ENGINE_INTERP;
	if (!board->debug)
		return;
	board->debug->tier = board->harts.tier;
	board->debug->single = board->watched || board->coverage || timed ? NULL : interp_run;
	board->debug->parted = board->harts.tier == threaded_run || board->harts.tier == jit_run;
	board->harts.tier = debug_run;
}

static void switched(void *ctx)
{
	board_choose_tier(ctx);
}

/* Writes the name in a point of the form NAME or NAME+OFFSET. */
static void roi_name(const char *text, char *name, size_t size)
{
	snprintf(name, size, "%.*s", (int)(strchrnul(text, '+') - text), text);
}

/* Refuses a point whose name means a place in several files. */
static int roi_check_name(struct board *board, const char *option, const char *text)
{
	char name[256];
	u64 one, other;

	roi_name(text, name, sizeof(name));
	if (!symbols_find(&board->symbols, name, &one) ||
	    !symbols_find_other(&board->symbols, name, &other))
		return 0;
	return board_fail(board, 2,
			  "%s: '%s' is in two files, at 0x%llx and 0x%llx; give the address that "
			  "is meant",
			  option, name, one, other);
}

/* Parses a point of the form NAME or NAME+OFFSET. */
static bool roi_place(const struct board *board, const char *text, struct roi_point *point)
{
	const char *plus = strchr(text, '+');
	u64 offset = 0;
	char name[256];

	if (plus && !number_parse(plus + 1, &offset))
		return false;
	roi_name(text, name, sizeof(name));
	if (!symbols_find(&board->symbols, name, &point->value))
		return false;
	if (!symbols_find_linked(&board->symbols, name, &point->alias))
		point->alias = point->value;
	point->value += offset;
	point->alias += offset;
	point->kind = ROI_PC;
	return true;
}

static int parse(struct board *board, const char *option, const char *text, struct roi_point *point)
{
	bool hexadecimal = !strncmp(text, "0x", 2), until = !strcmp(option, "--timing-until");

	if (!strcmp(text, "marker")) {
		point->kind = ROI_MARKER;
		return 0;
	}
	if (number_parse(text, &point->value) && !(hexadecimal && point->value & 1)) {
		point->kind = hexadecimal ? ROI_PC : ROI_COUNT;
		point->alias = point->value;
		return 0;
	}
	if (until && *text == '+' && number_parse(text + 1, &point->value) && point->value) {
		point->kind = ROI_AFTER;
		return 0;
	}
	if (roi_place(board, text, point))
		return roi_check_name(board, option, text);
	return board_fail(board, 2,
			  "%s: '%.200s' is no point in a run; accepted: a number of instructions, "
			  "%sa pc such as 0x80000000, marker, or a symbol of a file that is loaded "
			  "or given to --symbols",
			  option, text, until ? "+ and a number counted from the begin, " : "");
}

static int roi_check(struct board *board)
{
	const struct roi *roi = &board->roi;
	bool counted = roi->from.kind == ROI_COUNT;

	if (counted && roi->until.kind == ROI_COUNT && roi->until.value <= roi->from.value)
		return board_fail(board, 2,
				  "--timing-until: %llu must be greater than --timing-from=%llu",
				  roi->until.value, roi->from.value);
	if (roi->from.kind == ROI_NEVER && roi->until.kind == ROI_COUNT && !roi->until.value)
		return board_fail(board, 2, "--timing-until: 0 leaves nothing to be timed");
	if (!roi->warm || counted)
		return 0;
	if (board_copies(&board->config))
		return board_fail(board, 2,
				  "%s: --timing-warm then needs a --timing-from that "
				  "is a number of instructions",
				  board->config.compare ? "--compare" : "--restore");
	if (roi->warm > TIMING_HISTORY_MAX)
		return board_fail(board, 2,
				  "--timing-warm: %llu is too many; at most %d unless "
				  "--timing-from is a number of instructions",
				  roi->warm, TIMING_HISTORY_MAX);
	return 0;
}

void board_roi_init(struct board *board)
{
	board->roi.switched = switched;
	board->roi.ctx = board;
	board->roi.phase = board->timing.kind ? TIMED_ON : TIMED_OFF;
	board_choose_tier(board);
	if (board->timing.kind)
		roi_init(&board->roi, &board->harts);
}

int board_roi_reset(struct board *board)
{
	const struct board_config *config = &board->config;
	struct roi *roi = &board->roi;

	if (!board->timing.kind)
		return 0;
	roi->from = roi->until = (struct roi_point){ ROI_NEVER, 0, 0 };
	roi->warm = config->timing_warm;
	if (config->timing_from &&
	    parse(board, "--timing-from", config->timing_from, &roi->from) < 0)
		return -1;
	if (config->timing_until &&
	    parse(board, "--timing-until", config->timing_until, &roi->until) < 0)
		return -1;
	if (!config->timing_until && roi->from.kind == ROI_MARKER)
		roi->until.kind = ROI_MARKER;
	if (roi_check(board) < 0)
		return -1;
	if (roi_reset(roi) < 0)
		return board_no_memory(board, "not enough host memory for --timing-warm");
	return 0;
}

bool board_roi(struct board *board, u64 *count, struct board_cost *cost)
{
	bool asked = board->config.timing_from || board->config.timing_until || board->switched;

	*cost = (struct board_cost){ 0 };
	*count = board->roi.count;
	for (unsigned n = 0; asked && board->timing.kind && n < board->harts.count; n++) {
		struct timed_sum sum = timed_measured(board->harts.hart[n]->timed);

		cost->cycles += sum.cycles;
		cost->instructions += sum.instructions;
	}
	return asked && board->timing.kind;
}

bool board_roi_extremes(const struct board *board, struct board_extremes *extremes)
{
	const struct roi_extremes *found = &board->roi.extremes;

	*extremes = (struct board_extremes){
		.shortest = found->shortest, .longest = found->longest,
		.longest_from = found->longest_from,
	};
	return found->ended;
}

static void tell_phase(struct board *board, FILE *out)
{
	static const char *const phases[] = {
		[TIMED_OFF] = "off", [TIMED_KEEPS] = "off, keeping what to warm with",
		[TIMED_WARMS] = "warming", [TIMED_ON] = "on",
	};

	fprintf(out, "%s: %s, %llu region%s so far\n", board->core, phases[board->roi.phase],
		board->roi.count, board->roi.count == 1 ? "" : "s");
	for (unsigned n = 0; n < board->harts.count; n++) {
		struct timed_sum sum = timed_measured(board->harts.hart[n]->timed);

		fprintf(out, "hart %u: %llu cycles, %llu instructions; mcycle counts %llu\n", n,
			sum.cycles, sum.instructions, pmu_read(board->harts.hart[n], PMU_CYCLE));
	}
}

/*
 * Attaches another model to a hart, which continues at the time `now` in ns and with its count of
 * cycles.
 */
static int attach(struct board *board, struct hart *hart, u64 now, u64 cycles)
{
	if (timed_attach(hart, &board->timing, board->harts.coherence) < 0)
		return -ENOMEM;
	timed_continue(hart->timed, now, cycles);
	return board_listen_again(board, hart);
}

int board_attach_core(struct board *board, const struct timing_core *core)
{
	struct harts *harts = &board->harts;
	u64 now[HARTS_MAX], cycles[HARTS_MAX];

	for (unsigned n = 0; n < harts->count; n++) {
		now[n] = hart_time(harts->hart[n]);
		cycles[n] = hart_cycles(harts->hart[n]);
		pmu_pause(harts->hart[n], 0);
		timed_detach(harts->hart[n]);
		pmu_resume(harts->hart[n], 0);
		watch_attach(&board->watch, harts->hart[n]);
	}
	coherence_leave(harts->coherence);
	if (!board->timing.kind)
		watch_add(&board->watch, &timed_observer);
	board->timing = *core;
	state_remove(&board->platform.state, "timing");
	board_core_register(board);
	for (unsigned n = 0; n < harts->count; n++)
		if (attach(board, harts->hart[n], now[n], cycles[n]) < 0)
			return -ENOMEM;
	roi_begin_off(&board->roi, harts);
	return 0;
}

/*
 * Switches to CORE, written as in --timing. Returns false, with the reason in board->error, if that
 * fails.
 */
static bool switch_to(struct board *board, const char *text)
{
	struct timing_core core;
	char *name;

	if (board->timing.kind && !strcmp(text, board->core)) {
		roi_switch(&board->roi, true);
		return true;
	}
	if (board_read_core(board, text, &core) < 0)
		return false;
	name = strdup(text);
	if (!name || board_attach_core(board, &core) < 0)
		abort(); /* there is no memory, and the old model is gone */
	free(board->core);
	board->core = name;
	roi_switch(&board->roi, true);
	return true;
}

void board_timing_command(struct board *board, const char *text, void *file)
{
	struct board_error error, *outer = board->error;

	if (!text) {
		if (board->timing.kind)
			tell_phase(board, file);
		else
			fprintf(file, "no core times the harts; `timing CORE` has one do so\n");
		return;
	}
	if (board_is_fixed(board)) {
		fprintf(file, "timing: not with --compare, --restore and rr=, under which a second "
			      "machine or run is like the first\n");
		return;
	}
	board->switched = true;
	board->error = &error;
	if (strcmp(text, "none")) {
		if (!switch_to(board, text))
			fprintf(file, "%s\n", error.text);
	} else if (board->timing.kind) {
		roi_switch(&board->roi, false);
	}
	board->error = outer;
}
