/* SPDX-License-Identifier: MIT */
/* See monitor/info.h. */
#include "frontends/monitor/info.h"

#include <string.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/inspect/inspect.h"
#include "frontends/monitor/monitor.h"

/* The arguments of `info registers`: the harts and registers to print. */
struct registers_words {
	bool all, vectors;
	u64 hart;
};

/* Parses the arguments. As in QEMU the options are letters after a dash, together or apart, and
 * precede the hart. */
static bool parse_registers(const struct monitor *monitor, char **words,
			    struct registers_words *asked)
{
	for (; *words && **words == '-'; words++) {
		const char *letters = *words + 1;

		asked->all = asked->all || strchr(letters, 'a');
		asked->vectors = asked->vectors || strchr(letters, 'v');
		if (!*letters || letters[strspn(letters, "av")])
			return false;
	}
	if (!*words)
		return true;
	return !asked->all && !words[1] && monitor_parse_hart(monitor, *words, &asked->hart);
}

void monitor_info_registers(struct monitor *monitor, char **words, FILE *out)
{
	struct registers_words asked = { .hart = monitor->hart };

	if (!parse_registers(monitor, words + 2, &asked)) {
		fprintf(out, "info registers: give -v, -a or a hart, 0 to %u\n",
			monitor->harts - 1);
		return;
	}
	for (unsigned i = 0; i < monitor->harts; i++) {
		if (!asked.all && i != asked.hart)
			continue;
		fprintf(out, "\nCPU#%u\n", i);
		board_info_registers(monitor->board, i, out);
		if (asked.vectors)
			board_info_vectors(monitor->board, i, out);
	}
}

void monitor_info_mtree(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_mtree(monitor->board, out);
}

void monitor_info_pci(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_pci(monitor->board, out);
}

void monitor_info_pic(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_pic(monitor->board, out);
}

/* Lists the harts in QEMU's format. They take turns on one thread of the host, so all have the same
 * thread_id. */
void monitor_info_cpus(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	for (unsigned n = 0; n < monitor->harts; n++)
		fprintf(out, "%c CPU #%u: thread_id=%d\n", n == monitor->hart ? '*' : ' ', n,
			getpid());
}

void monitor_info_version(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	fprintf(out, "Baya %s\n", board_version(monitor->board));
}

void monitor_info_traps(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_traps(monitor->board, monitor->hart, out);
}

void monitor_info_tlb(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_tlb(monitor->board, monitor->hart, out);
}

void monitor_info_jit(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_jit(monitor->board, out);
}

void monitor_info_qtree(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_qtree(monitor->board, out);
}

void monitor_info_block(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_block(monitor->board, out);
}

void monitor_info_blockstats(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	board_info_blockstats(monitor->board, out);
}

void monitor_info_name(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (monitor->name)
		fprintf(out, "%s\n", monitor->name);
}

void monitor_uuid(const struct monitor *monitor, char text[MONITOR_UUID])
{
	static const u8 none[16];
	const u8 *uuid = monitor->uuid ? monitor->uuid : none;
	size_t used = 0;

	for (unsigned n = 0; n < 16; n++)
		used += (size_t)snprintf(text + used, MONITOR_UUID - used, "%s%02x",
					 n >= 4 && n <= 10 && n % 2 == 0 ? "-" : "", uuid[n]);
}

void monitor_info_uuid(struct monitor *monitor, char **words, FILE *out)
{
	char text[MONITOR_UUID];

	(void)words;
	monitor_uuid(monitor, text);
	fprintf(out, "%s\n", text);
}
