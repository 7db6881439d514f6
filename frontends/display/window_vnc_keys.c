/* SPDX-License-Identifier: MIT */
/*
 * Handles keys by their position, from viewers that know QEMU's extended key event (pseudo-encoding
 * -258). Such an event says not only what a key writes, but also which key of an AT keyboard it is.
 */
#include <rfb/rfb.h>
#include <stdlib.h>

#include "frontends/display/keymap.h"
#include "frontends/display/window_vnc.h"

/* This include comes last, because the library's names are macros. */
#include <linux/input-event-codes.h>

#define ENCODING ((int)rfbEncodingQemuExtendedKeyEvent)

/* Converts the number of an AT keyboard's key to an evdev code. The table has the numbers that
 * differ in evdev. The number of an extended key has 0x80 in place of the prefix 0xe0. */
static u16 code_of(u32 number)
{
	static const u8 codes[0x100] = {
		[0x54] = KEY_SYSRQ, [0x59] = KEY_KPEQUAL, [0x70] = KEY_KATAKANAHIRAGANA,
		[0x71] = KEY_HANJA, [0x72] = KEY_HANGEUL, [0x73] = KEY_RO, [0x79] = KEY_HENKAN,
		[0x7b] = KEY_MUHENKAN, [0x7d] = KEY_YEN, [0x7e] = KEY_KPCOMMA,
		[0x9c] = KEY_KPENTER, [0x9d] = KEY_RIGHTCTRL, [0xa0] = KEY_MUTE,
		[0xae] = KEY_VOLUMEDOWN, [0xb0] = KEY_VOLUMEUP, [0xb5] = KEY_KPSLASH,
		[0xb7] = KEY_SYSRQ, [0xb8] = KEY_RIGHTALT, [0xc6] = KEY_PAUSE, [0xc7] = KEY_HOME,
		[0xc8] = KEY_UP, [0xc9] = KEY_PAGEUP, [0xcb] = KEY_LEFT, [0xcd] = KEY_RIGHT,
		[0xcf] = KEY_END, [0xd0] = KEY_DOWN, [0xd1] = KEY_PAGEDOWN, [0xd2] = KEY_INSERT,
		[0xd3] = KEY_DELETE, [0xdb] = KEY_LEFTMETA, [0xdc] = KEY_RIGHTMETA,
		[0xdd] = KEY_COMPOSE, [0xde] = KEY_POWER,
	};

	if (number >= ARRAY_SIZE(codes))
		return 0;
	return codes[number] || number > KEYMAP_NUMBER_MAX ? codes[number] : (u16)number;
}

/* Tells the viewer that it may send such events, by an update with an empty rectangle of this
 * encoding. */
static rfbBool vnc_keys_agree(rfbClientPtr client, void **data, int encoding)
{
	static const u8 update[] = { rfbFramebufferUpdate, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
				     0xff, 0xff, 0xfe, 0xfe };

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	if (rfbWriteExact(client, (const char *)update, sizeof(update)) < 0)
		rfbCloseClient(client);
	return TRUE;
}

static rfbBool vnc_keys_hear(rfbClientPtr client, void *data, const rfbClientToServerMsg *message)
{
	rfbQemuExtendedKeyEventMsg event;
	struct vnc_viewer *viewer = client->screen->screenData;
	struct keysym key = { .states = WINDOW_PLACE };

	(void)data;
	if (message->type != rfbQemuEvent)
		return FALSE;
	if (rfbReadExact(client, (char *)&event + 1, sz_rfbQemuExtendedKeyEventMsg - 1) <= 0 ||
	    event.subtype) {
		rfbCloseClient(client);
		return TRUE;
	}
	key.code = code_of(Swap32IfLE(event.keycode));
	if (key.code)
		vnc_input_key(viewer, key, event.down != 0);
	else
		vnc_input_keysym(viewer, Swap32IfLE(event.keysym), event.down != 0);
	return TRUE;
}

void vnc_keys_listen(struct vnc_viewer *viewer)
{
	static const rfbProtocolExtension keys = { .enablePseudoEncoding = vnc_keys_agree,
						   .handleMessage = vnc_keys_hear };

	/* The extension is enabled for this client alone, so the library does not write to it, as
	 * it would if it were registered. */
	rfbEnableExtension(viewer->client, (rfbProtocolExtension *)(uintptr_t)&keys, NULL);
}

/* Frees the client's only extension, which the library forgets to free. */
void vnc_keys_end(struct _rfbClientRec *client)
{
	free(client->extensions);
	client->extensions = NULL;
}
