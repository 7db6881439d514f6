/* SPDX-License-Identifier: MIT */
/*
 * `baya relay tcp:HOST:PORT|unix:PATH`: what comes by standard input goes to a socket, and what
 * comes from there to standard output. libslirp begins one for each connection that a guest makes
 * to the place of guestfwd=...-tcp:HOST:PORT or -unix:PATH.
 */
#ifndef FRONTENDS_CHARDEV_RELAY_H
#define FRONTENDS_CHARDEV_RELAY_H

/* argv[0] is "relay". Returns an exit code, and says nothing: its output may be the guest's. */
int relay(int argc, char **argv);

#endif
