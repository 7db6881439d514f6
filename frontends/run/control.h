/* SPDX-License-Identifier: MIT */
/*
 * The clients that control the machine, each of which connects to its own place: programs that use
 * QMP, and persons and scripts that use the monitor.
 */
#ifndef FRONTENDS_RUN_CONTROL_H
#define FRONTENDS_RUN_CONTROL_H

#include "frontends/monitor/plug.h"
#include "frontends/net/link_place.h"
#include "frontends/qmp/qmp.h"

struct monitor_link;
struct monitor_port;
struct options;
struct terminal;

struct control {
	struct qmp_machine machine; /* the run fills this in */
	struct qmp_shared shared;
	/* Those that are open come first; the others are NULL. */
	struct qmp *qmps[LINK_PLACES_MAX];
	struct monitor_link *monitors[LINK_PLACES_MAX];
	struct monitor_port *ports[LINK_PLACES_MAX];
	struct plug_log gone;
};

/*
 * Opens all places that the options name. The options are borrowed. Returns 0, or -errno with
 * *error; call control_close in either case.
 */
int control_open(struct control *control, const struct options *options, struct terminal *terminal,
		 struct board_error *error);

/* Reports to the clients how the run ended, and closes their places. */
void control_close(struct control *control, const struct qmp_end *end);

/* Serves all clients. */
void control_poll(struct control *control);

/* Returns whether control_poll has something to do of which no descriptor tells. */
bool control_waits(const struct control *control);

#endif
