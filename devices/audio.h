/* SPDX-License-Identifier: MIT */
/*
 * Sound between a sound card and the frontend's backend (a file, or the host's loudspeakers and
 * microphone). The machine's clock decides when samples are played and recorded. Recorded samples
 * pass through the journal. Samples are never converted: the card offers the formats that the
 * backend accepts.
 */
#ifndef DEVICES_AUDIO_H
#define DEVICES_AUDIO_H

#include "bus/base.h"

/* The format of a sample; all are little-endian. */
enum audio_format {
	AUDIO_FORMAT_U8,
	AUDIO_FORMAT_S16,
	AUDIO_FORMAT_S32,
	AUDIO_FORMAT_F32,
	AUDIO_FORMATS,
};

/* The rates, in the order of virtio 1.2 section 5.14.6.6.2, VIRTIO_SND_PCM_RATE_*. */
#define AUDIO_RATE_WORDS                                                                           \
	"5512|8000|11025|16000|22050|32000|44100|48000|"                                           \
	"64000|88200|96000|176400|192000|384000|12000|24000"
#define AUDIO_RATE_44100 6
#define AUDIO_RATES 16
#define AUDIO_RATES_COMMON (BIT(13) - BIT(1)) /* 8000 to 192000 */
#define AUDIO_CHANNELS_MAX 8

struct audio_settings {
	unsigned rate; /* index of a word in AUDIO_RATE_WORDS */
	u64 rates; /* a mask of the rates that the guest may choose; `rate` is one of them */
	unsigned format; /* enum audio_format */
	u64 channels; /* 1 to AUDIO_CHANNELS_MAX */
};

/*
 * The connection of a sound card and its backend. play and record are the backend's and must not
 * block. If they are NULL, nothing is played, and silence is recorded.
 */
struct audio {
	void (*play)(void *ctx, const u8 *data, size_t size);
	void (*record)(void *ctx, u8 *data, size_t size); /* fills `data` completely */
	void *ctx;
	struct audio_settings out, in; /* with the rate that the guest chose last */
};

/* Returns the number of frames in a second. */
static inline u32 audio_hertz(const struct audio_settings *settings)
{
	static const u32 rates[AUDIO_RATES] = {
		5512,  8000,  11025, 16000,  22050,  32000,  44100, 48000,
		64000, 88200, 96000, 176400, 192000, 384000, 12000, 24000,
	};

	return rates[settings->rate];
}

/* Returns whether the guest may choose this rate. */
static inline bool audio_accepts(const struct audio_settings *settings, unsigned rate)
{
	return rate < AUDIO_RATES && settings->rates & BIT(rate);
}

/* Return the number of bytes in a sample, and in a frame. */
static inline u32 audio_sample(const struct audio_settings *settings)
{
	static const u8 bytes[AUDIO_FORMATS] = { 1, 2, 4, 4 };

	return bytes[settings->format];
}

static inline u32 audio_frame(const struct audio_settings *settings)
{
	return audio_sample(settings) * (u32)settings->channels;
}

/* Returns the byte that silence consists of. */
static inline u8 audio_silence(const struct audio_settings *settings)
{
	return settings->format == AUDIO_FORMAT_U8 ? 0x80 : 0;
}

#endif
