/* SPDX-License-Identifier: MIT */
/* See wav.h; the format is Microsoft's "Multimedia Programming Interface" of 1991. */
#include "frontends/audio/wav.h"

#include <errno.h>
#include <string.h>

#define TAG_PCM 1
#define TAG_FLOAT 3
#define TAG_EXTENSIBLE 0xfffe /* the actual tag follows the common fields */
#define EXTENSIBLE_TAG 24

struct chunk {
	char id[4];
	u32 size;
};

struct format {
	u16 tag, channels;
	u32 hertz, bytes_per_second;
	u16 frame, bits;
};

struct header {
	struct chunk riff;
	char wave[4];
	struct chunk format_chunk;
	struct format format;
	struct chunk data;
};

static u16 tag_of(const struct audio_settings *settings)
{
	return settings->format == AUDIO_FORMAT_F32 ? TAG_FLOAT : TAG_PCM;
}

static int wav_failure(void)
{
	return errno ? -errno : -EIO;
}

int wav_begin(FILE *file, const struct audio_settings *settings)
{
	const struct header header = {
		.riff = { "RIFF", sizeof(header) - sizeof(header.riff) },
		.wave = "WAVE",
		.format_chunk = { "fmt ", sizeof(header.format) },
		.format = {
			.tag = tag_of(settings),
			.channels = (u16)settings->channels,
			.hertz = audio_hertz(settings),
			.bytes_per_second = audio_hertz(settings) * audio_frame(settings),
			.frame = (u16)audio_frame(settings),
			.bits = (u16)(8 * audio_sample(settings)),
		},
		.data = { "data", 0 },
	};

	return fwrite(&header, sizeof(header), 1, file) == 1 ? 0 : wav_failure();
}

int wav_finish(FILE *file, u64 bytes)
{
	const u64 most = UINT32_MAX - sizeof(struct header);
	u32 data = (u32)MIN(bytes, most);
	u32 riff = data + (u32)(sizeof(struct header) - sizeof(struct chunk));

	if (fseek(file, offsetof(struct header, riff.size), SEEK_SET) ||
	    fwrite(&riff, sizeof(riff), 1, file) != 1 ||
	    fseek(file, offsetof(struct header, data.size), SEEK_SET) ||
	    fwrite(&data, sizeof(data), 1, file) != 1 || fflush(file))
		return wav_failure();
	return 0;
}

/* Reads the chunk that describes the samples' format; subtracts what was read from `left`, the size
 * of the chunk's unread part. */
static bool look_format(FILE *file, u32 *left, struct wav_info *info)
{
	u8 bytes[EXTENSIBLE_TAG + 2];
	struct format format;
	u16 tag;

	if (*left < sizeof(format) || fread(&format, sizeof(format), 1, file) != 1)
		return false;
	*left -= (u32)sizeof(format);
	tag = format.tag;
	if (tag == TAG_EXTENSIBLE) {
		const u32 size = sizeof(bytes) - sizeof(format);

		if (*left < size || fread(bytes + sizeof(format), size, 1, file) != 1)
			return false;
		*left -= size;
		memcpy(&tag, bytes + EXTENSIBLE_TAG, sizeof(tag));
	}
	info->tag = tag;
	info->hertz = format.hertz;
	info->channels = format.channels;
	info->bits = format.bits;
	return true;
}

int wav_read_header(FILE *file, struct wav_info *info)
{
	struct chunk chunk;
	char wave[4];

	*info = (struct wav_info){ 0 };
	if (fread(&chunk, sizeof(chunk), 1, file) != 1 || fread(wave, sizeof(wave), 1, file) != 1 ||
	    memcmp(chunk.id, "RIFF", 4) || memcmp(wave, "WAVE", 4))
		return -EINVAL;
	/* The loop ends, because each iteration reads further in the file. */
	while (fread(&chunk, sizeof(chunk), 1, file) == 1) {
		u32 left = chunk.size;

		if (!memcmp(chunk.id, "data", 4)) {
			info->bytes = chunk.size;
			return info->tag ? 0 : -EINVAL;
		}
		if (!memcmp(chunk.id, "fmt ", 4) && !look_format(file, &left, info))
			return -EINVAL;
		if (fseek(file, (long)left + (chunk.size & 1), SEEK_CUR))
			return -errno;
	}
	return -EINVAL;
}

bool wav_fits(const struct wav_info *info, const struct audio_settings *settings)
{
	return info->tag == tag_of(settings) && info->hertz == audio_hertz(settings) &&
	       info->channels == settings->channels && info->bits == 8 * audio_sample(settings);
}
