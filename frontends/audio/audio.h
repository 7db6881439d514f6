/* SPDX-License-Identifier: MIT */
/* The host's ends of the guest's sound cards: files, or the host's sound hardware (-audiodev). */
#ifndef FRONTENDS_AUDIO_AUDIO_H
#define FRONTENDS_AUDIO_AUDIO_H

#include "devices/device.h"

#define AUDIODEVS_MAX 8

struct board;
struct board_error;

enum audiodev_kind { AUDIODEV_NONE, AUDIODEV_WAV, AUDIODEV_SDL, AUDIODEV_KINDS };

/* One -audiodev; all strings are borrowed. */
struct audiodev_options {
	const char *id;
	unsigned kind; /* enum audiodev_kind */
	/* For wav: the file that playback is written to, and the one that recording reads. */
	const char *path, *source;
	struct audio_settings out, in;
	bool used; /* a sound card names it */
};

struct audio_options {
	struct audiodev_options audiodevs[AUDIODEVS_MAX];
	unsigned count;
};

struct audio_set;

/*
 * Opens all audiodevs. Returns 0 with *set, or -errno with *error. There is a set even if there are
 * no audiodevs. If the host's sound hardware cannot be used, that is reported on stderr, and the
 * machine runs without sound. audio_close returns whether output to files was lost, as has been
 * reported.
 */
int audio_open(struct audio_set **set, struct board *board, const struct audio_options *options,
	       struct board_error *error);
bool audio_close(struct audio_set *set);

#endif
