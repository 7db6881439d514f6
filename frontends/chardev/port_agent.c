/* SPDX-License-Identifier: MIT */
/* Implements -chardev qemu-vdagent: shares the clipboard with SPICE's agent in the guest. */
#include <errno.h>
#include <stdlib.h>

#include "devices/board/board.h"
#include "frontends/chardev/port_end.h"
#include "frontends/chardev/vdagent.h"

static int open_agent(struct port_end *end, struct board_error *error)
{
	end->self = calloc(1, sizeof(struct vdagent));
	if (!end->self)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	port_set_open(end, true);
	return 0;
}

static void close_agent(struct port_end *end)
{
	vdagent_free(end->self);
	free(end->self);
}

static void write_agent(struct port_end *end, const u8 *data, size_t size)
{
	vdagent_hear(end->self, data, size);
}

static void agent_opened(struct port_end *end, bool open)
{
	vdagent_open(end->self, open);
}

static void feed_agent(struct port_end *end)
{
	const u8 *bytes;
	size_t size = vdagent_waiting(end->self, &bytes);

	size = MIN(size, chardev_room(end->chardev));
	if (!size)
		return;
	chardev_put(end->chardev, end->journal, bytes, size);
	vdagent_sent(end->self, size);
}

static void offer_text(struct port_end *end, const char *text)
{
	if (end->options->clipboard)
		vdagent_offer(end->self, text);
}

static char *take_text(struct port_end *end)
{
	char *text = vdagent_take_text(end->self);

	if (end->options->clipboard)
		return text;
	free(text);
	return NULL;
}

const struct port_kind port_agent = {
	.open = open_agent,
	.close = close_agent,
	.write = write_agent,
	.guest_opened = agent_opened,
	.feed = feed_agent,
	.offer_text = offer_text,
	.take_text = take_text,
};
