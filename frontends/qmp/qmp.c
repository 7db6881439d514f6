/* SPDX-License-Identifier: MIT */
/* Serves a QMP client, from its connection to its end: its input and output, and events. See
 * qmp.h. */
#include "frontends/qmp/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "devices/board/board.h"
#include "frontends/monitor/plug.h"
#include "frontends/qmp/command.h"
#include "frontends/qmp/jobs.h"

#define OUT_MAX (16 * MiB) /* a client that leaves more than this unread is disconnected */
#define READS_MAX 16 /* a client is read from at most this often before the machine runs again */
#define LINE_END "\r\n"

/* Makes room for `size` more bytes; returns false if there is none. */
static bool out_room(struct qmp *qmp, size_t size)
{
	size_t room = MAX(qmp->out_room, (size_t)4096);
	char *out;

	if (qmp->out_start == qmp->out_end)
		qmp->out_start = qmp->out_end = 0;
	while (room < qmp->out_end + size)
		room *= 2;
	if (room == qmp->out_room)
		return true;
	out = room <= OUT_MAX ? realloc(qmp->out, room) : NULL;
	if (!out)
		return false;
	qmp->out = out;
	qmp->out_room = room;
	return true;
}

static void flush_out(struct qmp *qmp)
{
	while (link_connected(&qmp->link) && qmp->out_start < qmp->out_end) {
		long put = link_put(&qmp->link, qmp->out + qmp->out_start,
				    qmp->out_end - qmp->out_start);

		if (put < 0)
			link_drop(&qmp->link);
		if (put <= 0)
			break;
		qmp->out_start += (size_t)put;
	}
}

void qmp_send(struct qmp *qmp, json_t *value)
{
	size_t indent = qmp->link.place->pretty ? JSON_INDENT(4) : 0;
	char *text = json_dumps(value, JSON_ENSURE_ASCII | JSON_ENCODE_ANY | indent);
	size_t size = text ? strlen(text) : 0;

	json_decref(value);
	if (!text || !out_room(qmp, size + strlen(LINE_END))) {
		link_drop(&qmp->link);
	} else {
		memcpy(qmp->out + qmp->out_end, text, size);
		memcpy(qmp->out + qmp->out_end + size, LINE_END, strlen(LINE_END));
		qmp->out_end += size + strlen(LINE_END);
	}
	free(text);
}

void qmp_send_event(struct qmp *qmp, const char *name, json_t *data)
{
	struct timespec now;
	json_t *event;

	clock_gettime(CLOCK_REALTIME, &now);
	event = json_pack("{s:{s:I, s:I}, s:s}", "timestamp", "seconds", (json_int_t)now.tv_sec,
			  "microseconds", (json_int_t)(now.tv_nsec / 1000), "event", name);
	if (data)
		json_object_set_new(event, "data", data);
	qmp_send(qmp, event);
}

static bool qmp_listens(const struct qmp *qmp)
{
	return qmp->negotiated && link_connected(&qmp->link);
}

void qmp_broadcast(const struct qmp_machine *machine, const char *name, json_t *data)
{
	for (struct qmp *qmp = machine->shared->clients; qmp; qmp = qmp->next)
		if (qmp_listens(qmp))
			qmp_send_event(qmp, name, json_incref(data));
	json_decref(data);
}

/* Reports removed devices about which the client has not been notified yet. */
static void tell_gone(struct qmp *qmp)
{
	const struct plug_log *gone = qmp->machine->gone;

	for (; qmp->gone_reported != gone->count; qmp->gone_reported++) {
		const char *id = gone->ids[qmp->gone_reported % PLUG_GONE_MAX];
		char path[PLUG_ID_MAX + 32];

		snprintf(path, sizeof(path), "/machine/peripheral/%s", id);
		if (qmp_listens(qmp) && *id)
			qmp_send_event(qmp, "DEVICE_DELETED",
				       json_pack("{s:s, s:s}", "device", id, "path", path));
	}
}

static void tell_shutdown(struct qmp *qmp, const struct qmp_end *end)
{
	qmp_send_event(qmp, "SHUTDOWN",
		       json_pack("{s:b, s:s}", "guest", end->by_guest, "reason", end->reason));
}

static void report_changes(struct qmp *qmp)
{
	const struct qmp_machine *machine = qmp->machine;
	struct qmp_state now, before = qmp->reported;

	machine->state(machine->ctx, &now);
	qmp->reported = now;
	tell_gone(qmp);
	if (!qmp_listens(qmp))
		return;
	for (unsigned n = before.pauses; before.running && n != now.pauses; n++) {
		qmp_send_event(qmp, "STOP", NULL);
		qmp_send_event(qmp, "RESUME", NULL);
	}
	if (before.power_keys != now.power_keys)
		qmp_send_event(qmp, "POWERDOWN", NULL);
	if (before.panics != now.panics)
		qmp_send_event(qmp, "GUEST_PANICKED",
			       json_pack("{s:s}", "action", now.panic_action));
	if (before.shutdowns != now.shutdowns || before.ended != now.ended)
		tell_shutdown(qmp, &now.shutdown);
	if (before.running && !now.running && !now.ended)
		qmp_send_event(qmp, "STOP", NULL);
	for (unsigned n = before.resets; n != now.resets; n++)
		qmp_send_event(qmp, "RESET",
			       json_pack("{s:b, s:s}", "guest", now.reset_by_guest, "reason",
					 now.reset_by_guest ? "guest-reset" :
							      "host-qmp-system-reset"));
	if (!before.running && now.running)
		qmp_send_event(qmp, "RESUME", NULL);
}

void qmp_report_changes(const struct qmp_machine *machine)
{
	for (struct qmp *qmp = machine->shared->clients; qmp; qmp = qmp->next)
		report_changes(qmp);
}

/* Begins to serve a client that has connected: sends the greeting, before the client sends
 * anything. */
static void qmp_greet(struct qmp *qmp)
{
	qmp_stream_reset(&qmp->in);
	qmp->bytes_at = qmp->bytes_size = 0;
	qmp->out_start = qmp->out_end = 0;
	qmp->negotiated = qmp->wants = false;
	report_changes(qmp);
	qmp_send(qmp,
		 json_pack("{s:{s:o, s:[]}}", "QMP", "version", qmp_version(qmp), "capabilities"));
}

int qmp_open(struct qmp **made, const struct qmp_machine *machine, const struct link_place *place,
	     struct board_error *error)
{
	struct qmp *qmp = calloc(1, sizeof(*qmp));
	int failed;

	if (!qmp)
		return board_error_memory(error);
	qmp->machine = machine;
	failed = link_open(&qmp->link, place, machine->monitor->links, error);
	if (failed) {
		free(qmp);
		return failed;
	}
	qmp->next = machine->shared->clients;
	machine->shared->clients = qmp;
	if (link_connected(&qmp->link))
		qmp_greet(qmp);
	*made = qmp;
	return 0;
}

static void qmp_leave(struct qmp *qmp)
{
	struct qmp_shared *shared = qmp->machine->shared;
	struct qmp **at = &shared->clients;

	while (*at != qmp)
		at = &(*at)->next;
	*at = qmp->next;
	if (!shared->clients)
		qmp_jobs_free(shared);
}

void qmp_close(struct qmp *qmp, const struct qmp_end *end)
{
	if (!qmp)
		return;
	report_changes(qmp);
	if (qmp_listens(qmp)) {
		if (!qmp->reported.ended)
			tell_shutdown(qmp, end);
		qmp_jobs_report_end(qmp);
	}
	flush_out(qmp);
	/* All input is read first, because closing a socket with unread bytes discards the bytes
	 * that were sent. */
	for (unsigned n = 0; n < READS_MAX; n++)
		if (link_read(&qmp->link, qmp->bytes, sizeof(qmp->bytes)) <= 0)
			break;
	qmp_leave(qmp);
	link_close(&qmp->link);
	qmp_stream_free(&qmp->in);
	free(qmp->out);
	free(qmp);
}

int qmp_descriptor(const struct qmp *qmp)
{
	return qmp->link.wakes;
}

static void take_byte(struct qmp *qmp, u8 byte)
{
	char text[64];

	switch (qmp_stream_take(&qmp->in, byte)) {
	case QMP_NOTHING:
		break;
	case QMP_VALUE:
		qmp_dispatch(qmp, qmp->in.text);
		break;
	case QMP_STRAY:
		snprintf(text, sizeof(text), "JSON parse error, stray byte 0x%02x", qmp->in.stray);
		qmp_refuse(qmp, text);
		break;
	case QMP_TOO_DEEP:
		qmp_refuse(qmp, "JSON nesting depth limit exceeded");
		break;
	case QMP_TOO_LONG:
		qmp_refuse(qmp, "JSON token size limit exceeded");
		break;
	}
}

static bool waits_for_client(const struct qmp *qmp)
{
	return qmp->out_start < qmp->out_end;
}

static bool qmp_serves(const struct qmp *qmp)
{
	return link_connected(&qmp->link) && !waits_for_client(qmp) && !qmp->machine->monitor->quit;
}

/* Handles the bytes that were read, as long as the client reads the answers and does not quit. */
static void take_bytes(struct qmp *qmp)
{
	while (qmp_serves(qmp) && qmp->bytes_at < qmp->bytes_size) {
		take_byte(qmp, qmp->bytes[qmp->bytes_at++]);
		flush_out(qmp);
	}
}

static void qmp_serve(struct qmp *qmp)
{
	report_changes(qmp);
	flush_out(qmp);
	take_bytes(qmp);
	for (unsigned n = 0; n < READS_MAX && qmp_serves(qmp); n++) {
		long got = link_read(&qmp->link, qmp->bytes, sizeof(qmp->bytes));

		if (got < 0)
			link_drop(&qmp->link);
		if (got <= 0)
			break;
		qmp->bytes_at = 0;
		qmp->bytes_size = (size_t)got;
		take_bytes(qmp);
	}
}

void qmp_settle(struct qmp *qmp)
{
	if (!link_connected(&qmp->link))
		return;
	report_changes(qmp);
	flush_out(qmp);
	if (qmp->wants == waits_for_client(qmp))
		return;
	qmp->wants = !qmp->wants;
	link_want(&qmp->link, qmp->wants);
}

void qmp_poll(struct qmp *qmp)
{
	if (link_connected(&qmp->link))
		qmp_serve(qmp);
	if (!link_accept(&qmp->link, NULL))
		return;
	qmp_greet(qmp);
	qmp_serve(qmp);
}
