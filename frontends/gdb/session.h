/* SPDX-License-Identifier: MIT */
/* Declares what the files of frontends/gdb share. No other file includes this. */
#ifndef FRONTENDS_GDB_SESSION_H
#define FRONTENDS_GDB_SESSION_H

#include <stdio.h>

#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "frontends/gdb/gdb.h"
#include "frontends/gdb/link.h"
#include "frontends/gdb/packet.h"
#include "frontends/monitor/monitor.h"

/* Signals by GDB's numbers, which are not the host's. */
enum { GDB_SIGNAL_0 = 0, GDB_SIGINT = 2, GDB_SIGTRAP = 5, GDB_SIGABRT = 6 };

/* A thread is a hart; its number is the hart's plus one. */
struct gdb_thread {
	bool runs;
	/* Why it stopped: a signal and, with `hit`, a breakpoint or watchpoint. */
	u8 signal;
	bool hit;
	struct board_stop stop;
	bool told; /* non-stop mode: the client knows that it stopped */
};

/* The ELF file of the guest's program, which a client may read (gdb/file.c). */
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
	struct gdb_packet in;
	struct monitor monitor;
	unsigned harts;
	struct gdb_thread threads[BOARD_HARTS_MAX];
	unsigned general; /* the hart whose registers and memory are accessed: Hg */
	int resumed; /* the hart for the old commands: Hc; -1: all */
	struct board_space space;
	bool no_ack, ack_next; /* QStartNoAckMode takes effect after the next acknowledgement */
	bool non_stop, notified; /* notified: a %Stop has not been acknowledged with vStopped yet */
	bool owed; /* there are stops that the answer to `?` has left out */
	bool swbreak, hwbreak; /* the client supports these stop reasons */
	bool extended, detached, quit, reset, controls;
	char *target; /* target.xml; NULL: not made yet */
	size_t target_size;
};

/* The text of a command behind its name, and the answer to it. */
struct gdb_call {
	const char *text;
	const u8 *data; /* the same bytes */
	size_t size;
	FILE *out; /* the answer's text, which may be binary */
	bool silent; /* the answer comes later, or there is none */
};

typedef void (*gdb_handler)(struct gdb *gdb, struct gdb_call *call);

/* A row: a packet that begins with the name is handled here. The first matching row counts, so
 * longer names come first. */
struct gdb_command {
	const char *name;
	gdb_handler handle;
};

/* gdb.c */
void gdb_let_go(struct gdb *gdb);
/* Called after something was sent: if the client went meanwhile, its debugging is ended. */
void gdb_settle(struct gdb *gdb);

/* gdb/commands.c: finds the row of a packet and answers it. */
void gdb_command(struct gdb *gdb, const struct gdb_packet *packet);
void gdb_send_text(struct gdb *gdb, const char *text);

/* Answers with an error by errno's number, or (gdb_answer, if `good`) with OK. */
void gdb_error(struct gdb_call *call, int number);
void gdb_answer(struct gdb_call *call, bool good, int number);

/* Parse hexadecimal numbers and move `*text` behind them; false if there is none. */
bool gdb_hex(const char **text, u64 *value);
bool gdb_hexes(const char **text, char between, u64 *a, u64 *b);
bool gdb_skip(const char **text, char c);
void gdb_put_hex(FILE *out, const void *data, size_t size);
bool gdb_get_hex(const char *text, u8 *data, size_t size);

/* Parses a thread's number: a hart, GDB_ALL or GDB_ANY; false if there is no such thread. */
enum { GDB_ALL = -1, GDB_ANY = -2 };
bool gdb_thread_number(const struct gdb *gdb, const char **text, int *hart);

/* gdb/registers.c, gdb/memory.c, gdb/points.c, gdb/target.c, gdb/query.c, gdb/monitor.c */
void gdb_get_all(struct gdb *gdb, struct gdb_call *call);
void gdb_set_all(struct gdb *gdb, struct gdb_call *call);
void gdb_get_one(struct gdb *gdb, struct gdb_call *call);
void gdb_set_one(struct gdb *gdb, struct gdb_call *call);
void gdb_put_reg(struct gdb *gdb, FILE *out, unsigned hart, unsigned number);
void gdb_read(struct gdb *gdb, struct gdb_call *call);
void gdb_read_binary(struct gdb *gdb, struct gdb_call *call);
void gdb_write(struct gdb *gdb, struct gdb_call *call);
void gdb_write_binary(struct gdb *gdb, struct gdb_call *call);
void gdb_insert(struct gdb *gdb, struct gdb_call *call);
void gdb_remove(struct gdb *gdb, struct gdb_call *call);
bool gdb_make_target(struct gdb *gdb);
void gdb_monitor(struct gdb *gdb, struct gdb_call *call);
void gdb_query(struct gdb *gdb, struct gdb_call *call);
void gdb_set(struct gdb *gdb, struct gdb_call *call);
/* Answers OFFSET,SIZE with that part of a document of `size` bytes. */
void gdb_send_part(struct gdb_call *call, const char *range, const char *text, size_t size);

/* Lets the first row with whose name the text begins answer the rest of the text. */
void gdb_find(struct gdb *gdb, struct gdb_call *call, const struct gdb_command *rows,
	      unsigned count);

/* gdb/file.c */
void gdb_file_find(struct gdb *gdb);
void gdb_exec_file(struct gdb *gdb, struct gdb_call *call);
void gdb_vfile(struct gdb *gdb, struct gdb_call *call);

/* gdb/resume.c: what lets harts run. */
void gdb_vcont(struct gdb *gdb, struct gdb_call *call);
void gdb_vcont_what(struct gdb *gdb, struct gdb_call *call);
void gdb_continue(struct gdb *gdb, struct gdb_call *call);
void gdb_continue_signal(struct gdb *gdb, struct gdb_call *call);
void gdb_step(struct gdb *gdb, struct gdb_call *call);
void gdb_step_signal(struct gdb *gdb, struct gdb_call *call);

/* gdb/stop.c: what stops them, and how the client hears of it. */
void gdb_why(struct gdb *gdb, struct gdb_call *call);
void gdb_next_stop(struct gdb *gdb, struct gdb_call *call);
void gdb_tell_owed(struct gdb *gdb);
void gdb_interrupt(struct gdb *gdb, struct gdb_call *call);
void gdb_stop_all(struct gdb *gdb, u8 signal);
void gdb_stop_thread(struct gdb *gdb, unsigned hart, u8 signal);
void gdb_report(struct gdb *gdb, unsigned hart);

#endif
