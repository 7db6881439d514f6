/* SPDX-License-Identifier: MIT */
/*
 * What the files of VNC share: window_vnc.c (who comes and goes), window_vnc_viewer.c (what one
 * viewer is shown), window_vnc_input.c (what he does), window_vnc_keys.c (which key he means),
 * window_vnc_clipboard.c (what he pastes), window_vnc_words.c (whether he has said it all).
 * Each viewer has a thread, and a screen of libvncserver's, to himself: the library waits for a
 * peer that sends half a message or reads nothing, and it is that peer alone who loses by it. All
 * outputs are shown side by side.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_VNC_H
#define FRONTENDS_DISPLAY_WINDOW_VNC_H

#include "frontends/display/window_parts.h"
#include "frontends/net/listen.h"

#define VNC_VIEWERS_MAX 8
/* What is beyond is not shown: libvncserver sends rows whole, from a buffer of 30000 bytes. */
#define VNC_WIDTH_MAX 7488u
#define VNC_HEIGHT_MAX 16384u

struct keysym;
struct _rfbClientRec;
struct _rfbScreenInfo;

struct vnc_viewer {
	struct window_vnc *server;
	bool here; /* there is a thread; the server's changes it, under the window's lock */
	pthread_t thread;
	int socket; /* the library has a duplicate of it */
	int wake; /* an eventfd: there is something to show, or the end */
	u64 since; /* host's ns */
	bool stuck; /* his thread has not come back */
	bool browser; /* he has come to the place of websockets */

	/* The viewer's thread's own. */
	struct _rfbScreenInfo *screen;
	struct _rfbClientRec *client; /* NULL: gone */
	u32 *pixels; /* 0x00BBGGRR, as the library has it */
	u32 width, height;
	u8 held[32]; /* keys, a bit for each code */
	u32 buttons; /* as the protocol has them */
	u64 half_since; /* host's ns: he has said half a word; 0: he has not */
	s32 x, y;

	/* Under the window's lock. */
	struct display_scanout damage; /* of what is shown to him: size and damage, no pixels */
	bool anew; /* all is, perhaps at another size */
	bool cursor_changed, text_changed;
	bool let_in, gone;
};

#define VNC_DOORS 2 /* for viewers, and for browsers */

struct window_vnc {
	struct window window;
	struct net_listener doors[VNC_DOORS];
	int wake; /* an eventfd */
	struct vnc_viewer viewers[VNC_VIEWERS_MAX];
	pthread_mutex_t greeting; /* the library has one list of ways to let viewers in */
	/* Under the window's lock. */
	unsigned cursor_output; /* whose cursor is shown */
	char *text; /* what the guest has copied, or NULL */
};

/* Where the output's picture lies; false: it is off, or beyond. With the lock held. */
bool vnc_place(const struct window *window, unsigned output, struct display_rect *place);

/* What is new is to be shown to each viewer; a viewer's thread that looks earlier than the server's
 * would find it twice. With the lock held. */
void vnc_spread(struct window_vnc *server);

/* window_vnc_viewer.c: the thread, and its screen, for as long as the server lives. */
bool vnc_viewer_make(struct vnc_viewer *viewer);
void vnc_viewer_free(struct vnc_viewer *viewer);
void *vnc_viewer_thread(void *viewer);

/* window_vnc_input.c: for the library to call; and what is still held when he goes. */
void vnc_input_listen(struct vnc_viewer *viewer);
void vnc_input_release(struct vnc_viewer *viewer);
void vnc_input_key(struct vnc_viewer *viewer, struct keysym key, bool down);

/* window_vnc_keys.c: when the library has made his client; before that ends. */
void vnc_keys_listen(struct vnc_viewer *viewer);
void vnc_keys_end(struct _rfbClientRec *client);

/* window_vnc_clipboard.c, with the lock held: true, there is something new from the guest; what of
 * it the viewer has not got yet, or NULL. Without it: send that to him, and free it; for the
 * library to call. */
bool vnc_clipboard_take(struct window_vnc *server);
char *vnc_clipboard_next(struct vnc_viewer *viewer);
void vnc_clipboard_put(struct vnc_viewer *viewer, char *text);
void vnc_clipboard_listen(struct vnc_viewer *viewer);

enum vnc_words {
	VNC_WORDS_WHOLE, /* or none */
	VNC_WORDS_HALF,
	VNC_WORDS_HASTY, /* a browser that says more than it was asked: he is to go */
};

/*
 * window_vnc_words.c: the library's client, which has heard nothing of him yet (NULL: that is the
 * end); what he has said that the library has not heard yet.
 */
struct _rfbClientRec *vnc_words_begin(struct vnc_viewer *viewer);
/* What the library has of a browser it forgets to free. */
void vnc_words_end(struct _rfbClientRec *client);
enum vnc_words vnc_words_look(const struct vnc_viewer *viewer);

#endif
