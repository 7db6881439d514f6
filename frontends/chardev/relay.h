/* SPDX-License-Identifier: MIT */
/*
 * `baya relay tcp:HOST:PORT|unix:PATH`: copies standard input to a socket, and what the socket
 * receives to standard output. libslirp starts one for each connection that a guest makes to the
 * address of guestfwd=...-tcp:HOST:PORT or -unix:PATH.
 */
#ifndef FRONTENDS_CHARDEV_RELAY_H
#define FRONTENDS_CHARDEV_RELAY_H

/*
 * Runs the command; argv[0] is "relay". Returns an exit code. It prints nothing of its own, since
 * its output may be what the guest receives.
 */
int relay(int argc, char **argv);

#endif
