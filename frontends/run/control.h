/* SPDX-License-Identifier: MIT */
/*
 * Clients that control the machine, each connected to a place of its own: programs that speak QMP,
 * and people and scripts at the monitor.
 */
#ifndef FRONTENDS_RUN_CONTROL_H
#define FRONTENDS_RUN_CONTROL_H

#include "frontends/monitor/plug.h"
#include "frontends/net/link_place.h"
#include "frontends/qmp/qmp.h"

struct monitor_link;
struct options;
struct terminal;

struct control {
	struct qmp_machine machine; /* filled in by the run */
	struct qmp_shared shared;
	/* The first ones of each; the others are NULL. */
	struct qmp *qmps[LINK_PLACES_MAX];
	struct monitor_link *monitors[LINK_PLACES_MAX];
	struct plug_log gone;
};

/*
 * Opens all places that the options name, which outlive this. Returns 0, or -errno with *error;
 * call control_close in either case.
 */
int control_open(struct control *control, const struct options *options, struct terminal *terminal,
		 struct board_error *error);

/* Tells the clients how the run ended, and closes. */
void control_close(struct control *control, const struct qmp_end *end);

/* Serves the clients. */
void control_poll(struct control *control);

#endif
