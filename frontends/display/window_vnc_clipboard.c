/* SPDX-License-Identifier: MIT */
/*
 * Exchanges text that viewers copy and paste. The protocol sends it in Latin-1 (RFC 6143 sections
 * 7.5.6 and 7.6.4), with a question mark for each character that Latin-1 lacks. Viewers that know
 * the extended clipboard get UTF-8.
 */
#include <rfb/rfb.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/display/window_vnc.h"

static char *utf8_of(const char *latin1, size_t size)
{
	char *text = malloc(2 * size + 1), *to = text;

	if (!text)
		return NULL;
	for (size_t n = 0; n < size && latin1[n]; n++) {
		u8 byte = (u8)latin1[n];

		if (byte < 0x80) {
			*to++ = (char)byte;
		} else {
			*to++ = (char)(0xc0 | byte >> 6);
			*to++ = (char)(0x80 | (byte & 0x3f));
		}
	}
	*to = 0;
	return text;
}

static bool is_continued(char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Converts UTF-8, which may be malformed because it is from a guest, to Latin-1. */
static char *latin1_of(const char *text)
{
	char *latin1 = malloc(strlen(text) + 1), *to = latin1;

	if (!latin1)
		return NULL;
	for (; *text; text++) {
		u8 byte = (u8)*text;

		if (byte < 0x80)
			*to++ = (char)byte;
		else if ((byte == 0xc2 || byte == 0xc3) && is_continued(text[1]))
			*to++ = (char)(byte << 6 | (*++text & 0x3f));
		else if (!is_continued(*text))
			*to++ = '?';
	}
	*to = 0;
	return latin1;
}

/* Takes over a text from a viewer, unless the viewer only sends back the text that it got from the
 * guest. */
static void vnc_clipboard_receive(rfbClientPtr client, char *text)
{
	struct window_vnc *server = ((struct vnc_viewer *)client->screen->screenData)->server;
	bool news;

	pthread_mutex_lock(&server->window.lock);
	news = text && *text && (!server->text || strcmp(text, server->text));
	pthread_mutex_unlock(&server->window.lock);
	if (news)
		window_copied(&server->window, text);
	else
		free(text);
}

static void hear_latin1(char *text, int size, rfbClientPtr client)
{
	vnc_clipboard_receive(client, utf8_of(text, (size_t)size));
}

/*
 * Takes a text from the extended clipboard, if its only NUL is at its end. The library accepts a
 * text that is shorter than its stated size; what follows would be other contents of the host's
 * memory.
 */
static void hear_utf8(char *text, int size, rfbClientPtr client)
{
	if (size > 0 && strnlen(text, (size_t)size) == (size_t)size - 1)
		vnc_clipboard_receive(client, strdup(text));
}

bool vnc_clipboard_take(struct window_vnc *server)
{
	char *text = server->window.put_text;

	if (!text)
		return false;
	server->window.put_text = NULL;
	free(server->text);
	server->text = text;
	return true;
}

char *vnc_clipboard_next(struct vnc_viewer *viewer)
{
	const struct window_vnc *server = viewer->server;

	/* The viewer must have sent its encodings first. */
	if (!viewer->text_changed || !viewer->greeted || viewer->client->preferredEncoding == -1)
		return NULL;
	viewer->text_changed = false;
	return server->text ? strdup(server->text) : NULL;
}

void vnc_clipboard_put(struct vnc_viewer *viewer, char *text)
{
	char *latin1;

	if (text && viewer->client->enableExtendedClipboard) {
		rfbSendServerCutTextUTF8(viewer->screen, text, (int)strlen(text), NULL, 0);
	} else if (text) {
		latin1 = latin1_of(text);
		if (latin1)
			rfbSendServerCutText(viewer->screen, latin1, (int)strlen(latin1));
		free(latin1);
	}
	free(text);
}

void vnc_clipboard_listen(struct vnc_viewer *viewer)
{
	if (!viewer->server->window.setup.clipboard)
		return;
	viewer->screen->setXCutText = hear_latin1;
	viewer->screen->setXCutTextUTF8 = hear_utf8;
}
