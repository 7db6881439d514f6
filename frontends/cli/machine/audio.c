/* SPDX-License-Identifier: MIT */
/* Parses -audiodev, and connects sound cards to audio backends when all options are read. */
#include "frontends/cli/table.h"

#include <errno.h>
#include <string.h>

static const char format_words[] = "u8|s16|s32|f32"; /* in the order of enum audio_format */

#define SETTINGS(prefix, member)                                                                   \
	{ .name = prefix ".frequency", .kind = KEY_WORD, .accepted = AUDIO_RATE_WORDS,             \
	  .offset = offsetof(struct audiodev_options, member.rate) },                              \
	{ .name = prefix ".channels", .kind = KEY_NUMBER, .accepted = "N", .min = 1,               \
	  .max = AUDIO_CHANNELS_MAX,                                                               \
	  .offset = offsetof(struct audiodev_options, member.channels) },                          \
	{ .name = prefix ".format", .kind = KEY_WORD, .accepted = format_words,                    \
	  .offset = offsetof(struct audiodev_options, member.format) }

static const struct key audiodev_keys[] = {
	{ .name = "driver", .kind = KEY_WORD, .offset = offsetof(struct audiodev_options, kind),
	  .accepted = "none|wav|sdl" },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct audiodev_options, id),
	  .accepted = "ID" },
	{ .name = "path", .kind = KEY_TEXT, .offset = offsetof(struct audiodev_options, path),
	  .accepted = "FILE" },
	{ .name = "in.path", .kind = KEY_TEXT, .offset = offsetof(struct audiodev_options, source),
	  .accepted = "FILE" },
	SETTINGS("out", out),
	SETTINGS("in", in),
};

static struct audiodev_options *audiodev_find(struct parser *parser, const char *id)
{
	struct audio_options *audio = &parser->options->audio;

	for (unsigned n = 0; n < audio->count; n++)
		if (!strcmp(audio->audiodevs[n].id, id))
			return &audio->audiodevs[n];
	return NULL;
}

bool audiodev_is_there(struct parser *parser, const char *id)
{
	return audiodev_find(parser, id) != NULL;
}

/* Determines the rates that the guest can choose. A rate that is given is the only one; a file
 * always has a single one. */
static void set_rates(struct audio_settings *settings, unsigned kind)
{
	bool given = settings->rate != AUDIO_RATES;

	if (!given)
		settings->rate = AUDIO_RATE_44100;
	settings->rates = given || kind == AUDIODEV_WAV ? BIT(settings->rate) : AUDIO_RATES_COMMON;
}

int apply_audiodev(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-audiodev", audiodev_keys, ARRAY_SIZE(audiodev_keys),
				       "driver" };
	const struct audio_settings usual = { .rate = AUDIO_RATES, .format = AUDIO_FORMAT_S16,
					      .channels = 2 };
	struct audio_options *audio = &parser->options->audio;
	struct audiodev_options audiodev = { .kind = AUDIODEV_KINDS, .out = usual, .in = usual };
	int failed;

	(void)option;
	if (audio->count == AUDIODEVS_MAX)
		return keyval_fail(parser->error, "-audiodev: more than %d", AUDIODEVS_MAX);
	failed = keyval_parse(&keyval, value, &audiodev, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!audiodev.id || audiodev.kind == AUDIODEV_KINDS)
		return keyval_fail(parser->error,
				   "-audiodev: '%s' needs none|wav|sdl and id=ID, "
				   "for -device virtio-sound-device,audiodev=ID",
				   value);
	if (audiodev_find(parser, audiodev.id))
		return keyval_fail(parser->error, "-audiodev: id=%s is given twice", audiodev.id);
	if (audiodev.kind == AUDIODEV_WAV ? !audiodev.path && !audiodev.source :
					    audiodev.path || audiodev.source)
		return keyval_fail(parser->error,
				   "-audiodev: '%s': path=FILE and in.path=FILE "
				   "are for wav, which needs one of them to play to or record "
				   "from",
				   value);
	set_rates(&audiodev.out, audiodev.kind);
	set_rates(&audiodev.in, audiodev.kind);
	audio->audiodevs[audio->count++] = audiodev;
	return 0;
}

int finish_sound(struct parser *parser, const struct device_line *line, const struct key *key)
{
	const char *name = device_line_name(line);
	struct virtio_sound_properties *sound = line->properties;
	struct audiodev_options *audiodev;

	audiodev = audiodev_find(parser, sound->audiodev);
	if (!audiodev)
		return keyval_fail(parser->error, "-device %s: %s=%s: no -audiodev has this id",
				   name, key->name, sound->audiodev);
	if (audiodev->used)
		return keyval_fail(parser->error, "-device %s: %s=%s is in use already", name,
				   key->name, sound->audiodev);
	audiodev->used = true;
	sound->out = audiodev->out;
	sound->in = audiodev->in;
	return 0;
}
