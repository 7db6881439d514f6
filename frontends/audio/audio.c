/* SPDX-License-Identifier: MIT */
/*
 * Opens the run's audio backends (-audiodev) in the order of the command line. Each kind is
 * implemented in its own file.
 */
#include "frontends/audio/audio.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "frontends/audio/audio_port.h"
#include "frontends/host/complain.h"
#include "frontends/host/module.h"

struct audio_set {
	struct audio_port ports[AUDIODEVS_MAX];
	unsigned count;
};

/* Returns the functions of a kind; NULL if the kind makes no sound, or, after a warning, if the
 * host has no SDL. */
static const struct audio_kind *audio_kind_of(enum audiodev_kind kind)
{
	const struct audio_kind *found;
	char why[200];

	if (kind != AUDIODEV_SDL)
		return kind == AUDIODEV_WAV ? &audio_wav : NULL;
	found = module_find(MODULE_SDL, "audio_sdl", why, sizeof(why));
	if (!found)
		fprintf(stderr, "baya: -audiodev sdl: %s; the machine runs without sound\n", why);
	return found;
}

int audio_port_fail(struct audio_port *port, int failed, struct board_error *error,
		    const char *format, ...)
{
	va_list args;

	snprintf(error->text, sizeof(error->text), "-audiodev id=%s: ", port->options->id);
	va_start(args, format);
	failed = complain_append(error, failed, format, args);
	va_end(args);
	return failed;
}

static int open_port(struct audio_port *port, struct board *board, struct board_error *error)
{
	int failed;

	port->card = board_audio(board, port->options->id);
	if (!port->card || !port->kind)
		return 0;
	failed = port->kind->open(port, error);
	port->card->ctx = port->self;
	port->open = !failed;
	return failed;
}

int audio_open(struct audio_set **made, struct board *board, const struct audio_options *options,
	       struct board_error *error)
{
	struct audio_set *set = calloc(1, sizeof(*set));
	int failed = 0;

	*made = set;
	if (!set)
		return board_error_memory(error);
	for (unsigned n = 0; !failed && n < options->count; n++) {
		struct audio_port *port = &set->ports[set->count++];

		port->options = &options->audiodevs[n];
		port->kind = audio_kind_of(port->options->kind);
		failed = open_port(port, board, error);
	}
	return failed;
}

bool audio_close(struct audio_set *set)
{
	bool lost = false;

	for (unsigned n = 0; set && n < set->count; n++) {
		struct audio_port *port = &set->ports[n];

		if (!port->open)
			continue;
		port->card->play = NULL;
		port->card->record = NULL;
		port->kind->close(port);
		lost |= port->lost;
	}
	free(set);
	return lost;
}
