/* SPDX-License-Identifier: MIT */
/* The sound of a run: what is at the other end of the guest's sound cards. */
#ifndef FRONTENDS_AUDIO_AUDIO_H
#define FRONTENDS_AUDIO_AUDIO_H

#include "devices/device.h"

#define AUDIODEVS_MAX 8

struct board;
struct board_error;

enum audiodev_kind { AUDIODEV_NONE, AUDIODEV_WAV, AUDIODEV_SDL, AUDIODEV_KINDS };

/* -audiodev; all strings are borrowed. */
struct audiodev_options {
	const char *id;
	unsigned kind; /* enum audiodev_kind */
	const char *path, *source; /* wav: what is played goes to, what is recorded comes from */
	struct audio_settings out, in;
	bool used; /* by a card */
};

struct audio_options {
	struct audiodev_options audiodevs[AUDIODEVS_MAX];
	unsigned count;
};

struct audio_set;

/*
 * 0 with *set, or -errno with *error. No sound at all is a set, too; hardware of the host's that
 * cannot be had costs one line, and the machine runs in silence.
 */
int audio_open(struct audio_set **set, struct board *board, const struct audio_options *options,
	       struct board_error *error);
void audio_close(struct audio_set *set);

#endif
