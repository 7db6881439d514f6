/* SPDX-License-Identifier: MIT */
/*
 * Declares what the files of the VNC server share: window_vnc.c (viewers come and go),
 * window_vnc_viewer.c (sends one viewer the picture), window_vnc_input.c (its input),
 * window_vnc_keys.c (QEMU's key events), window_vnc_clipboard.c (its clipboard), window_vnc_words.c
 * (whether a message has arrived whole). Each viewer has a thread and a screen of libvncserver's of
 * its own: the library blocks on a peer that sends half a message or reads nothing, and so only
 * that peer suffers. All outputs are shown side by side.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_VNC_H
#define FRONTENDS_DISPLAY_WINDOW_VNC_H

#include "frontends/display/layout.h"
#include "frontends/display/window_kind.h"
#include "frontends/net/listen.h"

#define VNC_VIEWERS_MAX 8
/* Pixels beyond these limits are not shown: libvncserver sends whole rows, from a buffer of 30000
 * bytes. */
#define VNC_WIDTH_MAX 7488u
#define VNC_HEIGHT_MAX 16384u

struct _rfbClientRec;
struct _rfbScreenInfo;

struct vnc_viewer {
	struct window_vnc *server;
	bool here; /* it has a thread; the server's thread changes this, under the window's lock */
	pthread_t thread;
	int socket; /* the library has a duplicate of this descriptor */
	int wake; /* an eventfd: there is something to show, or the viewer has to end */
	u64 since; /* when it connected, host's ns */
	bool stuck; /* its thread does not end */
	bool browser; /* it connected to the address for websockets */

	/* Used by the viewer's thread alone. */
	struct _rfbScreenInfo *screen;
	struct _rfbClientRec *client; /* NULL: gone */
	u32 *pixels; /* 0x00BBGGRR, the library's format */
	u32 width, height;
	u8 held[32]; /* keys held, a bit for each code */
	u32 buttons; /* as RFB numbers them */
	u64 half_since; /* since when a message has been incomplete, host's ns; 0: none is */
	s32 x, y;

	/* Under the window's lock. */
	struct display_scanout damage; /* size and damage of what it is shown, no pixels */
	bool anew; /* the whole picture is new, perhaps at another size */
	bool cursor_changed, text_changed;
	bool greeted, gone;
};

#define VNC_LISTENERS 2 /* one for viewers, and one for browsers */

struct window_vnc {
	struct window window;
	struct net_listener listeners[VNC_LISTENERS];
	int wake; /* an eventfd */
	struct vnc_viewer viewers[VNC_VIEWERS_MAX];
	struct layout layout; /* of the guest's keyboard; it does not change */
	/* Held while a viewer is greeted: the library has one list of security types. */
	pthread_mutex_t greeting;
	/* Under the window's lock. */
	unsigned cursor_output; /* the output whose cursor is shown */
	char *text; /* what the guest has copied, or NULL */
};

/* Computes where the output's picture lies among all; false: it is off, or beyond the limits.
 * Called with the lock held. */
bool vnc_place(const struct window *window, unsigned output, struct display_rect *place);

/* Notes for each viewer what has changed. A viewer's thread that looks before the server's own
 * would otherwise handle it twice. Called with the lock held. */
void vnc_spread(struct window_vnc *server);

/* window_vnc_viewer.c: the thread and its screen, which live as long as the server. */
bool vnc_viewer_make(struct vnc_viewer *viewer);
void vnc_viewer_free(struct vnc_viewer *viewer);
void *vnc_viewer_thread(void *viewer);

/* window_vnc_input.c: installs the library's callbacks for input; releases what is still held when
 * the viewer goes. */
void vnc_input_listen(struct vnc_viewer *viewer);
void vnc_input_release(struct vnc_viewer *viewer);
void vnc_input_key(struct vnc_viewer *viewer, struct keysym key, bool down);
/* Handles a key by what it writes. */
void vnc_input_keysym(struct vnc_viewer *viewer, u32 number, bool down);

/* window_vnc_keys.c: called when the library has made the client, and before it frees it. */
void vnc_keys_listen(struct vnc_viewer *viewer);
void vnc_keys_end(struct _rfbClientRec *client);

/* window_vnc_clipboard.c. With the lock held: returns whether the guest has copied something
 * new. */
bool vnc_clipboard_take(struct window_vnc *server);
/* With the lock held: returns the text that the viewer has not got yet, or NULL. */
char *vnc_clipboard_next(struct vnc_viewer *viewer);
/* Without the lock: sends the text to the viewer and frees it. */
void vnc_clipboard_put(struct vnc_viewer *viewer, char *text);
/* Installs the library's callbacks for the clipboard. */
void vnc_clipboard_listen(struct vnc_viewer *viewer);

/* window_vnc_info.c: a window_kind's `describe`. */
void vnc_describe(const struct window *window, FILE *out);

enum vnc_words {
	VNC_WORDS_WHOLE, /* all messages are whole, or there are none */
	VNC_WORDS_HALF,
	VNC_WORDS_HASTY, /* a browser has sent more than it was asked for, and has to go */
};

/*
 * window_vnc_words.c: returns the library's client for a new viewer, before the library has read
 * anything from it; NULL: the viewer is refused.
 */
struct _rfbClientRec *vnc_words_begin(struct vnc_viewer *viewer);
/* Frees what the library keeps for a browser and forgets to free. */
void vnc_words_end(struct _rfbClientRec *client);
/* Returns whether what the viewer has sent, and the library has not read yet, is whole. */
enum vnc_words vnc_words_look(const struct vnc_viewer *viewer);

#endif
