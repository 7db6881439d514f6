/* SPDX-License-Identifier: MIT */
/* Handles the q and Q packets: queries and settings. */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/inspect/hart_state.h"

/* Returns whether a word is in the list of features that the client supports, which are separated
 * by semicolons. */
static bool client_knows(const char *text, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ';'))
		if (!strncmp(at + 1, word, size) && (!at[1 + size] || at[1 + size] == ';'))
			return true;
	return false;
}

static void gdb_query_supported(struct gdb *gdb, struct gdb_call *call)
{
	gdb->swbreak = client_knows(call->text, "swbreak+");
	gdb->hwbreak = client_knows(call->text, "hwbreak+");
	fprintf(call->out,
		"PacketSize=%x;qXfer:features:read+;qXfer:threads:read+;"
		"QStartNoAckMode+;QNonStop+;vContSupported+;swbreak+;hwbreak+;binary-upload+%s",
		GDB_PACKET_MAX, gdb->file.fd < 0 ? "" : ";qXfer:exec-file:read+");
}

void gdb_send_part(struct gdb_call *call, const char *range, const char *text, size_t size)
{
	u64 offset, length;

	if (!text || !gdb_hexes(&range, ',', &offset, &length) || *range) {
		gdb_error(call, EINVAL);
		return;
	}
	offset = MIN(offset, (u64)size);
	/* Only half a packet is used, because escaping may double its length. */
	length = MIN(length, (u64)GDB_PACKET_MAX / 2);
	fputc(size - offset > length ? 'm' : 'l', call->out);
	fwrite(text + offset, 1, MIN(length, size - offset), call->out);
}

static void gdb_query_features(struct gdb *gdb, struct gdb_call *call)
{
	static const char annex[] = "target.xml:";

	if (strncmp(call->text, annex, strlen(annex)) || !gdb_make_target(gdb))
		gdb_error(call, 0);
	else
		gdb_send_part(call, call->text + strlen(annex), gdb->target, gdb->target_size);
}

static void gdb_query_describe(const struct gdb *gdb, unsigned hart, FILE *out)
{
	struct board_hart state;

	board_inspect_hart(gdb->board, hart, &state);
	fprintf(out, "%s-mode%s", state.mode,
		state.dead    ? ", dead" :
		state.waiting ? ", in WFI" :
				"");
}

/* Returns the number of threads. While the client is not attached it has no process, and so no
 * threads. */
static unsigned threads_of(const struct gdb *gdb)
{
	return gdb->away ? 0 : gdb->harts;
}

static void gdb_query_threads(struct gdb *gdb, struct gdb_call *call)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	fprintf(out, "<?xml version=\"1.0\"?>\n<threads>\n");
	for (unsigned n = 0; n < threads_of(gdb); n++) {
		fprintf(out, "<thread id=\"%x\" core=\"%u\" name=\"hart %u\">", n + 1, n, n);
		gdb_query_describe(gdb, n, out);
		fprintf(out, "</thread>\n");
	}
	fprintf(out, "</threads>\n");
	if (!output_end_text(out, &text))
		gdb_send_part(call, call->text, text, size);
	free(text);
}

static void first_threads(struct gdb *gdb, struct gdb_call *call)
{
	fputc(threads_of(gdb) ? 'm' : 'l', call->out);
	for (unsigned n = 0; n < threads_of(gdb); n++)
		fprintf(call->out, "%s%x", n ? "," : "", n + 1);
}

static void more_threads(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fputc('l', call->out);
}

static void thread_text(struct gdb *gdb, struct gdb_call *call)
{
	const char *number = call->text;
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	int hart;

	if (!gdb_thread_number(gdb, &number, &hart) || hart < 0) {
		gdb_error(call, EINVAL);
		return;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return;
	gdb_query_describe(gdb, (unsigned)hart, out);
	if (!output_end_text(out, &text))
		gdb_put_hex(call->out, text, size);
	free(text);
}

static void gdb_query_current(struct gdb *gdb, struct gdb_call *call)
{
	fprintf(call->out, "QC%x", gdb->general + 1);
}

/* Answers that the machine existed before the client connected. */
static void gdb_query_attached(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fputc('1', call->out);
}

static void gdb_query_symbol(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	gdb_answer(call, true, 0);
}

static void no_ack(struct gdb *gdb, struct gdb_call *call)
{
	gdb->ack_next = true;
	gdb_answer(call, true, 0);
}

static void non_stop(struct gdb *gdb, struct gdb_call *call)
{
	bool good = !strcmp(call->text, "0") || !strcmp(call->text, "1");

	if (good)
		gdb->non_stop = *call->text == '1';
	gdb_answer(call, good, EINVAL);
}

static const struct gdb_command questions[] = {
	{ "Supported", gdb_query_supported },
	{ "Xfer:features:read:", gdb_query_features },
	{ "Xfer:threads:read::", gdb_query_threads },
	{ "Xfer:exec-file:read:", gdb_exec_file },
	{ "fThreadInfo", first_threads },
	{ "sThreadInfo", more_threads },
	{ "ThreadExtraInfo,", thread_text },
	{ "Attached", gdb_query_attached },
	{ "Symbol:", gdb_query_symbol },
	{ "Rcmd,", gdb_monitor },
	{ "C", gdb_query_current },
	{ "qemu.", gdb_qemu },
};

static const struct gdb_command settings[] = {
	{ "StartNoAckMode", no_ack },
	{ "NonStop:", non_stop },
	{ "qemu.", gdb_qemu },
};

/* Returns whether the text begins with this name, and not with a longer one: the name itself ends
 * in a separator, or a separator or the end of the text follows it. */
static bool is_called(const char *text, const char *name)
{
	static const char separators[] = ":,;.=";
	size_t size = strlen(name);

	return !strncmp(text, name, size) &&
	       (strchr(separators, name[size - 1]) || strchr(separators, text[size]));
}

void gdb_find(struct gdb *gdb, struct gdb_call *call, const struct gdb_command *rows,
	      unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		size_t name = strlen(rows[n].name);

		if (!is_called(call->text, rows[n].name))
			continue;
		call->text += name;
		call->data += name;
		call->size -= name;
		rows[n].handle(gdb, call);
		return;
	}
}

void gdb_query(struct gdb *gdb, struct gdb_call *call)
{
	gdb_find(gdb, call, questions, ARRAY_SIZE(questions));
}

void gdb_set(struct gdb *gdb, struct gdb_call *call)
{
	gdb_find(gdb, call, settings, ARRAY_SIZE(settings));
}
