/* SPDX-License-Identifier: MIT */
/* Files of samples as players have them: RIFF/WAVE, uncompressed. */
#ifndef FRONTENDS_AUDIO_WAV_H
#define FRONTENDS_AUDIO_WAV_H

#include <stdio.h>

#include "devices/device.h"

/* A new file, at whose end samples are written; the header says how many at wav_finish. */
int wav_begin(FILE *file, const struct audio_settings *settings); /* 0 or -errno */
int wav_finish(FILE *file, u64 bytes);

/* What a file says of itself. */
struct wav_info {
	unsigned tag; /* 1: integers, 3: floating point; others are compressed */
	u32 hertz, channels, bits;
	u64 bytes; /* of samples; the file may end before */
};

/* Read up to the first sample. 0, -EINVAL when it is no such file, or -errno. */
int wav_look(FILE *file, struct wav_info *info);

/* Are the samples such as the settings say? */
bool wav_fits(const struct wav_info *info, const struct audio_settings *settings);

#endif
