/* SPDX-License-Identifier: MIT */
/*
 * A client of QMP, for the files of frontends/qmp, and no others: qmp.c opens and closes it, reads
 * what it sends, and tells it of events.
 */
#ifndef FRONTENDS_QMP_CLIENT_H
#define FRONTENDS_QMP_CLIENT_H

#include <jansson.h>

#include "devices/board/board.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"
#include "frontends/qmp/qmp.h"
#include "frontends/qmp/stream.h"

struct qmp {
	const struct qmp_machine *machine;
	struct qmp *next; /* the next of the machine's clients */
	struct link link;
	struct qmp_stream in;
	u8 bytes[4096]; /* bytes read; from bytes_at on they are not parsed yet */
	size_t bytes_at, bytes_size;
	bool negotiated; /* the client has sent qmp_capabilities: commands and events are allowed */
	struct qmp_state told; /* the state that events have reported */
	unsigned gone_told;
	/* Output that the client has not read yet. */
	bool wants; /* wake when it can be written */
	char *out;
	size_t out_start, out_end, out_room;
};

/* qmp.c: report to all clients, as events, what has changed since the last call. */
void qmp_tell_changes(const struct qmp_machine *machine);
/* Sends an event to all clients; takes over the reference to data. */
void qmp_broadcast(const struct qmp_machine *machine, const char *name, json_t *data);
/* Sends to one client, and takes over the reference to the value; if it is NULL there was no
 * memory, and the client is disconnected. An event's data may be NULL. */
void qmp_send(struct qmp *qmp, json_t *value);
void qmp_send_event(struct qmp *qmp, const char *name, json_t *data);

/* dispatch.c: executes a command in JSON, and sends the answer. */
void qmp_dispatch(struct qmp *qmp, const char *text);
void qmp_refuse(struct qmp *qmp, const char *desc);

#endif
