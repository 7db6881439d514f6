/* SPDX-License-Identifier: MIT */
/*
 * A client's debugging, for the files of frontends/gdb, and no others: gdb.c opens and closes it
 * and receives packets, which commands.c answers by the table of command.h.
 */
#ifndef FRONTENDS_GDB_SESSION_H
#define FRONTENDS_GDB_SESSION_H

#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "frontends/gdb/gdb.h"
#include "frontends/gdb/link.h"
#include "frontends/gdb/packet.h"
#include "frontends/monitor/monitor.h"

/* Signals by GDB's numbers, which are not the host's. */
enum { GDB_SIGNAL_0 = 0, GDB_SIGINT = 2, GDB_SIGTRAP = 5, GDB_SIGABRT = 6 };

/* The numbers that clients name in place of one hart's. */
enum { GDB_ALL = -1, GDB_ANY = -2 };

/* A thread is a hart; its number is the hart's plus one. */
struct gdb_thread {
	bool runs;
	/* Why it stopped: a signal and, with `hit`, a breakpoint or watchpoint. */
	u8 signal;
	bool hit;
	struct board_stop stop;
	bool told; /* non-stop mode: the client knows that it stopped */
};

/* The ELF file of the guest's program, which a client may read (file.c). */
struct gdb_file {
	int fd; /* -1: there is none */
	u64 size;
	const char *name; /* borrowed, without folders */
	u32 opened; /* a bit for each descriptor that the client has open */
};

struct gdb {
	struct board *board;
	struct gdb_file file;
	struct gdb_link link;
	u8 read[4096]; /* bytes of the client, of which `taken` have been handled */
	size_t read_size, taken;
	struct gdb_packet in;
	struct monitor monitor;
	unsigned harts;
	struct gdb_thread threads[BOARD_HARTS_MAX];
	unsigned general; /* the hart whose registers and memory are accessed: Hg */
	int resumed; /* the hart for the old commands: Hc; or GDB_ALL */
	bool no_ack, ack_next; /* QStartNoAckMode takes effect after the next acknowledgement */
	bool non_stop, notified; /* notified: a %Stop has not been acknowledged with vStopped yet */
	bool owed; /* there are stops that the answer to `?` has left out */
	bool swbreak, hwbreak; /* the client supports these stop reasons */
	bool extended, detached, quit, reset, controls;
	bool away; /* it has detached in extended mode: it stays connected, and hears of no stop */
	char *target; /* target.xml; NULL: not made yet */
	size_t target_size;
};

/* gdb.c */
void gdb_let_go(struct gdb *gdb);
void gdb_stand_back(struct gdb *gdb); /* the machine runs on, and the client stays */
void gdb_halt_threads(struct gdb *gdb); /* all stand still, as when the client has connected */
/* Called after something was sent: if the client went meanwhile, its debugging is ended. */
void gdb_settle(struct gdb *gdb);

/* commands.c: finds the row of a packet and answers it; sends a text. */
void gdb_command(struct gdb *gdb, const struct gdb_packet *packet);
void gdb_send_text(struct gdb *gdb, const char *text);

/* target.c: makes gdb->target, if it is not there; false: the host has no memory. */
bool gdb_make_target(struct gdb *gdb);

/* file.c: finds the ELF file of the guest's program. */
void gdb_file_find(struct gdb *gdb);

/* stop.c: what stops harts, and how the client hears of it. */
void gdb_tell_owed(struct gdb *gdb);
void gdb_stop_all(struct gdb *gdb, u8 signal);
void gdb_stop_thread(struct gdb *gdb, unsigned hart, u8 signal);
void gdb_report(struct gdb *gdb, unsigned hart);

#endif
