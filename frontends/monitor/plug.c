/* SPDX-License-Identifier: MIT */
/* See plug.h. */
#include "frontends/monitor/plug.h"

#include <errno.h>

#include "devices/board/plug/plug.h"
#include "frontends/cli/options.h"
#include "frontends/monitor/monitor.h"

static void plug_gone(void *ctx, const char *id)
{
	struct plug_log *log = ctx;

	snprintf(log->ids[log->count % PLUG_GONE_MAX], PLUG_ID_MAX, "%s", id ? id : "");
	log->count++;
}

void plug_watch(struct board *board, struct plug_log *log)
{
	board_on_unplugged(board, plug_gone, log);
}

int plug_device(struct board *board, const char *text, struct board_error *error)
{
	struct strings strings = { 0 };
	struct device_config config;
	int failed;

	*error->text = 0;
	failed = options_device(text, &strings, &config, error);
	if (!failed && board_plug(board, &config, error))
		failed = -EINVAL;
	else if (failed && !*error->text)
		board_error_memory(error);
	strings_free(&strings);
	return failed;
}

void monitor_device_add(struct monitor *monitor, char **words, FILE *out)
{
	struct board_error error;

	if (!words[1])
		fprintf(out, "device_add: give what -device takes, as in device_add "
			     "virtio-rng-pci,bus=rp0,id=rng\n");
	else if (plug_device(monitor->board, words[1], &error))
		fprintf(out, "device_add: %s\n", error.text);
}

void monitor_device_del(struct monitor *monitor, char **words, FILE *out)
{
	struct board_error error;

	if (!words[1])
		fprintf(out, "device_del: give the id of a device\n");
	else if (board_unplug(monitor->board, words[1], &error))
		fprintf(out, "device_del: %s\n", error.text);
}
