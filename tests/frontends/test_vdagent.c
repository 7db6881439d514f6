/* SPDX-License-Identifier: MIT */
/* The host's side of SPICE's agent, with a well-behaved agent in the guest and with other
 * agents. */
#include <stdlib.h>
#include <string.h>

#include "frontends/chardev/vdagent.h"
#include "tests/cmocka.h"

enum { CLIPBOARD = 4, CAPABILITIES = 6, GRAB, REQUEST, RELEASE };

#define BY_DEMAND (1u << 5)
#define SELECTION (1u << 6)
#define CLIENT 1

/* Bytes that the guest will send. */
struct words {
	u8 bytes[4096];
	size_t size;
};

static void vdagent_add(struct words *words, const void *data, size_t size)
{
	assert_in_range(words->size + size, 0, sizeof(words->bytes));
	memcpy(words->bytes + words->size, data, size);
	words->size += size;
}

static void add32(struct words *words, u32 value)
{
	vdagent_add(words, &value, sizeof(value));
}

/* Adds one message in one chunk. */
static void add_message(struct words *words, u32 type, const void *data, u32 size)
{
	const u64 opaque = 0;

	add32(words, CLIENT);
	add32(words, 20 + size);
	add32(words, 1);
	add32(words, type);
	vdagent_add(words, &opaque, sizeof(opaque));
	add32(words, size);
	vdagent_add(words, data, size);
}

static void vdagent_say(struct vdagent *agent, u32 type, const void *data, u32 size)
{
	struct words words = { .size = 0 };

	add_message(&words, type, data, size);
	vdagent_hear(agent, words.bytes, words.size);
}

static void announce(struct vdagent *agent, u32 request, u32 capabilities)
{
	const u32 data[] = { request, capabilities };

	vdagent_say(agent, CAPABILITIES, data, sizeof(data));
}

/* Exactly these bytes must wait for the guest. */
static void vdagent_expect(struct vdagent *agent, const struct words *words)
{
	const u8 *bytes;

	assert_int_equal(vdagent_waiting(agent, &bytes), words->size);
	if (words->size)
		assert_memory_equal(bytes, words->bytes, words->size);
	vdagent_sent(agent, words->size);
}

static void expect_message(struct vdagent *agent, u32 type, const void *data, u32 size)
{
	struct words words = { .size = 0 };

	add_message(&words, type, data, size);
	vdagent_expect(agent, &words);
}

static void expect_nothing(struct vdagent *agent)
{
	vdagent_expect(agent, &(struct words){ .size = 0 });
}

/* Opens the port, and has the guest's agent announce itself as one that names the selection. */
static void meet(struct vdagent *agent)
{
	const u32 asking[] = { 1, BY_DEMAND | SELECTION }, answer[] = { 0, BY_DEMAND | SELECTION };

	*agent = (struct vdagent){ .ready = false };
	vdagent_open(agent, true);
	expect_message(agent, CAPABILITIES, asking, sizeof(asking));
	announce(agent, 1, BY_DEMAND | SELECTION | 1);
	expect_message(agent, CAPABILITIES, answer, sizeof(answer));
}

static const u32 grab[] = { 0, 1 }, other_selection[] = { 1, 1 }, picture[] = { 0, 2 };

static void test_from_the_guest(void **state)
{
	struct vdagent agent;
	char *text;

	meet(&agent);
	vdagent_say(&agent, GRAB, grab, sizeof(grab));
	expect_message(&agent, REQUEST, grab, sizeof(grab));
	assert_null(vdagent_take_text(&agent));
	vdagent_say(&agent, CLIPBOARD, "\0\0\0\0\1\0\0\0gr\xc3\xbc\xc3\x9f", 14);
	text = vdagent_take_text(&agent);
	assert_string_equal(text, "gr\xc3\xbc\xc3\x9f");
	free(text);
	assert_null(vdagent_take_text(&agent));
	vdagent_say(&agent, GRAB, picture, sizeof(picture));
	vdagent_say(&agent, GRAB, other_selection, sizeof(other_selection));
	vdagent_say(&agent, RELEASE, "\0\0\0\0", 4);
	expect_nothing(&agent);
	vdagent_free(&agent);
}

static void test_to_the_guest(void **state)
{
	struct vdagent agent;

	meet(&agent);
	vdagent_offer(&agent, "from the host");
	expect_message(&agent, GRAB, grab, sizeof(grab));
	vdagent_say(&agent, REQUEST, grab, sizeof(grab));
	expect_message(&agent, CLIPBOARD, "\0\0\0\0\1\0\0\0from the host", 21);
	vdagent_say(&agent, REQUEST, picture, sizeof(picture));
	expect_message(&agent, CLIPBOARD, "\0\0\0\0\0\0\0\0", 8);
	/* If the guest copies a picture, the host's text is no longer offered. */
	vdagent_say(&agent, GRAB, picture, sizeof(picture));
	vdagent_say(&agent, REQUEST, grab, sizeof(grab));
	expect_message(&agent, CLIPBOARD, "\0\0\0\0\0\0\0\0", 8);
	vdagent_free(&agent);
}

/* A text that was copied before there was an agent is kept, even if the agent starts again. */
static void test_early_text(void **state)
{
	struct vdagent agent = { .ready = false };
	const u8 *bytes;

	vdagent_offer(&agent, "early");
	expect_nothing(&agent);
	vdagent_open(&agent, true);
	vdagent_sent(&agent, vdagent_waiting(&agent, &bytes));
	announce(&agent, 0, BY_DEMAND);
	/* This agent has only one clipboard. */
	expect_message(&agent, GRAB, &grab[1], 4);
	vdagent_say(&agent, REQUEST, &grab[1], 4);
	expect_message(&agent, CLIPBOARD, "\1\0\0\0early", 9);
	vdagent_open(&agent, false);
	expect_nothing(&agent);
	vdagent_say(&agent, REQUEST, &grab[1], 4);
	expect_nothing(&agent);
	vdagent_free(&agent);
}

/* A text of any length, cut in any way, in both directions. */
static void test_long_text_in_pieces(void **state)
{
	struct vdagent guest, host;
	char *text = malloc(VDAGENT_TEXT_MAX + 2), *got;
	const u8 *bytes;
	size_t size, part;

	memset(text, 'x', VDAGENT_TEXT_MAX + 1);
	text[VDAGENT_TEXT_MAX + 1] = 0;
	meet(&host);
	vdagent_offer(&host, text);
	expect_nothing(&host);
	text[VDAGENT_TEXT_MAX] = 0;
	vdagent_offer(&host, text);
	expect_message(&host, GRAB, grab, sizeof(grab));
	vdagent_say(&host, REQUEST, grab, sizeof(grab));
	/* Both sides send the same kinds of messages. */
	meet(&guest);
	for (part = 1; (size = vdagent_waiting(&host, &bytes)) > 0; part = part * 7 % 4999) {
		part = MIN(part, size);
		vdagent_hear(&guest, bytes, part);
		vdagent_sent(&host, part);
	}
	got = vdagent_take_text(&guest);
	assert_string_equal(got, text);
	free(got);
	free(text);
	vdagent_free(&host);
	vdagent_free(&guest);
}

static void test_what_is_no_text(void **state)
{
	static const char *const bad[] = {
		"a\0b", "\xff\xfe\xfd", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xe0\x80\x80", "\x80",
	};
	static const u32 sizes[] = { 3, 3, 1, 2, 2, 3, 4, 3, 1 };
	struct vdagent agent;

	meet(&agent);
	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		u8 data[16] = { 0, 0, 0, 0, 1 };

		memcpy(data + 8, bad[n], sizes[n]);
		vdagent_say(&agent, CLIPBOARD, data, 8 + sizes[n]);
		assert_null(vdagent_take_text(&agent));
	}
	for (u32 size = 0; size <= 8; size++)
		vdagent_say(&agent, CLIPBOARD, "\0\0\0\0\1\0\0\0", size);
	assert_null(vdagent_take_text(&agent));
	assert_false(agent.broken);
	vdagent_free(&agent);
}

static void test_broken_messages(void **state)
{
	static const u32 starts[][3] = {
		{ CLIENT, 2049, 1 }, { CLIENT, UINT32_MAX, 1 }, { CLIENT, 40, 2 },
	};
	struct vdagent agent;
	struct words words;

	for (unsigned n = 0; n < ARRAY_SIZE(starts); n++) {
		meet(&agent);
		words = (struct words){ .size = 0 };
		vdagent_add(&words, starts[n], sizeof(starts[n]));
		words.size = 40;
		vdagent_hear(&agent, words.bytes, words.size);
		assert_true(agent.broken);
		vdagent_say(&agent, GRAB, grab, sizeof(grab));
		expect_nothing(&agent);
		vdagent_open(&agent, true);
		assert_false(agent.broken);
		vdagent_free(&agent);
	}
	/* This chunk is longer than its message. */
	meet(&agent);
	words = (struct words){ .size = 0 };
	add_message(&words, RELEASE, "\0\0\0\0more", 8);
	words.bytes[24] = 4;
	vdagent_hear(&agent, words.bytes, words.size);
	assert_true(agent.broken);
	vdagent_free(&agent);
}

/* A message without end needs no more memory than the longest message that is stored. */
static void test_huge_message(void **state)
{
	u8 zeros[2048] = { 0 };
	struct vdagent agent;
	struct words words = { .size = 0 };

	meet(&agent);
	add_message(&words, CLIPBOARD, "", 0);
	memset(words.bytes + 24, 0xff, 4);
	vdagent_hear(&agent, words.bytes, words.size);
	for (unsigned n = 0; n < 10000; n++) {
		const u32 header[] = { CLIENT, sizeof(zeros) };

		vdagent_hear(&agent, (const u8 *)header, sizeof(header));
		vdagent_hear(&agent, zeros, sizeof(zeros));
	}
	assert_false(agent.broken);
	assert_in_range(agent.message.room, 1, 3 * VDAGENT_TEXT_MAX);
	vdagent_free(&agent);
}

/* A guest that sends requests without end and reads nothing needs no more memory either. */
static void test_requests_without_end(void **state)
{
	struct vdagent agent;
	char text[100001] = "";
	const u8 *bytes;

	meet(&agent);
	memset(text, 'x', sizeof(text) - 1);
	vdagent_offer(&agent, text);
	for (unsigned n = 0; n < 1000; n++)
		vdagent_say(&agent, REQUEST, grab, sizeof(grab));
	assert_in_range(vdagent_waiting(&agent, &bytes), 1, 4 * MiB);
	vdagent_free(&agent);
}

/* Random bytes, half of them in well-formed chunks. */
static void test_noise(void **state)
{
	struct vdagent agent;
	u8 data[64];

	meet(&agent);
	for (unsigned n = 0; n < 200000; n++) {
		u32 size = (u32)rand() % sizeof(data), type = (u32)rand() % 18;

		for (u32 i = 0; i < size; i++)
			data[i] = (u8)(rand() % (rand() % 2 ? 256 : 3));
		if (rand() % 16)
			vdagent_say(&agent, type, data, size);
		else
			vdagent_hear(&agent, data, size);
		if (agent.broken)
			vdagent_open(&agent, true);
		free(vdagent_take_text(&agent));
		if (n % 64 == 0)
			vdagent_offer(&agent, "text");
	}
	vdagent_free(&agent);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_from_the_guest),
	cmocka_unit_test(test_to_the_guest),
	cmocka_unit_test(test_early_text),
	cmocka_unit_test(test_long_text_in_pieces),
	cmocka_unit_test(test_what_is_no_text),
	cmocka_unit_test(test_broken_messages),
	cmocka_unit_test(test_huge_message),
	cmocka_unit_test(test_requests_without_end),
	cmocka_unit_test(test_noise),
	{ 0 },
};
