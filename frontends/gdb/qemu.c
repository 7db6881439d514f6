/* SPDX-License-Identifier: MIT */
/*
 * Handles the packets that QEMU adds to the protocol ("GDB usage" in its manual): other names for
 * `monitor interrupts` and `monitor physical`.
 */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <string.h>

enum {
	SSTEP_ENABLE = 1, /* there are single steps; always set */
	SSTEP_NOIRQ = 2, /* they take no interrupts */
	SSTEP_NOTIMER = 4, /* no timer advances meanwhile; without effect of its own */
	SSTEP_ALL = 7
};

static void list_packets(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fputs("sstepbits;sstep;PhyMemMode", call->out);
}

static void list_bits(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fprintf(call->out, "ENABLE=%x,NOIRQ=%x,NOTIMER=%x", SSTEP_ENABLE, SSTEP_NOIRQ,
		SSTEP_NOTIMER);
}

/* Handles sstep and sstep=BITS. A prefix 0x is optional. */
static void steps_mode(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	u64 bits;

	if (!*text) {
		fprintf(call->out, "0x%x",
			board_steps_interrupt(gdb->board) ? SSTEP_ENABLE : SSTEP_ALL);
		return;
	}
	text += !strncmp(text, "=0x", 3) ? 3 : 1;
	if (*call->text != '=' || !gdb_hex(&text, &bits) || *text || bits > SSTEP_ALL ||
	    !(bits & SSTEP_ENABLE)) {
		gdb_error(call, EINVAL);
		return;
	}
	board_step_interrupts(gdb->board, !(bits & SSTEP_NOIRQ));
	gdb_answer(call, true, 0);
}

/* Handles PhyMemMode and PhyMemMode:VALUE. */
static void memory_mode(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	u64 physical;

	if (!*text) {
		fputc(gdb->monitor.space.kind == SPACE_PHYSICAL ? '1' : '0', call->out);
		return;
	}
	text++;
	if (!gdb_hex(&text, &physical) || *text) {
		gdb_error(call, EINVAL);
		return;
	}
	gdb->monitor.space = (struct board_space){ physical ? SPACE_PHYSICAL : SPACE_CURRENT, 0 };
	gdb_answer(call, true, 0);
}

static const struct gdb_command packets[] = {
	{ "Supported", list_packets },
	{ "sstepbits", list_bits },
	{ "sstep", steps_mode },
	{ "PhyMemMode", memory_mode },
};

void gdb_qemu(struct gdb *gdb, struct gdb_call *call)
{
	gdb_find(gdb, call, packets, ARRAY_SIZE(packets));
}
