/* SPDX-License-Identifier: MIT */
/* frontends/audio/wav.c and audio_wav.c: files that they write, and files of other programs, valid
 * and broken. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/audio/audio_port.h"
#include "frontends/audio/wav.h"
#include "tests/cmocka.h"

static const struct audio_settings stereo = { .rate = AUDIO_RATE_44100, .format = AUDIO_FORMAT_S16,
					      .channels = 2 };
static const struct audio_settings single = { .rate = 1, .format = AUDIO_FORMAT_F32,
					      .channels = 1 };

/* Returns the result of wav_read_header for these bytes. */
static int wav_look_at(const void *bytes, size_t size, struct wav_info *info)
{
	FILE *file = tmpfile();
	int failed;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	rewind(file);
	failed = wav_read_header(file, info);
	fclose(file);
	return failed;
}

/* Makes a file with four bytes of samples, by Baya's own functions. */
static size_t make(const struct audio_settings *settings, u8 *bytes, size_t room)
{
	FILE *file = tmpfile();
	size_t size;

	assert_non_null(file);
	assert_int_equal(wav_begin(file, settings), 0);
	assert_int_equal(fwrite("abcd", 1, 4, file), 4);
	assert_int_equal(wav_finish(file, 4), 0);
	rewind(file);
	size = fread(bytes, 1, room, file);
	fclose(file);
	return size;
}

static void test_own(void **state)
{
	const struct audio_settings *settings[] = { &stereo, &single };
	struct wav_info info;
	u8 bytes[64];

	for (unsigned n = 0; n < ARRAY_SIZE(settings); n++) {
		assert_int_equal(make(settings[n], bytes, sizeof(bytes)), 48);
		assert_memory_equal(bytes + 44, "abcd", 4);
		assert_int_equal(wav_look_at(bytes, 48, &info), 0);
		assert_int_equal(info.bytes, 4);
		assert_true(wav_fits(&info, settings[n]));
		assert_false(wav_fits(&info, settings[!n]));
		for (size_t size = 0; size < 44; size++)
			assert_int_equal(wav_look_at(bytes, size, &info), -EINVAL);
	}
}

/* There are chunks between the known ones, one of them with an odd size; the format is the
 * extensible one. */
static void test_others(void **state)
{
	static const u8 bytes[] = "RIFF\0\0\0\0WAVE"
				  "LIST\3\0\0\0abc\0fmt \50\0\0\0\376\377\1\0\100\37\0\0\0\175\0\0"
				  "\4\0\40\0\26\0\40\0\4\0\0\0"
				  "\3\0\0\0\0\0\20\0\200\0\0\252\0\70\233\161fact\4\0\0\0\1\0\0\0"
				  "data\10\0\0\0";
	struct wav_info info;

	assert_int_equal(wav_look_at(bytes, sizeof(bytes) - 1, &info), 0);
	assert_int_equal(info.tag, 3);
	assert_int_equal(info.bytes, 8); /* the file contains none of them */
	assert_true(wav_fits(&info, &single));
}

static void test_broken(void **state)
{
	u8 bytes[64], broken[64];
	struct wav_info info;
	size_t size = make(&stereo, bytes, sizeof(bytes));

	for (size_t at = 0; at < 44; at++)
		for (unsigned value = 0; value < 256; value++) {
			int failed;

			memcpy(broken, bytes, size);
			broken[at] = (u8)value;
			failed = wav_look_at(broken, size, &info);
			assert_true(failed == 0 || failed == -EINVAL);
		}
	memcpy(broken, bytes, size);
	memset(broken + 16, 0xff, 4); /* size of a chunk that is read, or skipped */
	assert_int_equal(wav_look_at(broken, size, &info), -EINVAL);
	memcpy(broken + 12, "junk", 4);
	assert_int_equal(wav_look_at(broken, size, &info), -EINVAL);
	assert_int_equal(wav_look_at("RIFF\0\0\0\0WAVEdata\4\0\0\0abcd", 24, &info), -EINVAL);
}

/* A full disk ends the recording, also when the header is written again, and not the run. */
static void test_full_disk(void **state)
{
	static const u8 samples[65536];
	const struct audiodev_options options = { .id = "a", .path = "/dev/full", .out = stereo };

	for (size_t size = 0; size <= sizeof(samples); size += sizeof(samples)) {
		struct audio card = { 0 };
		struct audio_port port = { .options = &options, .card = &card };
		struct board_error error;

		assert_int_equal(audio_wav.open(&port, &error), 0);
		card.play(port.self, samples, size);
		audio_wav.close(&port);
		assert_true(port.lost);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_own),
	cmocka_unit_test(test_others),
	cmocka_unit_test(test_broken),
	cmocka_unit_test(test_full_disk),
	{ 0 },
};
