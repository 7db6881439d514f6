/* SPDX-License-Identifier: MIT */
/*
 * Declares what the files of the VNC server share: window_vnc.c (viewers connect and leave),
 * window_vnc_viewer.c (sends the picture to a viewer), window_vnc_input.c (a viewer's input),
 * window_vnc_keys.c (QEMU's extended key events), window_vnc_clipboard.c (a viewer's clipboard),
 * window_vnc_framing.c (whether a message has arrived completely), window_vnc_info.c. Each viewer
 * has its own thread and its own screen of libvncserver: the library blocks on a peer that sends
 * half a message or does not read, and this way only that peer is affected. All outputs are shown
 * side by side in one picture.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_VNC_H
#define FRONTENDS_DISPLAY_WINDOW_VNC_H

#include "frontends/display/layout.h"
#include "frontends/display/window_kind.h"
#include "frontends/net/listen.h"

#define VNC_VIEWERS_MAX 8
/* The picture is cut off at these limits, because libvncserver sends whole rows from a buffer of
 * 30000 bytes. */
#define VNC_WIDTH_MAX 7488u
#define VNC_HEIGHT_MAX 16384u

struct _rfbClientRec;
struct _rfbScreenInfo;

struct vnc_viewer {
	struct window_vnc *server;
	/* There is a viewer, with a thread. Only the server's thread changes this, with the lock
	 * held. */
	bool here;
	pthread_t thread;
	int socket; /* the library has a duplicate of this descriptor */
	/* A low descriptor, kept free for the library, which uses select(); the library has it
	 * while there is a viewer. */
	int seat;
	int wake; /* an eventfd: there is something to show, or the viewer has to end */
	u64 since; /* the host's time in ns at which it connected */
	bool stuck; /* its thread could not be ended */
	bool browser; /* it connected to the address for websockets */

	/* Only the viewer's thread uses these. */
	struct _rfbScreenInfo *screen;
	struct _rfbClientRec *client; /* NULL: it is gone */
	u32 *pixels; /* 0x00BBGGRR, the library's format */
	u32 width, height;
	u8 held[32]; /* the keys that are held, one bit for each evdev code */
	u32 buttons; /* the button mask of the RFB protocol */
	/* The host's time in ns since which a message has been incomplete; 0: none is. */
	u64 half_since;
	s32 x, y;

	/* The window's lock protects the rest. */
	/* The size and damage of what the viewer is shown, without pixels. */
	struct display_scanout damage;
	bool anew; /* the whole picture has to be sent; its size may have changed */
	bool cursor_changed, text_changed;
	bool greeted, gone;
};

#define VNC_LISTENERS 2 /* one for viewers, and one for browsers */

struct window_vnc {
	struct window window;
	struct net_listener listeners[VNC_LISTENERS];
	int wake; /* an eventfd */
	struct vnc_viewer viewers[VNC_VIEWERS_MAX];
	struct layout layout; /* the layout of the guest's keyboard, which does not change */
	/* Held during a viewer's handshake, because the library has a single list of security
	 * types. */
	pthread_mutex_t greeting;
	/* The window's lock protects the rest. */
	unsigned cursor_output; /* the output whose cursor the viewers see */
	char *text; /* the text that the guest has copied, or NULL */
};

/* Computes the place of the output's picture among those of all outputs. Returns false if the
 * output is off, or lies beyond the limits. Called with the lock held. */
bool vnc_place(const struct window *window, unsigned output, struct display_rect *place);

/* Records for each viewer what has changed. Called with the lock held, by the server's thread or by
 * a viewer's thread that runs first, so that no change is handled twice. */
void vnc_spread(struct window_vnc *server);

/* window_vnc_viewer.c. The first makes a slot's eventfd and screen, which live as long as the
 * server; the second frees them; the third is the function of a viewer's thread. */
bool vnc_viewer_make(struct vnc_viewer *viewer);
void vnc_viewer_free(struct vnc_viewer *viewer);
/* Reserves a low descriptor if none is. Returns false if there is none. */
bool vnc_viewer_keep_seat(struct vnc_viewer *viewer);
void *vnc_viewer_thread(void *viewer);

/* window_vnc_input.c. The first installs the library's callbacks for input, the second releases the
 * keys and buttons that are still held when the viewer leaves. */
void vnc_input_listen(struct vnc_viewer *viewer);
void vnc_input_release(struct vnc_viewer *viewer);
void vnc_input_key(struct vnc_viewer *viewer, struct keysym key, bool down);
/* Handles a key that is given by its keysym. */
void vnc_input_keysym(struct vnc_viewer *viewer, u32 number, bool down);

/* window_vnc_keys.c: called after the library has made the client, and before it frees it. */
void vnc_keys_listen(struct vnc_viewer *viewer);
void vnc_keys_end(struct _rfbClientRec *client);

/* window_vnc_clipboard.c. Returns whether the guest has copied a new text, which becomes
 * server->text. Called with the lock held. */
bool vnc_clipboard_take(struct window_vnc *server);
/* Returns the text that has not been sent to the viewer yet, which the caller frees; or NULL.
 * Called with the lock held. */
char *vnc_clipboard_next(struct vnc_viewer *viewer);
/* Sends the text to the viewer and frees it. Called without the lock. */
void vnc_clipboard_put(struct vnc_viewer *viewer, char *text);
/* Installs the library's callbacks for the clipboard. */
void vnc_clipboard_listen(struct vnc_viewer *viewer);

/* window_vnc_info.c: implements `describe` of struct window_kind. */
void vnc_describe(const struct window *window, FILE *out);

enum vnc_framing {
	VNC_MESSAGES_COMPLETE, /* all messages that have begun to arrive are complete */
	VNC_MESSAGE_INCOMPLETE,
	/* A browser has sent more than it was asked for, and must be disconnected. */
	VNC_MESSAGE_TOO_EARLY,
};

/* window_vnc_framing.c. Returns the library's client for a new viewer, before the library has read
 * anything from it; NULL: the viewer is refused. */
struct _rfbClientRec *vnc_framing_begin(struct vnc_viewer *viewer);
/* Frees memory that the library allocates for a browser and does not free. */
void vnc_framing_end(struct _rfbClientRec *client);
/* Returns whether what the viewer has sent, and the library has not read yet, consists of complete
 * messages. */
enum vnc_framing vnc_framing_check(const struct vnc_viewer *viewer);

#endif
