/* SPDX-License-Identifier: MIT */
/* Reads and writes the sound files that players know: RIFF/WAVE, uncompressed. */
#ifndef FRONTENDS_AUDIO_WAV_H
#define FRONTENDS_AUDIO_WAV_H

#include <stdio.h>

#include "devices/device.h"

/* wav_begin starts a new file, to which samples are appended; wav_finish writes their number into
 * the header. */
int wav_begin(FILE *file, const struct audio_settings *settings); /* 0 or -errno */
int wav_finish(FILE *file, u64 bytes);

/* The header of a file. */
struct wav_info {
	unsigned tag; /* 1: integers, 3: floating point; others are compressed */
	u32 hertz, channels, bits;
	u64 bytes; /* of samples; the file may end earlier */
};

/* Reads up to the first sample. Returns 0, -EINVAL if it is no such file, or -errno. */
int wav_look(FILE *file, struct wav_info *info);

/* Returns whether the samples have the format of the settings. */
bool wav_fits(const struct wav_info *info, const struct audio_settings *settings);

#endif
