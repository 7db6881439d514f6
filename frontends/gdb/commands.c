/* SPDX-License-Identifier: MIT */
/*
 * Contains the table of packets, and functions that parse and write them. A packet that is not in
 * the table gets an empty answer, which means that it is not supported.
 */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

void gdb_send_text(struct gdb *gdb, const char *text)
{
	gdb_link_send(&gdb->link, '$', text, strlen(text));
}

void gdb_error(struct gdb_call *call, int number)
{
	fprintf(call->out, "E%02x", number & 255);
}

void gdb_answer(struct gdb_call *call, bool good, int number)
{
	if (good)
		fputs("OK", call->out);
	else
		gdb_error(call, number);
}

static int gdb_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 0x20 : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

bool gdb_hex(const char **text, u64 *value)
{
	unsigned digits = 0;

	for (*value = 0; gdb_digit(**text) >= 0; (*text)++, digits++)
		*value = *value << 4 | (u64)gdb_digit(**text);
	return digits > 0 && digits <= 16;
}

bool gdb_skip(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

bool gdb_hexes(const char **text, char between, u64 *a, u64 *b)
{
	return gdb_hex(text, a) && gdb_skip(text, between) && gdb_hex(text, b);
}

void gdb_put_hex(FILE *out, const void *data, size_t size)
{
	for (size_t n = 0; n < size; n++)
		fprintf(out, "%02x", ((const u8 *)data)[n]);
}

bool gdb_get_hex(const char *text, u8 *data, size_t size)
{
	for (size_t n = 0; n < size; n++, text += 2) {
		if (gdb_digit(text[0]) < 0 || gdb_digit(text[1]) < 0)
			return false;
		data[n] = (u8)(gdb_digit(text[0]) << 4 | gdb_digit(text[1]));
	}
	return true;
}

bool gdb_thread_number(const struct gdb *gdb, const char **text, int *hart)
{
	u64 number;

	if ((*text)[0] == '-' && (*text)[1] == '1') {
		*text += 2;
		*hart = GDB_ALL;
		return true;
	}
	if (!gdb_hex(text, &number) || number > gdb->harts)
		return false;
	*hart = number ? (int)number - 1 : GDB_ANY;
	return true;
}

/* Handles Hg and Hc, which choose the thread for the following commands. */
static void set_thread(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text + 1;
	int hart;

	if ((*call->text != 'g' && *call->text != 'c') || !gdb_thread_number(gdb, &text, &hart) ||
	    *text) {
		gdb_error(call, EINVAL);
		return;
	}
	if (*call->text == 'c')
		gdb->resumed = hart == GDB_ANY ? GDB_ALL : hart;
	else if (hart >= 0)
		gdb->general = (unsigned)hart;
	gdb_answer(call, true, 0);
}

/*
 * Handles T, by which GDB asks whether a thread is alive. GDB does so for the thread that the user
 * selects by `thread N`, so the monitor selects the same hart. Hg does not show what the user
 * selects: GDB sends it for each thread that `info threads` prints, and does not send it for the
 * selected thread afterwards.
 */
static void is_alive(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	int hart;
	bool alive = gdb_thread_number(gdb, &text, &hart) && hart >= 0;

	if (alive)
		gdb->monitor.hart = (unsigned)hart;
	gdb_answer(call, alive, EINVAL);
}

static void gdb_detach(struct gdb *gdb, struct gdb_call *call)
{
	gdb->detached = true;
	if (gdb->extended) {
		gdb_resume_machine(gdb);
		gdb_answer(call, true, 0);
		return;
	}
	gdb_send_text(gdb, "OK");
	call->silent = true;
	gdb_disconnect(gdb);
}

/* Handles vAttach;PID. The machine is the only process, so any number is accepted. */
static void gdb_attach(struct gdb *gdb, struct gdb_call *call)
{
	gdb_halt_threads(gdb);
	gdb->owed = gdb->non_stop;
	if (gdb->non_stop)
		gdb_answer(call, true, 0);
	else
		gdb_why(gdb, call);
}

/*
 * Handles k. GDB expects no answer; LLDB waits for one that says how the process has ended: by
 * signal 9, as its own server answers.
 */
static void end_machine(struct gdb *gdb, struct gdb_call *call)
{
	fputs("X09", call->out);
	gdb->quit = true;
}

static void kill_machine(struct gdb *gdb, struct gdb_call *call)
{
	gdb_answer(call, true, 0);
	gdb->quit = true;
}

static void gdb_extend(struct gdb *gdb, struct gdb_call *call)
{
	gdb->extended = true;
	gdb_answer(call, true, 0);
}

/* Handles R, which has no answer: the machine is restarted before the client's next packet is
 * handled. */
static void gdb_restart(struct gdb *gdb, struct gdb_call *call)
{
	gdb->reset = gdb->extended;
	call->silent = true;
}

static void know_nothing(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	(void)call;
}

static const struct gdb_command commands[] = {
	{ "vMustReplyEmpty", know_nothing },
	{ "vCont?", gdb_vcont_what },
	{ "vCont;", gdb_vcont },
	{ "vCtrlC", gdb_interrupt },
	{ "vStopped", gdb_next_stop },
	{ "vAttach;", gdb_attach },
	{ "vKill", kill_machine },
	{ "vFile:", gdb_vfile },
	{ "?", gdb_why },
	{ "!", gdb_extend },
	{ "c", gdb_continue },
	{ "C", gdb_continue_signal },
	{ "s", gdb_step },
	{ "S", gdb_step_signal },
	{ "g", gdb_get_all },
	{ "G", gdb_set_all },
	{ "p", gdb_get_one },
	{ "P", gdb_set_one },
	{ "m", gdb_read },
	{ "x", gdb_read_binary },
	{ "M", gdb_write },
	{ "X", gdb_write_binary },
	{ "Z", gdb_insert },
	{ "z", gdb_remove },
	{ "H", set_thread },
	{ "T", is_alive },
	{ "q", gdb_query },
	{ "Q", gdb_set },
	{ "D", gdb_detach },
	{ "k", end_machine },
	{ "R", gdb_restart },
};

static void call_handler(struct gdb *gdb, const struct gdb_packet *packet, gdb_handler handle,
			 size_t name)
{
	struct gdb_call call = {
		.text = (const char *)packet->text + name,
		.data = packet->text + name,
		.size = packet->size - name,
	};
	char *answer = NULL;
	size_t size = 0;

	call.out = open_memstream(&answer, &size);
	if (!call.out)
		return;
	handle(gdb, &call);
	if (!output_end_text(call.out, &answer) && !call.silent)
		gdb_link_send(&gdb->link, '$', answer, size);
	free(answer);
}

void gdb_command(struct gdb *gdb, const struct gdb_packet *packet)
{
	gdb_report_owed(gdb);
	for (unsigned n = 0; n < ARRAY_SIZE(commands); n++) {
		size_t name = strlen(commands[n].name);

		if (packet->size >= name && !memcmp(packet->text, commands[n].name, name)) {
			call_handler(gdb, packet, commands[n].handle, name);
			return;
		}
	}
	gdb_send_text(gdb, "");
}
