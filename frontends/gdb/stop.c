/* SPDX-License-Identifier: MIT */
/*
 * Reports stopped harts to the client: in all-stop mode by one reply, after all other harts have
 * stopped, too; in non-stop mode by a notification, while the others continue.
 */
#include "frontends/gdb/command.h"

#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

/* These registers (ra, sp, fp, pc) are sent with each stop, because a client needs them every
 * time. */
static const u8 expedited[] = { 1, 2, 8, BOARD_REG_PC };

static void put_point(const struct gdb *gdb, const struct board_stop *stop, FILE *out)
{
	static const char *const words[] = {
		[POINT_SOFTWARE] = "swbreak", [POINT_HARDWARE] = "hwbreak",
		[POINT_WRITE] = "watch", [POINT_READ] = "rwatch", [POINT_ACCESS] = "awatch",
	};
	bool known = stop->kind == POINT_SOFTWARE ? gdb->swbreak :
		     stop->kind == POINT_HARDWARE ? gdb->hwbreak :
						    true;

	if (!known)
		return;
	fprintf(out, "%s:", words[stop->kind]);
	if (stop->kind >= POINT_WRITE)
		fprintf(out, "%llx", stop->addr);
	fputc(';', out);
}

static void put_stop(struct gdb *gdb, unsigned hart, FILE *out)
{
	const struct gdb_thread *thread = &gdb->threads[hart];

	fprintf(out, "T%02xthread:%x;", thread->signal, hart + 1);
	if (thread->hit)
		put_point(gdb, &thread->stop, out);
	for (unsigned n = 0; n < ARRAY_SIZE(expedited); n++) {
		fprintf(out, "%02x:", expedited[n]);
		gdb_put_reg(gdb, out, hart, expedited[n]);
		fputc(';', out);
	}
}

/* Sends the stop as a packet: $... in all-stop mode, %Stop:... in non-stop mode. */
static void send_stop(struct gdb *gdb, unsigned hart)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	if (gdb->non_stop)
		fputs("Stop:", out);
	put_stop(gdb, hart, out);
	if (!output_end_text(out, &text))
		gdb_link_send(&gdb->link, gdb->non_stop ? '%' : '$', text, size);
	free(text);
}

/* Reports a stop. In non-stop mode, there is only one notification at a time; the client asks for
 * further stops by vStopped. */
void gdb_report(struct gdb *gdb, unsigned hart)
{
	if (gdb_halted(gdb))
		board_hold(gdb->board, true);
	if (gdb->non_stop && gdb->notified)
		return;
	gdb->notified = gdb->non_stop;
	gdb->threads[hart].reported = true;
	if (!gdb->non_stop)
		gdb->general = gdb->monitor.hart = hart;
	send_stop(gdb, hart);
}

void gdb_stop_thread(struct gdb *gdb, unsigned hart, u8 signal)
{
	gdb->threads[hart] = (struct gdb_thread){ .signal = signal };
	board_go(gdb->board, hart, GO_HOLD, 0, 0);
	gdb_report(gdb, hart);
}

/* Stops all harts, and reports it with this signal. In all-stop mode the stop of the chosen hart is
 * reported. */
void gdb_stop_all(struct gdb *gdb, u8 signal)
{
	bool ran = false;

	if (!gdb_connected(gdb) || gdb->away)
		return;
	for (unsigned n = 0; n < gdb->harts; n++) {
		if (!gdb->threads[n].runs)
			continue;
		ran = true;
		if (gdb->non_stop)
			gdb_stop_thread(gdb, n, signal);
		else
			gdb->threads[n] = (struct gdb_thread){ .signal = GDB_SIGNAL_0 };
	}
	if (!ran || gdb->non_stop)
		return;
	gdb->threads[gdb->general].signal = signal;
	gdb_report(gdb, gdb->general);
}

static void take_stop(struct gdb *gdb, unsigned hart, const struct board_stop *stop)
{
	gdb->threads[hart] = (struct gdb_thread){
		.signal = GDB_SIGTRAP, .hit = !stop->stepped, .stop = *stop,
	};
}

void gdb_stopped(struct gdb *gdb)
{
	int first = -1;

	for (unsigned n = 0; n < gdb->harts; n++) {
		struct board_stop stop;

		if (board_stopped(gdb->board, n, &stop)) {
			take_stop(gdb, n, &stop);
			first = first < 0 ? (int)n : first;
			if (gdb->non_stop) {
				board_go(gdb->board, n, GO_HOLD, 0, 0);
				gdb_report(gdb, n);
			}
		} else if (!gdb->non_stop && gdb->threads[n].runs) {
			gdb->threads[n] = (struct gdb_thread){ .signal = GDB_SIGNAL_0 };
		}
	}
	if (first >= 0 && !gdb->non_stop)
		gdb_report(gdb, (unsigned)first);
	gdb_check_client(gdb);
}

void gdb_renewed(struct gdb *gdb)
{
	for (unsigned n = 0; n < gdb->harts; n++) {
		struct gdb_thread *thread = &gdb->threads[n];

		if (!thread->runs)
			*thread = (struct gdb_thread){ .signal = GDB_SIGTRAP,
						       .reported = thread->reported };
	}
}

void gdb_halt(struct gdb *gdb)
{
	gdb_stop_all(gdb, GDB_SIGINT);
	gdb_check_client(gdb);
}

bool gdb_dead(struct gdb *gdb)
{
	gdb_stop_all(gdb, GDB_SIGABRT);
	gdb_check_client(gdb);
	return gdb_connected(gdb) && !gdb->away;
}

/* Puts a stop that the client does not know yet into the answer; returns whether there is one. */
static bool put_next(struct gdb *gdb, struct gdb_call *call)
{
	for (unsigned n = 0; n < gdb->harts; n++) {
		struct gdb_thread *thread = &gdb->threads[n];

		if (thread->runs || thread->reported)
			continue;
		thread->reported = true;
		put_stop(gdb, n, call->out);
		return true;
	}
	return false;
}

/*
 * Handles `?`. In non-stop mode the answer begins a list of all stopped harts, and vStopped asks
 * for the others. GDB 13 fails an assertion of its own if there are others when it connects;
 * therefore they are reported at its next packet.
 */
void gdb_why(struct gdb *gdb, struct gdb_call *call)
{
	if (!gdb->non_stop) {
		put_stop(gdb, gdb->general, call->out);
		return;
	}
	for (unsigned n = 0; n < gdb->harts; n++)
		gdb->threads[n].reported = false;
	gdb->owed = gdb->notified = put_next(gdb, call);
	if (!gdb->notified)
		gdb_answer(call, true, 0);
}

void gdb_next_stop(struct gdb *gdb, struct gdb_call *call)
{
	gdb->notified = !gdb->owed && put_next(gdb, call);
	if (!gdb->notified)
		gdb_answer(call, true, 0);
}

/* Reports the other harts that stopped when the client connected. No signal has stopped them. */
void gdb_report_owed(struct gdb *gdb)
{
	if (!gdb->owed || gdb->notified)
		return;
	gdb->owed = false;
	for (unsigned n = 0; n < gdb->harts; n++) {
		struct gdb_thread *thread = &gdb->threads[n];

		if (thread->runs || thread->reported)
			continue;
		thread->signal = thread->hit ? thread->signal : GDB_SIGNAL_0;
		gdb_report(gdb, n);
	}
}

void gdb_interrupt(struct gdb *gdb, struct gdb_call *call)
{
	call->silent = true;
	gdb_send_text(gdb, "OK");
	gdb_stop_all(gdb, GDB_SIGINT);
}
