/* SPDX-License-Identifier: MIT */
/* What the gdb*.c files share. Nobody else includes this. */
#ifndef FRONTENDS_GDB_PARTS_H
#define FRONTENDS_GDB_PARTS_H

#include <stdio.h>

#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "frontends/gdb/gdb.h"
#include "frontends/gdb/link.h"
#include "frontends/gdb/packet.h"
#include "frontends/monitor/monitor.h"

/* Signals by GDB's numbers, which are not the host's. */
enum { GDB_SIGNAL_0 = 0, GDB_SIGINT = 2, GDB_SIGTRAP = 5, GDB_SIGABRT = 6 };

/* A thread is a hart: its number is the hart's plus one. */
struct gdb_thread {
	bool runs;
	/* What stopped it: a signal and, with `hit`, a point. */
	u8 signal;
	bool hit;
	struct board_stop stop;
	bool told; /* non-stop mode: the client knows that it stopped */
};

/* The ELF of what runs, which a client may read (gdb/file.c). */
struct gdb_file {
	int fd; /* -1: there is none */
	u64 size;
	const char *name; /* borrowed, without folders */
	u32 opened; /* a bit for each descriptor that the client has */
};

struct gdb {
	struct board *board;
	struct gdb_file file;
	struct gdb_link link;
	struct gdb_packet in;
	struct monitor monitor;
	unsigned harts;
	struct gdb_thread threads[BOARD_HARTS_MAX];
	unsigned general; /* hart that registers and memory are asked of: Hg */
	int resumed; /* of the old commands: Hc; -1: all */
	struct board_space space;
	bool no_ack, ack_next; /* QStartNoAckMode: after the next acknowledgement */
	bool non_stop, notified; /* a %Stop waits to be taken note of with vStopped */
	bool owed; /* stops that the answer to `?` has left out */
	bool swbreak, hwbreak; /* what the client knows of */
	bool extended, detached, quit, reset, controls;
	char *target; /* target.xml; NULL: not asked for yet */
	size_t target_size;
};

/* A command's text without its name, and what is answered to it. */
struct gdb_call {
	const char *text;
	const u8 *data; /* the same bytes */
	size_t size;
	FILE *out; /* the answer's text; binary is fine */
	bool silent; /* the answer comes later, or there is none */
};

typedef void (*gdb_handler)(struct gdb *gdb, struct gdb_call *call);

/* Rows: what the packet begins with, which of them is first; the longest come first. */
struct gdb_command {
	const char *name;
	gdb_handler handle;
};

/* gdb.c */
void gdb_let_go(struct gdb *gdb);
/* Behind what was sent: a client that went as it was spoken to is let go of. */
void gdb_settle(struct gdb *gdb);

/* gdb/commands.c: find the row and answer. */
void gdb_command(struct gdb *gdb, const struct gdb_packet *packet);
void gdb_send_text(struct gdb *gdb, const char *text);

/* What answers: an error by errno's number, or OK. */
void gdb_error(struct gdb_call *call, int number);
void gdb_answer(struct gdb_call *call, bool good, int number);

/* Texts of numbers in hexadecimal, which move `*text` behind them; false where there is none. */
bool gdb_hex(const char **text, u64 *value);
bool gdb_hexes(const char **text, char between, u64 *a, u64 *b);
bool gdb_skip(const char **text, char c);
void gdb_put_hex(FILE *out, const void *data, size_t size);
bool gdb_get_hex(const char *text, u8 *data, size_t size);

/* A thread's number: a hart, GDB_ALL, GDB_ANY; false for none that there is. */
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
/* OFFSET,SIZE of a document that has `size` bytes. */
void gdb_send_part(struct gdb_call *call, const char *range, const char *text, size_t size);

/* Have the first of the rows that the text begins with answer what is behind that. */
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
