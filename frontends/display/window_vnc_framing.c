/* SPDX-License-Identifier: MIT */
/*
 * Passes a viewer's messages on to libvncserver only when they are complete, because the library
 * blocks until it has the rest of a message, in some places without a time limit. Messages are
 * those of RFC 6143, sections 7.1 to 7.5, and of the library's extensions.
 */
#include <endian.h>
#include <fcntl.h>
#include <poll.h>
#include <rfb/rfb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontends/display/window_vnc.h"

#define WORD_MAX 4096 /* of a longer message, this much must have arrived */
#define HEAD 8 /* a message's size is known from this many bytes */
#define WEBSOCKET "GET "
#define LINE_END "\r\n"
#define REQUEST_END LINE_END LINE_END
#define REQUEST_MAX 4096 /* bytes; the library accepts no longer request */
#define REQUEST_MS 10 /* how often to look for the rest of a request */
/* A browser's frame (RFC 6455, section 5.2): this many bytes precede the content of a short one. */
#define FRAME_HEAD 6
#define FRAME_OPCODE 0x0f
#define FRAME_CONTINUES 0
#define FRAME_BINARY 2
#define FRAME_MASKED BIT(7)
#define FRAME_LONG 126 /* this value means that the size is in the two bytes that follow */

static bool is_websocket(int fd)
{
	char text[sizeof(WEBSOCKET) - 1];

	return recv(fd, text, sizeof(text), MSG_PEEK | MSG_DONTWAIT) == sizeof(text) &&
	       !memcmp(text, WEBSOCKET, sizeof(text));
}

/*
 * Reads a browser's HTTP request when all of it has arrived, and returns its size; returns 0 if it
 * will never be complete. When the time for the greeting is over, the socket is shut down, which
 * ends the wait.
 */
static size_t vnc_framing_take_request(int fd, char text[REQUEST_MAX])
{
	struct pollfd pollfd = { fd, 0, 0 };
	ssize_t size;

	do {
		const char *end;

		size = recv(fd, text, REQUEST_MAX, MSG_PEEK | MSG_DONTWAIT);
		end = memmem(text, (size_t)MAX(size, 0), REQUEST_END, strlen(REQUEST_END));
		if (!end)
			continue;
		size = end + strlen(REQUEST_END) - text;
		return is_websocket(fd) && recv(fd, text, (size_t)size, MSG_DONTWAIT) == size ?
			       (size_t)size :
			       0;
	} while (size && size < REQUEST_MAX && !poll(&pollfd, 1, REQUEST_MS));
	return 0;
}

/*
 * Adds an Origin: header to a request that has none. The library does not answer a request without
 * it, although only browsers have to send it (RFC 6455, section 4.1). Returns the new size; a
 * request that has no room for the header is left as it is.
 */
static size_t add_origin(char text[REQUEST_MAX], size_t size)
{
	static const char origin[] = "Origin: null" REQUEST_END;
	char *end = text + size - strlen(LINE_END);
	size_t more = (size_t)(end - text) + strlen(origin);

	*end = 0;
	if (!strcasestr(text, LINE_END "Origin:") && more <= REQUEST_MAX)
		size = more;
	memcpy(end, size == more ? origin : LINE_END, size - (size_t)(end - text));
	return size;
}

/* Passes the library's first answer on to the viewer. */
static bool pass_on(int from, int to)
{
	char text[REQUEST_MAX];
	ssize_t size = recv(from, text, sizeof(text), MSG_DONTWAIT);

	return size > 0 && send(to, text, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL) == size;
}

/* Makes a socket pair and writes the request into it, as the first data that the library reads. */
static bool make_pair(int pair[2], const char *request, size_t size)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return false;
	if (send(pair[1], request, size, MSG_DONTWAIT) == (ssize_t)size)
		return true;
	close(pair[0]);
	close(pair[1]);
	return false;
}

/* Gives the library its end of the pair, with the low number that was kept for it. */
static rfbClientPtr make_client(struct vnc_viewer *viewer, int end)
{
	int low = dup3(end, viewer->seat, O_CLOEXEC);

	close(end);
	viewer->seat = -1;
	return low < 0 ? NULL : rfbNewClient(viewer->screen, low);
}

/* Replaces the library's end of the pair by the viewer's socket, so that the library talks to the
 * viewer directly from now on; passes on its first answer. */
static bool vnc_framing_join(int end, int other, int socket)
{
	return !fcntl(socket, F_SETFL, O_NONBLOCK) && dup3(socket, end, O_CLOEXEC) >= 0 &&
	       pass_on(other, socket);
}

void vnc_framing_end(rfbClientPtr client)
{
	free(client->wsctx);
	client->wsctx = NULL;
}

static void vnc_framing_dismiss(rfbClientPtr client)
{
	rfbCloseClient(client);
	vnc_framing_end(client);
	rfbClientConnectionGone(client);
}

/*
 * Returns the library's client for a viewer, or NULL if the viewer is refused. The library never
 * does the greeting on the viewer's own socket, because it would leak memory if a browser left in
 * the meantime.
 */
rfbClientPtr vnc_framing_begin(struct vnc_viewer *viewer)
{
	char request[REQUEST_MAX];
	size_t size = viewer->browser ? vnc_framing_take_request(viewer->socket, request) : 0;
	rfbClientPtr client;
	int pair[2];

	if (size)
		size = add_origin(request, size);
	if ((viewer->browser && !size) || !make_pair(pair, request, size))
		return NULL;
	client = make_client(viewer, pair[0]);
	if (client && !viewer->browser && is_websocket(viewer->socket)) {
		vnc_framing_dismiss(client);
		close(pair[1]);
		viewer->browser = true;
		return vnc_viewer_keep_seat(viewer) ? vnc_framing_begin(viewer) : NULL;
	}
	if (client && !vnc_framing_join(client->sock, pair[1], viewer->socket)) {
		vnc_framing_dismiss(client);
		client = NULL;
	}
	close(pair[1]);
	return client;
}

/* The size of each message or, if the size varies, of its first part, which determines the size; 0:
 * the message is left to the library. */
static const u8 message_sizes[256] = {
	[rfbSetPixelFormat] = sz_rfbSetPixelFormatMsg,
	[rfbFixColourMapEntries] = sz_rfbFixColourMapEntriesMsg,
	[rfbSetEncodings] = sz_rfbSetEncodingsMsg,
	[rfbFramebufferUpdateRequest] = sz_rfbFramebufferUpdateRequestMsg,
	[rfbKeyEvent] = sz_rfbKeyEventMsg,
	[rfbPointerEvent] = sz_rfbPointerEventMsg,
	[rfbClientCutText] = sz_rfbClientCutTextMsg,
	[rfbFileTransfer] = sz_rfbFileTransferMsg,
	[rfbSetScale] = sz_rfbSetScaleMsg,
	[rfbPalmVNCSetScaleFactor] = sz_rfbPalmVNCSetScaleFactorMsg,
	[rfbSetServerInput] = sz_rfbSetServerInputMsg,
	[rfbSetSW] = sz_rfbSetSWMsg,
	[rfbTextChat] = sz_rfbTextChatMsg,
	[rfbXvp] = sz_rfbXvpMsg,
	[rfbSetDesktopSize] = sz_rfbSetDesktopSizeMsg,
	[rfbQemuEvent] = sz_rfbQemuExtendedKeyEventMsg,
};

/* Returns how many bytes follow the first part of a message. */
static u32 rest_size(const u8 *head)
{
	u32 size;

	switch (*head) {
	case rfbSetEncodings:
		return 4u * (u32)(head[2] << 8 | head[3]);
	case rfbSetDesktopSize:
		return 16u * head[6];
	case rfbClientCutText:
		memcpy(&size, head + 4, sizeof(size));
		size = be32toh(size);
		/* A negative size means that the message is of the extended clipboard. */
		return size >> 31 ? -size : size;
	default:
		return 0;
	}
}

static u32 message_size(const u8 *head, size_t there)
{
	u32 size = message_sizes[*head];

	return there < MIN(size, HEAD) ? size : size + MIN(rest_size(head), WORD_MAX);
}

static u32 word_size(rfbClientPtr client, const u8 *head, size_t size)
{
	switch (client->state) {
	case RFB_PROTOCOL_VERSION:
		return sz_rfbProtocolVersionMsg;
	case RFB_AUTHENTICATION:
		return CHALLENGESIZE;
	case RFB_NORMAL:
		return client->wsctx ? 1 : message_size(head, size);
	default:
		return 1;
	}
}

/* Returns the size of the contents of complete frames, up to the first frame that is not allowed in
 * a greeting. What follows such a frame, or an incomplete one, cannot be used. */
static size_t content_size(const u8 *frame, size_t there)
{
	size_t content = 0;

	while (there >= FRAME_HEAD) {
		u8 opcode = frame[0] & FRAME_OPCODE;
		size_t head = FRAME_HEAD, size = frame[1] & ~FRAME_MASKED;

		if (!(frame[1] & FRAME_MASKED) || size > FRAME_LONG ||
		    (opcode != FRAME_CONTINUES && opcode != FRAME_BINARY))
			break;
		if (size == FRAME_LONG) {
			size = (size_t)(frame[2] << 8 | frame[3]);
			head += 2;
		}
		if (head + size > there)
			break;
		content += size;
		frame += head + size;
		there -= head + size;
	}
	return content;
}

enum vnc_framing vnc_framing_check(const struct vnc_viewer *viewer)
{
	bool browser = viewer->client->wsctx;
	u8 words[WORD_MAX];
	ssize_t got = recv(viewer->socket, words, sizeof(words), MSG_PEEK | MSG_DONTWAIT);
	size_t there = (size_t)got;
	u32 size;

	if (got <= 0)
		return VNC_MESSAGES_COMPLETE;
	size = word_size(viewer->client, words, there);
	if (browser && size > 1)
		there = content_size(words, there);
	/* The library reads at once all that a browser has sent, and would block in the middle of
	 * it. */
	if (browser && viewer->client->state == RFB_PROTOCOL_VERSION && there > size)
		return VNC_MESSAGE_TOO_EARLY;
	return there < MIN(size, WORD_MAX) ? VNC_MESSAGE_INCOMPLETE : VNC_MESSAGES_COMPLETE;
}
