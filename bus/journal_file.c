/* SPDX-License-Identifier: MIT */
/* Writes and reads journals as files. A file may come from anywhere, so all of it is checked. */
#include "bus/journal_file.h"

#include "bus/clock.h"
#include "bus/output.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "baya-journal "
#define FORMAT "1"
#define TEXT_MAX (64 * KiB) /* the longest text before the records, for hostile files */
#define ASKED BIT(31) /* in `size`: the device asked for the bytes */

/* A record as it is in the file. */
struct filed {
	u64 time, instructions;
	u32 sink;
	u32 size;
};

static_assert(sizeof(struct filed) == 24, "there is no padding in the file");

int journal_file_start(struct journal *journal, FILE *file, const char *version, u64 state)
{
	int failed;

	fprintf(file, MAGIC FORMAT "\nversion %s\nstate %016llx\n", version, state);
	for (size_t n = 0; n < journal->sink_count; n++)
		fprintf(file, "sink %s\n", journal->sinks[n].name);
	fputc('\n', file);
	failed = output_failed(file);
	if (failed)
		return failed;
	journal_record_start(journal);
	journal->file = file;
	return 0;
}

int journal_file_write(FILE *file, const struct journal_record *record, const void *data)
{
	const struct filed filed = {
		.time = record->time,
		.instructions = record->instructions,
		.sink = record->sink,
		.size = record->size | (record->asked ? (u32)ASKED : 0),
	};

	fwrite(&filed, sizeof(filed), 1, file);
	fwrite(data, 1, record->size, file);
	/* This flushes the file, so a run that is killed leaves all that it has received. */
	return output_failed(file);
}

/* Returns the rest of a line that begins with `word`, and moves *at past the line; or NULL. */
static char *take_line(char **at, const char *word)
{
	char *line = *at, *end = strchr(line, '\n');
	size_t length = strlen(word);

	if (!end || strncmp(line, word, length) != 0)
		return NULL;
	*end = 0;
	*at = end + 1;
	return line + length;
}

/* Registers a sink of the file. Returns -EINVAL if there is one of that name. */
static int take_sink(struct journal *journal, const char *name)
{
	for (size_t n = 0; n < journal->sink_count; n++)
		if (!strcmp(journal->sinks[n].name, name))
			return -EINVAL;
	journal_register(journal, &(struct journal_sink){ .name = name });
	return 0;
}

static int take_lines(struct journal_file *from)
{
	int failed = 0;

	char *at = from->text, *line = take_line(&at, MAGIC), *end;

	if (!line)
		return -EINVAL;
	if (strcmp(line, FORMAT) != 0)
		return -EPROTO;
	from->version = take_line(&at, "version ");
	line = take_line(&at, "state ");
	if (!from->version || !line)
		return -EINVAL;
	from->state = strtoull(line, &end, 16);
	if (end == line || *end)
		return -EINVAL;
	while (!failed && (line = take_line(&at, "sink ")) != NULL)
		failed = take_sink(&from->journal, line);
	return *at ? -EINVAL : failed;
}

/* Reads the first lines, up to the empty one. */
static int read_text(struct journal_file *from, FILE *file)
{
	size_t size = 0;
	int byte;

	from->text = calloc(1, TEXT_MAX);
	if (!from->text)
		return -ENOMEM;
	while ((byte = fgetc(file)) != EOF && size < TEXT_MAX - 1) {
		if (byte == '\n' && size && from->text[size - 1] == '\n')
			return take_lines(from);
		/* The text is printed in messages. */
		if (byte != '\n' && !isprint(byte))
			return -EINVAL;
		from->text[size++] = (char)byte;
	}
	return -EINVAL;
}

/* Returns whether the record may come next. */
static bool is_valid(const struct journal *journal, const struct journal_record *record)
{
	const struct journal_record *last = journal->count ? &journal->records[journal->count - 1] :
							     NULL;

	return record->sink < journal->sink_count && record->size &&
	       record->size <= JOURNAL_BYTES_MAX &&
	       (!last ||
		(record->time >= last->time && record->instructions >= last->instructions));
}

/* Reads the next record. Returns 0, 1 at the end of the file, or a negative errno. */
static int read_record(struct journal *journal, FILE *file)
{
	struct journal_record record;
	struct filed filed;
	size_t got = fread(&filed, 1, sizeof(filed), file);
	int failed = 0;
	void *data;

	if (got < sizeof(filed))
		return got ? -ENODATA : 1;
	record = (struct journal_record){
		.time = filed.time,
		.instructions = filed.instructions,
		.sink = filed.sink,
		.size = filed.size & ~(u32)ASKED,
		.asked = filed.size & ASKED,
	};
	if (!is_valid(journal, &record))
		return -EINVAL;
	data = malloc(record.size);
	if (!data)
		return -ENOMEM;
	if (fread(data, 1, record.size, file) < record.size)
		failed = -ENODATA;
	else
		failed = journal_append(journal, &record, data);
	free(data);
	return failed;
}

int journal_file_read(struct journal_file *from, FILE *file)
{
	int failed;

	*from = (struct journal_file){ 0 };
	journal_init(&from->journal, NULL);
	failed = read_text(from, file);
	while (!failed)
		failed = read_record(&from->journal, file);
	if (ferror(file))
		return errno ? -errno : -EIO;
	return failed == 1 ? 0 : failed;
}

void journal_file_free(struct journal_file *from)
{
	journal_free(&from->journal);
	free(from->text);
}
