/* SPDX-License-Identifier: MIT */
/*
 * Implements -audiodev wav: what the guest plays is written to a file, sample by sample, and what
 * it records is read from another file. Reading begins at the start of that file when the guest
 * begins to record; after the file's end the guest records silence.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/audio/audio_port.h"
#include "frontends/audio/wav.h"
#include "frontends/host/growing_file.h"

struct recorder {
	const struct audiodev_options *options;
	struct growing_file out;
	FILE *in; /* NULL: none */
	u64 written, left; /* bytes */
};

static void audio_wav_play(void *ctx, const u8 *data, size_t size)
{
	struct recorder *recorder = ctx;

	growing_file_write(&recorder->out, data, size);
	recorder->written += size;
}

static void audio_wav_record(void *ctx, u8 *data, size_t size)
{
	struct recorder *recorder = ctx;
	size_t got = 0;

	if (recorder->in)
		got = fread(data, 1, MIN(size, recorder->left), recorder->in);
	recorder->left -= got;
	memset(data + got, audio_silence(&recorder->options->in), size - got);
}

static int open_source(struct audio_port *port, struct board_error *error)
{
	static const char *const formats[AUDIO_FORMATS] = { "u8", "s16", "s32", "f32" };
	const struct audiodev_options *options = port->options;
	struct recorder *recorder = port->self;
	struct wav_info info;
	int failed;

	recorder->in = fopen(options->source, "re");
	failed = recorder->in ? wav_read_header(recorder->in, &info) : -errno;
	if (failed == -EINVAL)
		return audio_port_fail(port, failed, error, "in.path=%s: it is not a WAV file",
				       options->source);
	if (failed)
		return audio_port_fail(port, failed, error, "in.path=%s: %s", options->source,
				       strerror(-failed));
	recorder->left = info.bytes;
	if (wav_fits(&info, &options->in))
		return 0;
	return audio_port_fail(port, -EINVAL, error,
			       "in.path=%s has %u Hz, %u channels, %u bits "
			       "(tag %u), and not %u Hz, %u channels, %s: say so with "
			       "in.frequency=, in.channels= and in.format=u8|s16|s32|f32",
			       options->source, info.hertz, info.channels, info.bits, info.tag,
			       audio_hertz(&options->in), (unsigned)options->in.channels,
			       formats[options->in.format]);
}

static void close_wav(struct audio_port *port)
{
	struct recorder *recorder = port->self;
	struct growing_file *out = &recorder->out;

	growing_file_check(out, out->file ? wav_finish(out->file, recorder->written) : 0);
	port->lost = growing_file_close(out);
	if (recorder->in)
		fclose(recorder->in);
	free(recorder);
}

static int open_files(struct audio_port *port, struct board_error *error)
{
	const struct audiodev_options *options = port->options;
	struct recorder *recorder = port->self;
	int failed = 0;

	if (options->path) {
		recorder->out = (struct growing_file){ fopen(options->path, "we"), "the sound",
						       options->path, false };
		failed = recorder->out.file ? wav_begin(recorder->out.file, &options->out) : -errno;
	}
	if (failed)
		return audio_port_fail(port, failed, error, "cannot write sound to '%s': %s",
				       options->path, strerror(-failed));
	return options->source ? open_source(port, error) : 0;
}

static int open_wav(struct audio_port *port, struct board_error *error)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int failed;

	if (!recorder)
		return audio_port_fail(port, -ENOMEM, error, "not enough host memory");
	recorder->options = port->options;
	port->self = recorder;
	failed = open_files(port, error);
	if (failed) {
		close_wav(port);
		return failed;
	}
	port->card->play = audio_wav_play;
	port->card->record = audio_wav_record;
	return 0;
}

const struct audio_kind audio_wav = { open_wav, close_wav };
