/* SPDX-License-Identifier: MIT */
/*
 * The commands of the remote protocol: which packets there are, and the functions that answer them.
 */
#ifndef FRONTENDS_GDB_COMMAND_H
#define FRONTENDS_GDB_COMMAND_H

#include <stdio.h>

#include "frontends/gdb/session.h"

/* One execution of a command: the text after the command's name, and the answer. */
struct gdb_call {
	const char *text;
	const u8 *data; /* the bytes of `text` */
	size_t size;
	FILE *out; /* receives the answer's text, which may be binary */
	bool silent; /* no answer is sent now: it comes later, or there is none */
};

typedef void (*gdb_handler)(struct gdb *gdb, struct gdb_call *call);

/*
 * A row of a table: `handle` handles packets that begin with the name. The first row that matches
 * is used, so longer names come first.
 */
struct gdb_command {
	const char *name;
	gdb_handler handle;
};

/*
 * commands.c. gdb_error answers with an error and its number, an errno; gdb_answer answers with OK
 * if `good` is set, and else with an error.
 */
void gdb_error(struct gdb_call *call, int number);
void gdb_answer(struct gdb_call *call, bool good, int number);

/*
 * gdb_hex parses a hexadecimal number, gdb_hexes two with the character `between` between them,
 * gdb_skip a given character. They move *text past what they parsed, and return false if it is not
 * there. gdb_put_hex writes bytes as pairs of hexadecimal digits, and gdb_get_hex reads `size`
 * bytes from them.
 */
bool gdb_hex(const char **text, u64 *value);
bool gdb_hexes(const char **text, char between, u64 *a, u64 *b);
bool gdb_skip(const char **text, char c);
void gdb_put_hex(FILE *out, const void *data, size_t size);
bool gdb_get_hex(const char *text, u8 *data, size_t size);

/*
 * Parses the number of a thread, and stores its hart, GDB_ALL or GDB_ANY. Returns false if there is
 * no such thread.
 */
bool gdb_thread_number(const struct gdb *gdb, const char **text, int *hart);

/* memory.c: returns a place in the chosen hart's memory, or where `monitor context` specifies. */
struct board_memory gdb_memory_place(const struct gdb *gdb, u64 addr, u64 size);

/* These answer commands: registers.c, memory.c, points.c, monitor.c, query.c, qemu.c. */
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
void gdb_qemu(struct gdb *gdb, struct gdb_call *call);
/* Answers a request for the part OFFSET,SIZE (`range`) of a document that has `size` bytes. */
void gdb_send_part(struct gdb_call *call, const char *range, const char *text, size_t size);

/*
 * Calls the handler of the first row whose name is a prefix of the call's text, with the text after
 * the name. A name only matches as a whole: it ends with a separator (one of `:,;.=`), or what
 * follows begins with one, or nothing follows.
 */
void gdb_find(struct gdb *gdb, struct gdb_call *call, const struct gdb_command *rows,
	      unsigned count);

/* file.c */
void gdb_exec_file(struct gdb *gdb, struct gdb_call *call);
void gdb_vfile(struct gdb *gdb, struct gdb_call *call);

/* resume.c: the commands that let harts run. */
void gdb_vcont(struct gdb *gdb, struct gdb_call *call);
void gdb_vcont_what(struct gdb *gdb, struct gdb_call *call);
void gdb_continue(struct gdb *gdb, struct gdb_call *call);
void gdb_continue_signal(struct gdb *gdb, struct gdb_call *call);
void gdb_step(struct gdb *gdb, struct gdb_call *call);
void gdb_step_signal(struct gdb *gdb, struct gdb_call *call);

/* stop.c: the commands about stops of harts. */
void gdb_why(struct gdb *gdb, struct gdb_call *call);
void gdb_next_stop(struct gdb *gdb, struct gdb_call *call);
void gdb_interrupt(struct gdb *gdb, struct gdb_call *call);

#endif
