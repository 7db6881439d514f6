/* SPDX-License-Identifier: MIT */
/*
 * Implements the protocol of SPICE's agent: chunks contain messages, and messages contain the
 * clipboard's text. The side on which something is copied grabs the clipboard, and the other side
 * then requests the text. Baya requests it at once, because the host's clipboard needs the text
 * itself.
 */
#include "frontends/chardev/vdagent.h"

#include <stdlib.h>
#include <string.h>

/* These describe VDIChunkHeader and VDAgentMessage of SPICE's protocol. */
#define CHUNK_HEADER 8
#define CHUNK_DATA_MAX 2048
#define CLIENT_PORT 1
#define MESSAGE_HEADER 20
#define PROTOCOL 1

/* MESSAGE_MAX is the longest message that is stored; OUT_MAX is how much output may wait for a
 * guest that does not read. */
#define MESSAGE_MAX (MESSAGE_HEADER + 8 + VDAGENT_TEXT_MAX)
#define OUT_MAX (4 * MiB)

enum { CLIPBOARD = 4, ANNOUNCE_CAPABILITIES = 6, GRAB, REQUEST, RELEASE };
enum { CAP_CLIPBOARD_BY_DEMAND = 5, CAP_CLIPBOARD_SELECTION = 6 };
enum { SELECTION_CLIPBOARD };
enum { TYPE_NONE, TYPE_UTF8_TEXT };

static u32 get32(const u8 *bytes)
{
	u32 value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static void buffer_free(struct vdagent_buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct vdagent_buffer){ NULL, 0, 0, 0 };
}

static size_t buffer_size(const struct vdagent_buffer *buffer)
{
	return buffer->end - buffer->start;
}

/* Moves the bytes that are left to the front when at least half of those before the end are
 * consumed. */
static void buffer_close_up(struct vdagent_buffer *buffer)
{
	if (buffer->start < buffer->end / 2)
		return;
	memmove(buffer->bytes, buffer->bytes + buffer->start, buffer_size(buffer));
	buffer->end -= buffer->start;
	buffer->start = 0;
}

static bool buffer_add(struct vdagent_buffer *buffer, const void *data, size_t size)
{
	size_t room = MAX(2 * buffer->room, buffer->end + size);
	u8 *grown;

	if (buffer->end + size > buffer->room) {
		grown = realloc(buffer->bytes, room);
		if (!grown)
			return false;
		buffer->bytes = grown;
		buffer->room = room;
	}
	if (size)
		memcpy(buffer->bytes + buffer->end, data, size);
	buffer->end += size;
	return true;
}

static void vdagent_forget(char **text)
{
	free(*text);
	*text = NULL;
}

void vdagent_free(struct vdagent *agent)
{
	buffer_free(&agent->message);
	buffer_free(&agent->out);
	vdagent_forget(&agent->host_text);
	vdagent_forget(&agent->guest_text);
}

/* Sends a message in chunks, either whole or not at all. */
static void send_message(struct vdagent *agent, u32 type, const u8 *data, size_t size)
{
	u8 header[MESSAGE_HEADER] = { PROTOCOL };
	u32 words[] = { type, (u32)size };
	size_t whole = MESSAGE_HEADER + size, before = buffer_size(&agent->out);
	size_t chunks = whole / CHUNK_DATA_MAX + 1;
	struct vdagent_buffer message = { NULL, 0, 0, 0 };
	bool added;

	if (before + whole + chunks * CHUNK_HEADER > OUT_MAX)
		return;
	if (before)
		buffer_close_up(&agent->out);
	memcpy(header + 4, &words[0], sizeof(u32));
	memcpy(header + 16, &words[1], sizeof(u32));
	added = buffer_add(&message, header, sizeof(header)) && buffer_add(&message, data, size);
	for (size_t at = 0; added && at < whole; at += CHUNK_DATA_MAX) {
		u32 chunk[] = { CLIENT_PORT, (u32)MIN(whole - at, (size_t)CHUNK_DATA_MAX) };

		added = buffer_add(&agent->out, chunk, sizeof(chunk)) &&
			buffer_add(&agent->out, message.bytes + at, chunk[1]);
	}
	if (!added)
		agent->out.end = agent->out.start + before;
	buffer_free(&message);
}

/* Sends a message about the clipboard: the selection, if the guest's messages name one too, then a
 * type and a text. */
static void send_clipboard(struct vdagent *agent, u32 message, u32 type, const char *text)
{
	const u8 selection[4] = { SELECTION_CLIPBOARD };
	struct vdagent_buffer data = { NULL, 0, 0, 0 };

	if (buffer_add(&data, selection, agent->selections ? sizeof(selection) : 0) &&
	    buffer_add(&data, &type, sizeof(type)) &&
	    buffer_add(&data, text, text ? strlen(text) : 0))
		send_message(agent, message, data.bytes, data.end);
	buffer_free(&data);
}

static void send_capabilities(struct vdagent *agent, bool request)
{
	const u32 words[] = { request,
			      1u << CAP_CLIPBOARD_BY_DEMAND | 1u << CAP_CLIPBOARD_SELECTION };

	send_message(agent, ANNOUNCE_CAPABILITIES, (const u8 *)words, sizeof(words));
}

static void hear_capabilities(struct vdagent *agent, const u8 *data, size_t size)
{
	u32 capabilities;

	if (size < 2 * sizeof(u32))
		return;
	capabilities = get32(data + 4);
	agent->ready = capabilities & 1u << CAP_CLIPBOARD_BY_DEMAND;
	agent->selections = capabilities & 1u << CAP_CLIPBOARD_SELECTION;
	if (get32(data))
		send_capabilities(agent, false);
	if (agent->ready && agent->host_text)
		send_clipboard(agent, GRAB, TYPE_UTF8_TEXT, NULL);
}

/* Returns how many bytes follow the first byte of a UTF-8 character; -1 if no character begins with
 * the byte. */
static int followers(u8 byte)
{
	return byte < 0x80 ? 0 :
	       byte < 0xc2 ? -1 :
	       byte < 0xe0 ? 1 :
	       byte < 0xf0 ? 2 :
	       byte < 0xf5 ? 3 :
			     -1;
}

/* Returns whether this is text for any program on the host: UTF-8, without a NUL. */
static bool is_text(const u8 *data, size_t size)
{
	for (size_t n = 0; n < size;) {
		u8 first = data[n++];
		int more = followers(first);

		if (!first || more < 0 || (size_t)more > size - n)
			return false;
		/* These are overlong forms, surrogates, and codes beyond Unicode's last one. */
		if ((first == 0xe0 && data[n] < 0xa0) || (first == 0xed && data[n] >= 0xa0) ||
		    (first == 0xf0 && data[n] < 0x90) || (first == 0xf4 && data[n] >= 0x90))
			return false;
		for (; more; more--)
			if ((data[n++] & 0xc0) != 0x80)
				return false;
	}
	return size > 0;
}

static void hear_text(struct vdagent *agent, const u8 *data, size_t size)
{
	if (size < sizeof(u32) || get32(data) != TYPE_UTF8_TEXT ||
	    !is_text(data + sizeof(u32), size - sizeof(u32)))
		return;
	vdagent_forget(&agent->guest_text);
	agent->guest_text = strndup((const char *)data + sizeof(u32), size - sizeof(u32));
}

static void hear_grab(struct vdagent *agent, const u8 *types, size_t size)
{
	vdagent_forget(&agent->host_text);
	for (size_t n = 0; n + sizeof(u32) <= size; n += sizeof(u32)) {
		if (get32(types + n) != TYPE_UTF8_TEXT)
			continue;
		send_clipboard(agent, REQUEST, TYPE_UTF8_TEXT, NULL);
		return;
	}
}

/* Answers a request for the host's text. A guest that sends further requests and does not read the
 * answers gets no more answers while too much output waits for it. */
static void hear_request(struct vdagent *agent, const u8 *data, size_t size)
{
	bool text = size >= sizeof(u32) && get32(data) == TYPE_UTF8_TEXT && agent->host_text;

	if (buffer_size(&agent->out) > VDAGENT_TEXT_MAX)
		return;
	send_clipboard(agent, CLIPBOARD, text ? TYPE_UTF8_TEXT : TYPE_NONE,
		       text ? agent->host_text : NULL);
}

static void hear_message(struct vdagent *agent, u32 type, const u8 *data, size_t size)
{
	if (type == ANNOUNCE_CAPABILITIES) {
		hear_capabilities(agent, data, size);
		return;
	}
	if (!agent->ready)
		return;
	if (agent->selections) {
		if (size < 4 || data[0] != SELECTION_CLIPBOARD)
			return;
		data += 4;
		size -= 4;
	}
	if (type == CLIPBOARD)
		hear_text(agent, data, size);
	else if (type == GRAB)
		hear_grab(agent, data, size);
	else if (type == REQUEST)
		hear_request(agent, data, size);
}

/* Adds part of a message, and handles the message when it is complete; one that is too long is
 * skipped. Returns false if the message is not valid. */
static bool hear_part(struct vdagent *agent, const u8 *data, size_t size)
{
	struct vdagent_buffer *message = &agent->message;
	size_t fits = MIN(size, MESSAGE_MAX - MIN(message->end, (size_t)MESSAGE_MAX));

	if (!buffer_add(message, data, fits))
		return false;
	message->start += size; /* `start` counts all bytes of the message so far */
	if (!agent->message_size && message->end >= MESSAGE_HEADER) {
		agent->message_size = MESSAGE_HEADER + (u64)get32(message->bytes + 16);
		if (get32(message->bytes) != PROTOCOL)
			return false;
	}
	if (!agent->message_size || message->start < agent->message_size)
		return true;
	if (message->start > agent->message_size)
		return false;
	if (message->end == message->start)
		hear_message(agent, get32(message->bytes + 4), message->bytes + MESSAGE_HEADER,
			     message->end - MESSAGE_HEADER);
	buffer_free(message);
	agent->message_size = 0;
	return true;
}

/* Reads part of a chunk's header; returns false when the header is complete and announces a chunk
 * that is too long. */
static bool hear_header(struct vdagent *agent, const u8 **data, size_t *size)
{
	size_t part = MIN(*size, CHUNK_HEADER - agent->chunk_size);

	memcpy(agent->chunk + agent->chunk_size, *data, part);
	agent->chunk_size += part;
	*data += part;
	*size -= part;
	if (agent->chunk_size < CHUNK_HEADER)
		return true;
	agent->chunk_left = get32(agent->chunk + 4);
	if (!agent->chunk_left)
		agent->chunk_size = 0;
	return agent->chunk_left <= CHUNK_DATA_MAX;
}

void vdagent_hear(struct vdagent *agent, const u8 *data, size_t size)
{
	while (size && !agent->broken) {
		size_t part = MIN(size, agent->chunk_left);

		if (!part) {
			agent->broken = !hear_header(agent, &data, &size);
			continue;
		}
		if (get32(agent->chunk) == CLIENT_PORT)
			agent->broken = !hear_part(agent, data, part);
		data += part;
		size -= part;
		agent->chunk_left -= (u32)part;
		if (!agent->chunk_left)
			agent->chunk_size = 0;
	}
}

void vdagent_open(struct vdagent *agent, bool open)
{
	char *text = agent->host_text;

	agent->host_text = NULL;
	vdagent_free(agent);
	*agent = (struct vdagent){ .host_text = text };
	if (open)
		send_capabilities(agent, true);
}

void vdagent_offer(struct vdagent *agent, const char *text)
{
	vdagent_forget(&agent->host_text);
	if (strlen(text) > VDAGENT_TEXT_MAX)
		return;
	agent->host_text = strdup(text);
	if (agent->ready && agent->host_text)
		send_clipboard(agent, GRAB, TYPE_UTF8_TEXT, NULL);
}

char *vdagent_take_text(struct vdagent *agent)
{
	char *text = agent->guest_text;

	agent->guest_text = NULL;
	return text;
}

size_t vdagent_waiting(const struct vdagent *agent, const u8 **bytes)
{
	*bytes = agent->out.bytes + agent->out.start;
	return buffer_size(&agent->out);
}

void vdagent_sent(struct vdagent *agent, size_t size)
{
	agent->out.start += size;
	if (agent->out.start == agent->out.end)
		buffer_free(&agent->out);
}
