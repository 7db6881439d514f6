/* SPDX-License-Identifier: MIT */
/* The packets of the remote protocol as commands, and the functions that answer them. */
#ifndef FRONTENDS_GDB_COMMAND_H
#define FRONTENDS_GDB_COMMAND_H

#include <stdio.h>

#include "frontends/gdb/session.h"

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

/* commands.c: answer with an error by errno's number, or (gdb_answer, if `good`) with OK. */
void gdb_error(struct gdb_call *call, int number);
void gdb_answer(struct gdb_call *call, bool good, int number);

/* Parse hexadecimal numbers and move `*text` behind them; false if there is none. */
bool gdb_hex(const char **text, u64 *value);
bool gdb_hexes(const char **text, char between, u64 *a, u64 *b);
bool gdb_skip(const char **text, char c);
void gdb_put_hex(FILE *out, const void *data, size_t size);
bool gdb_get_hex(const char *text, u8 *data, size_t size);

/* Parses a thread's number: a hart, GDB_ALL or GDB_ANY; false if there is no such thread. */
bool gdb_thread_number(const struct gdb *gdb, const char **text, int *hart);

/* registers.c, memory.c, points.c, monitor.c, query.c */
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
void gdb_monitor(struct gdb *gdb, struct gdb_call *call);
void gdb_query(struct gdb *gdb, struct gdb_call *call);
void gdb_set(struct gdb *gdb, struct gdb_call *call);
/* Answers OFFSET,SIZE with that part of a document of `size` bytes. */
void gdb_send_part(struct gdb_call *call, const char *range, const char *text, size_t size);

/*
 * Lets the first row with whose name the text begins answer the rest of the text. The name ends
 * with a separator (`:`, `,` or `;`), or what follows it begins with one, or nothing follows it.
 */
void gdb_find(struct gdb *gdb, struct gdb_call *call, const struct gdb_command *rows,
	      unsigned count);

/* file.c */
void gdb_exec_file(struct gdb *gdb, struct gdb_call *call);
void gdb_vfile(struct gdb *gdb, struct gdb_call *call);

/* resume.c: what lets harts run. */
void gdb_vcont(struct gdb *gdb, struct gdb_call *call);
void gdb_vcont_what(struct gdb *gdb, struct gdb_call *call);
void gdb_continue(struct gdb *gdb, struct gdb_call *call);
void gdb_continue_signal(struct gdb *gdb, struct gdb_call *call);
void gdb_step(struct gdb *gdb, struct gdb_call *call);
void gdb_step_signal(struct gdb *gdb, struct gdb_call *call);

/* stop.c: why harts have stopped. */
void gdb_why(struct gdb *gdb, struct gdb_call *call);
void gdb_next_stop(struct gdb *gdb, struct gdb_call *call);
void gdb_interrupt(struct gdb *gdb, struct gdb_call *call);

#endif
