/* SPDX-License-Identifier: MIT */
/* One audiodev of a run, for the files that are its kinds. Private to the audio_*.c files. */
#ifndef FRONTENDS_AUDIO_AUDIO_PORT_H
#define FRONTENDS_AUDIO_AUDIO_PORT_H

#include "devices/board/board.h"
#include "frontends/audio/audio.h"

struct audio_port;

struct audio_kind {
	/* 0 with port->self, or -errno with *error. */
	int (*open)(struct audio_port *port, struct board_error *error);
	void (*close)(struct audio_port *port); /* of what was opened */
};

/* audio_sdl is in a module (module.h). */
extern const struct audio_kind audio_wav, audio_sdl;

struct audio_port {
	const struct audiodev_options *options;
	const struct audio_kind *kind; /* NULL: of silence */
	struct audio *card; /* whose play and record open() sets, with `self` as ctx */
	void *self;
	bool open;
};

/* Fill *error with exit code 3, and return `failed`. */
int audio_port_fail(struct audio_port *port, int failed, struct board_error *error,
		    const char *format, ...) PRINTF_LIKE(4, 5);

#endif
