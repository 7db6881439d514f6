/* SPDX-License-Identifier: MIT */
/*
 * A host end that several devices share, -chardev ...,mux=on: what they write goes to it in turn,
 * and one of them at a time gets its input. The end itself does not know: the mux stands before it
 * as if it were a single device.
 */
#ifndef FRONTENDS_CHARDEV_MUX_H
#define FRONTENDS_CHARDEV_MUX_H

#include "bus/base.h"

struct chardev;
struct journal;
struct mux;

/* Returns NULL if the host has no memory. mux_free disconnects the devices; NULL is accepted. */
struct mux *mux_make(struct journal *journal, u8 escape_character);
void mux_free(struct mux *mux);

/* Returns the device to which the host end must be connected. */
struct chardev *mux_device(struct mux *mux);

/*
 * Adds a device, when the host end is open. The first one has the input at the start. Returns false
 * if the host has no memory.
 */
bool mux_add(struct mux *mux, struct chardev *user);

/* Passes input to the devices, as much as they have room for; while the machine is paused, to those
 * that are not a part of it. */
void mux_feed(struct mux *mux, bool paused);

/* Returns whether there is something to do of which no descriptor tells: mux_feed has input for a
 * device, or mux_quit has something to say. */
bool mux_waits(const struct mux *mux, bool paused);

/* Returns whether the command was typed that ends Baya. */
bool mux_quit(const struct mux *mux);

#endif
