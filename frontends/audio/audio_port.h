/* SPDX-License-Identifier: MIT */
/*
 * An open audiodev. Each kind of audiodev is implemented in its own file, which defines a struct
 * audio_kind. Only files of frontends/audio include this.
 */
#ifndef FRONTENDS_AUDIO_AUDIO_PORT_H
#define FRONTENDS_AUDIO_AUDIO_PORT_H

#include "devices/board/board.h"
#include "frontends/audio/audio.h"

struct audio_port;

struct audio_kind {
	/* Opens the audiodev and sets port->self. Returns 0, or -errno with *error. */
	int (*open)(struct audio_port *port, struct board_error *error);
	void (*close)(struct audio_port *port); /* only called if open succeeded */
};

/* audio_sdl is in a module (module.h). */
extern const struct audio_kind audio_wav, audio_sdl;

struct audio_port {
	const struct audiodev_options *options;
	const struct audio_kind *kind; /* NULL: no sound */
	struct audio *card; /* open() sets its play and record, with `self` as ctx */
	void *self;
	bool open;
	bool lost; /* set by close(): output to a file was lost */
};

/* Fills in *error, with exit code 3, from the format. Returns `failed`, a negative errno. */
int audio_port_fail(struct audio_port *port, int failed, struct board_error *error,
		    const char *format, ...) PRINTF_LIKE(4, 5);

#endif
