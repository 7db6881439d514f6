/* SPDX-License-Identifier: MIT */
/*
 * Who controls the machine from elsewhere: programs that speak QMP, people and scripts at the
 * monitor, each at a place of its own.
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
	struct qmp *qmps[LINK_PLACES_MAX]; /* the first ones */
	struct monitor_link *monitor; /* NULL: it is nowhere */
	struct plug_log gone;
};

/*
 * Be at all places that the options name, which outlive this. 0, or -errno with *error; it is to
 * be closed then, too.
 */
int control_open(struct control *control, const struct options *options, struct terminal *terminal,
		 struct board_error *error);

/* Clients hear of the end. */
void control_close(struct control *control, const struct qmp_end *end);

/* Serve those who are there. */
void control_poll(struct control *control);

#endif
