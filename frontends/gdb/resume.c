/* SPDX-License-Identifier: MIT */
/* Handles vCont, and the older packets that it replaces: they determine which harts run. */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <string.h>

/* The action for a hart; `given` says whether the packet has one for it. */
struct action {
	bool given, stops;
	enum board_go go;
	u64 first, end;
};

void gdb_vcont_what(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fputs("vCont;c;C;s;S;t;r", call->out);
}

/* Parses an action without its thread. A signal has no meaning for a hart, and is ignored. */
static bool parse_action(const char **text, struct action *action)
{
	char letter = **text;
	u64 signal;

	*action = (struct action){ .given = true, .go = GO_RUN };
	if (!letter || !strchr("cCsStr", letter))
		return false;
	(*text)++;
	action->stops = letter == 't';
	if (strchr("sSr", letter))
		action->go = GO_STEP;
	if (strchr("CS", letter))
		return gdb_hex(text, &signal);
	return letter != 'r' || gdb_hexes(text, ',', &action->first, &action->end);
}

/* Parses ACTION[:THREAD][;ACTION...]. The first action that applies to a thread is used for it. */
static bool gdb_resume_parse(const struct gdb *gdb, const char *text, struct action *actions)
{
	do {
		struct action action;
		int hart = GDB_ALL;

		if (!parse_action(&text, &action) ||
		    (gdb_skip(&text, ':') && !gdb_thread_number(gdb, &text, &hart)))
			return false;
		if (hart == GDB_ANY)
			hart = (int)gdb->general;
		for (unsigned n = 0; n < gdb->harts; n++)
			if (!actions[n].given && (hart == GDB_ALL || hart == (int)n))
				actions[n] = action;
	} while (gdb_skip(&text, ';'));
	return !*text;
}

static void start_thread(struct gdb *gdb, unsigned hart, const struct action *action)
{
	struct gdb_thread *thread = &gdb->threads[hart];

	if (thread->runs)
		return;
	gdb->controls = true;
	thread->runs = true;
	thread->reported = false;
	board_go(gdb->board, hart, action->go, action->first, action->end);
}

/* Reports a watchpoint that was hit while another hart's stop was reported, and that the client
 * does not know yet. Returns whether there was one. */
static bool tell_left_over(struct gdb *gdb, const struct action *actions)
{
	for (unsigned n = 0; n < gdb->harts && !gdb->non_stop; n++) {
		struct gdb_thread *thread = &gdb->threads[n];

		if (!actions[n].given || !thread->hit || thread->reported ||
		    thread->stop.kind < POINT_WRITE)
			continue;
		gdb_report(gdb, n);
		return true;
	}
	return false;
}

static void gdb_resume_vcont(struct gdb *gdb, struct gdb_call *call, const struct action *actions)
{
	call->silent = true;
	if (gdb->non_stop)
		gdb_send_text(gdb, "OK");
	if (tell_left_over(gdb, actions))
		return;
	for (unsigned n = 0; n < gdb->harts; n++) {
		if (actions[n].given && !actions[n].stops)
			start_thread(gdb, n, &actions[n]);
		else if (!gdb->threads[n].runs)
			board_go(gdb->board, n, GO_HOLD, 0, 0);
	}
	for (unsigned n = 0; n < gdb->harts; n++)
		if (actions[n].stops && gdb->threads[n].runs)
			gdb_stop_thread(gdb, n, GDB_SIGNAL_0);
}

void gdb_vcont(struct gdb *gdb, struct gdb_call *call)
{
	struct action actions[BOARD_HARTS_MAX] = { { 0 } };

	if (gdb_resume_parse(gdb, call->text, actions))
		gdb_resume_vcont(gdb, call, actions);
	else
		gdb_error(call, EINVAL);
}

/* Handles [ADDR], for the thread that Hc has chosen. If Hc has chosen all threads, the action is
 * for the one that Hg has chosen, and the others run. */
static void resume_old(struct gdb *gdb, struct gdb_call *call, enum board_go go, const char *text)
{
	unsigned hart = gdb->resumed == GDB_ALL ? gdb->general : (unsigned)gdb->resumed;
	struct action actions[BOARD_HARTS_MAX] = { { 0 } };
	u64 addr;

	if (*text && (!gdb_hex(&text, &addr) || *text ||
		      !board_reg_set(gdb->board, hart, BOARD_REG_PC, addr))) {
		gdb_error(call, EINVAL);
		return;
	}
	for (unsigned n = 0; n < gdb->harts; n++)
		actions[n] = (struct action){ .given = n == hart || gdb->resumed == GDB_ALL,
					      .go = n == hart ? go : GO_RUN };
	gdb_resume_vcont(gdb, call, actions);
}

/* Handles SIGNAL[;ADDR]. */
static void resume_signal(struct gdb *gdb, struct gdb_call *call, enum board_go go)
{
	const char *text = call->text;
	u64 signal;

	if (!gdb_hex(&text, &signal) || (*text && !gdb_skip(&text, ';')))
		gdb_error(call, EINVAL);
	else
		resume_old(gdb, call, go, text);
}

void gdb_continue(struct gdb *gdb, struct gdb_call *call)
{
	resume_old(gdb, call, GO_RUN, call->text);
}

void gdb_continue_signal(struct gdb *gdb, struct gdb_call *call)
{
	resume_signal(gdb, call, GO_RUN);
}

void gdb_step(struct gdb *gdb, struct gdb_call *call)
{
	resume_old(gdb, call, GO_STEP, call->text);
}

void gdb_step_signal(struct gdb *gdb, struct gdb_call *call)
{
	resume_signal(gdb, call, GO_STEP);
}
