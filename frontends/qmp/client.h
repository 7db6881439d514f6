/* SPDX-License-Identifier: MIT */
/*
 * A client of QMP. Only files of frontends/qmp include this: qmp.c opens and closes it, reads what
 * it sends, and sends it events.
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
	struct qmp *next; /* the next client of the machine */
	struct link link;
	struct qmp_stream in;
	/* Bytes that were read, of which those from bytes_at on have not been parsed yet. */
	u8 bytes[4096];
	size_t bytes_at, bytes_size;
	bool negotiated; /* the client has sent qmp_capabilities: commands and events are allowed */
	struct qmp_state reported; /* the machine's state as last reported by events */
	unsigned gone_reported;
	/* Output that the client has not read yet. */
	bool wants; /* link.wakes becomes readable when more can be written */
	char *out;
	size_t out_start, out_end, out_room;
};

/* qmp.c. Reports to all clients, by events, what has changed since the last call. */
void qmp_report_changes(const struct qmp_machine *machine);
/* Sends an event to all clients. Owns the reference to `data`, which may be NULL. */
void qmp_broadcast(const struct qmp_machine *machine, const char *name, json_t *data);
/*
 * qmp_send sends a value to one client, and owns the reference to it. If the value is NULL there
 * was no memory, and the client is disconnected. qmp_send_event sends an event; `data` may be NULL.
 */
void qmp_send(struct qmp *qmp, json_t *value);
void qmp_send_event(struct qmp *qmp, const char *name, json_t *data);

/*
 * dispatch.c. qmp_dispatch executes a command, which is JSON text, and sends the answer. qmp_refuse
 * answers with an error of the class GenericError.
 */
void qmp_dispatch(struct qmp *qmp, const char *text);
void qmp_refuse(struct qmp *qmp, const char *desc);

#endif
