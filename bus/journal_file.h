/* SPDX-License-Identifier: MIT */
/*
 * A journal in a file, from which a run can be repeated later and elsewhere. The file grows while
 * the machine runs, so it holds what a run received even if the run was killed. It begins with
 * lines of text: the format, the version of the program, the hash of the machine's state at the
 * beginning, and the sinks; an empty line ends them. Then come the records, each with its bytes, in
 * the host's byte order (little-endian).
 */
#ifndef BUS_JOURNAL_FILE_H
#define BUS_JOURNAL_FILE_H

#include "bus/journal.h"

struct journal_file {
	struct journal journal; /* the records and sinks that were read; for journal_follow */
	char *text; /* the first lines, to which `version` and the sinks' names point */
	const char *version; /* of the program that wrote the file */
	u64 state; /* the hash of the machine's state at the beginning */
};

/*
 * Writes the first lines, and makes the journal record to the file, which the caller closes after
 * the journal's last use. `state` is the hash of the machine's present state. Returns 0, or a
 * negative errno if the lines cannot be written; then the journal does not record.
 */
int journal_file_start(struct journal *journal, FILE *file, const char *version, u64 state);

/* Writes a record with its bytes. Returns 0 or a negative errno. */
int journal_file_write(FILE *file, const struct journal_record *record, const void *data);

/*
 * Reads a whole file. Returns 0; -EINVAL if it is no journal, or damaged; -EPROTO if it has another
 * format; -ENODATA, with all whole records, if it ends within one, as a killed run may leave it; or
 * another negative errno. The caller frees it in each case.
 */
int journal_file_read(struct journal_file *from, FILE *file);
void journal_file_free(struct journal_file *from);

#endif
