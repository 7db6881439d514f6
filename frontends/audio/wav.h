/* SPDX-License-Identifier: MIT */
/* Reads and writes sound files that audio players can play: RIFF/WAVE, uncompressed. */
#ifndef FRONTENDS_AUDIO_WAV_H
#define FRONTENDS_AUDIO_WAV_H

#include <stdio.h>

#include "devices/device.h"

/*
 * wav_begin writes the header of a new file, after which the caller writes the samples. wav_finish
 * writes the samples' size in bytes into that header. Both return 0 or -errno.
 */
int wav_begin(FILE *file, const struct audio_settings *settings);
int wav_finish(FILE *file, u64 bytes);

/* The header of a file. */
struct wav_info {
	unsigned tag; /* 1: integers, 3: floating point; others are compressed */
	u32 hertz, channels, bits;
	u64 bytes; /* the size of the samples as the header states it; the file may end earlier */
};

/*
 * Reads a file's header, up to the first sample. Returns 0, -EINVAL if it is not such a file, or
 * -errno.
 */
int wav_read_header(FILE *file, struct wav_info *info);

/* Returns whether the samples have the format of the settings. */
bool wav_fits(const struct wav_info *info, const struct audio_settings *settings);

#endif
