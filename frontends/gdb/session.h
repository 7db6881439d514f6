/* SPDX-License-Identifier: MIT */
/*
 * A debugging session. Only files of frontends/gdb include this: gdb.c opens and closes the session
 * and receives packets; commands.c finds the function that answers a packet in a table of
 * command.h.
 */
#ifndef FRONTENDS_GDB_SESSION_H
#define FRONTENDS_GDB_SESSION_H

#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "frontends/gdb/gdb.h"
#include "frontends/gdb/link.h"
#include "frontends/gdb/packet.h"
#include "frontends/monitor/monitor.h"

/* GDB's numbers of signals, which differ from the host's. */
enum { GDB_SIGNAL_0 = 0, GDB_SIGINT = 2, GDB_SIGTRAP = 5, GDB_SIGABRT = 6 };

/* The numbers that clients give in place of a hart's: all harts, or any one. */
enum { GDB_ALL = -1, GDB_ANY = -2 };

/* A hart as a thread of the protocol. The thread's number is the hart's plus one. */
struct gdb_thread {
	bool runs;
	/* The reason for its stop: a signal, and if `hit` is set a breakpoint or watchpoint. */
	u8 signal;
	bool hit;
	struct board_stop stop;
	bool reported; /* for non-stop mode: the client knows about the stop */
};

/* The ELF file of the guest's program, which a client may read (file.c). */
struct gdb_file {
	int fd; /* -1: there is none */
	u64 size;
	const char *name; /* the name without folders, borrowed */
	u32 opened; /* one bit for each descriptor that the client has open */
};

struct gdb {
	struct board *board;
	struct gdb_file file;
	struct gdb_link link;
	u8 read[4096]; /* bytes from the client, of which the first `taken` have been handled */
	size_t read_size, taken;
	struct gdb_packet in;
	struct monitor monitor;
	unsigned harts;
	struct gdb_thread threads[BOARD_HARTS_MAX];
	unsigned general; /* the hart whose registers and memory are accessed: Hg */
	int resumed; /* the hart that the older commands resume, or GDB_ALL: Hc */
	bool no_ack, ack_next; /* QStartNoAckMode takes effect after the next acknowledgement */
	bool non_stop, notified; /* notified: a %Stop has not been acknowledged with vStopped yet */
	bool owed; /* the answer to `?` has left out some stops */
	bool swbreak, hwbreak; /* the client supports these stop reasons */
	bool extended, detached, quit, reset, controls;
	/* It has detached in extended mode: it stays connected, and no stop is reported. */
	bool away;
	char *target; /* target.xml; NULL: not made yet */
	size_t target_size;
};

/* gdb.c: disconnects the client and removes its breakpoints. */
void gdb_disconnect(struct gdb *gdb);
void gdb_resume_machine(
	struct gdb *gdb); /* lets the machine run, while the client stays connected */
/* Marks all threads as stopped, as when a client has connected. */
void gdb_halt_threads(struct gdb *gdb);
/* Ends the session if the client has left meanwhile. Called after something was sent. */
void gdb_check_client(struct gdb *gdb);

/*
 * commands.c. gdb_command answers a packet by the row of a table; gdb_send_text sends a packet with
 * this text.
 */
void gdb_command(struct gdb *gdb, const struct gdb_packet *packet);
void gdb_send_text(struct gdb *gdb, const char *text);

/*
 * target.c: makes gdb->target, if that has not been done. Returns false if the host has no memory.
 */
bool gdb_make_target(struct gdb *gdb);

/* file.c: finds the ELF file of the guest's program. */
void gdb_file_find(struct gdb *gdb);

/*
 * stop.c. gdb_report_owed reports the stops that are owed; gdb_stop_all and gdb_stop_thread stop
 * harts and report that with a signal; gdb_report reports the stop of a hart.
 */
void gdb_report_owed(struct gdb *gdb);
void gdb_stop_all(struct gdb *gdb, u8 signal);
void gdb_stop_thread(struct gdb *gdb, unsigned hart, u8 signal);
void gdb_report(struct gdb *gdb, unsigned hart);

#endif
