/* SPDX-License-Identifier: MIT */
/* Serves a debugger's client, from its connection to its end. See gdb.h. */
#include "frontends/gdb/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"

#define READS_MAX 64 /* at once, so that a client that sends without end does not delay others */

void gdb_halt_threads(struct gdb *gdb)
{
	gdb->controls = true;
	gdb->away = gdb->detached = gdb->notified = false;
	for (unsigned n = 0; n < gdb->harts; n++)
		gdb->threads[n] = (struct gdb_thread){ .signal = GDB_SIGTRAP };
}

/* Begins to serve a client that has connected: stops the machine; the client will ask for the
 * reason. */
static void greet(struct gdb *gdb)
{
	gdb->in = (struct gdb_packet){ 0 };
	gdb->read_size = gdb->taken = 0;
	gdb->general = gdb->monitor.hart = 0;
	gdb->resumed = GDB_ALL;
	gdb->monitor.space = (struct board_space){ SPACE_CURRENT, 0 };
	gdb->no_ack = gdb->ack_next = gdb->non_stop = gdb->notified = false;
	gdb->owed = false;
	gdb->swbreak = gdb->hwbreak = gdb->extended = false;
	gdb->file.opened = 0;
	gdb_halt_threads(gdb);
	if (board_debug(gdb->board, true)) {
		gdb_send_text(gdb, "E.this machine cannot be debugged: it is compared, "
				   "or the host has no memory");
		gdb_link_drop(&gdb->link);
	}
}

int gdb_open(struct gdb **made, struct board *board, const struct monitor *monitor,
	     const struct link_place *place, struct board_error *error)
{
	struct gdb *gdb = calloc(1, sizeof(*gdb));
	int failed;

	if (!gdb)
		return board_error_memory(error);
	gdb->board = board;
	gdb->harts = monitor->harts;
	gdb->monitor = *monitor;
	gdb->monitor.terminal = NULL;
	gdb->monitor.debugger = NULL; /* else it could close its own connection */
	failed = link_open(&gdb->link.link, place, monitor->links, error);
	if (failed) {
		free(gdb);
		return failed;
	}
	gdb_file_find(gdb);
	if (link_connected(&gdb->link.link))
		greet(gdb);
	*made = gdb;
	return 0;
}

void gdb_close(struct gdb *gdb, int code)
{
	char text[8];

	if (!gdb)
		return;
	snprintf(text, sizeof(text), code > EXIT_SIGNAL ? "X%02x" : "W%02x", code & 255);
	if (code != GDB_RUNS_ON && gdb_connected(gdb) && !gdb->away && !gdb->non_stop &&
	    !gdb->quit && !gdb_halted(gdb))
		gdb_send_text(gdb, text);
	gdb_link_close(&gdb->link);
	board_debug(gdb->board, false);
	if (gdb->file.fd >= 0)
		close(gdb->file.fd);
	free(gdb->target);
	free(gdb);
}

int gdb_descriptor(const struct gdb *gdb)
{
	return gdb->link.link.wakes;
}

bool gdb_connected(const struct gdb *gdb)
{
	return link_connected(&gdb->link.link);
}

bool gdb_halted(const struct gdb *gdb)
{
	for (unsigned n = 0; n < gdb->harts; n++)
		if (gdb->threads[n].runs)
			return false;
	return gdb_connected(gdb);
}

bool gdb_take_reset(struct gdb *gdb)
{
	bool reset = gdb->reset;

	gdb->reset = false;
	return reset;
}

bool gdb_take_control(struct gdb *gdb)
{
	bool controls = gdb->controls;

	gdb->controls = false;
	return controls;
}

bool gdb_quit(const struct gdb *gdb)
{
	return gdb->quit;
}

/* Ends the connection to the client, and removes its breakpoints and settings. */
void gdb_disconnect(struct gdb *gdb)
{
	gdb_link_drop(&gdb->link);
	gdb_check_client(gdb);
}

void gdb_resume_machine(struct gdb *gdb)
{
	board_debug(gdb->board, false); /* its breakpoints and watchpoints are removed */
	if (board_debug(gdb->board, true))
		gdb_link_drop(&gdb->link);
	gdb->away = true;
	for (unsigned n = 0; n < gdb->harts; n++)
		gdb->threads[n] = (struct gdb_thread){ .runs = true };
}

void gdb_check_client(struct gdb *gdb)
{
	if (!gdb_connected(gdb))
		board_debug(gdb->board, false);
}

static void take_event(struct gdb *gdb, enum gdb_event event)
{
	switch (event) {
	case GDB_PACKET:
		if (!gdb->no_ack)
			link_write(&gdb->link.link, "+", 1);
		gdb_command(gdb, &gdb->in);
		break;
	case GDB_BAD_PACKET:
		if (!gdb->no_ack)
			link_write(&gdb->link.link, "-", 1);
		break;
	case GDB_ACK:
		gdb->no_ack = gdb->no_ack || gdb->ack_next;
		break;
	case GDB_NACK:
		if (!gdb->no_ack)
			gdb_link_again(&gdb->link);
		break;
	case GDB_BREAK:
		gdb_stop_all(gdb, GDB_SIGINT);
		break;
	case GDB_NOTHING:
		break;
	}
}

/* Returns whether the client's next packets are handled now. If the client has requested a reset,
 * that is done first. */
static bool gdb_listens(const struct gdb *gdb)
{
	return gdb_connected(gdb) && !gdb->reset;
}

static void take_read(struct gdb *gdb)
{
	while (gdb->taken < gdb->read_size && gdb_listens(gdb))
		take_event(gdb, gdb_packet_take(&gdb->in, gdb->read[gdb->taken++]));
}

/* Reads and handles what the client has sent. This precedes the search for another client, because
 * the present one may have gone. */
static void take_bytes(struct gdb *gdb)
{
	long got = 1;

	take_read(gdb);
	for (unsigned reads = 0; reads < READS_MAX && got > 0 && gdb_listens(gdb); reads++) {
		got = link_read(&gdb->link.link, gdb->read, sizeof(gdb->read));
		gdb->read_size = got > 0 ? (size_t)got : 0;
		gdb->taken = 0;
		take_read(gdb);
	}
	if (got < 0)
		gdb_link_drop(&gdb->link);
}

void gdb_poll(struct gdb *gdb)
{
	if (gdb_connected(gdb))
		take_bytes(gdb);
	gdb_check_client(gdb);
	/* No other client can connect to standard input, because the program that started this
	 * machine has gone. */
	if (gdb->link.link.place->kind == LINK_STDIO && !gdb_connected(gdb) && !gdb->detached)
		gdb->quit = true;
	if (gdb_link_accept(&gdb->link))
		greet(gdb);
}
