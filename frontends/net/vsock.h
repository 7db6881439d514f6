/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of the guest's AF_VSOCK sockets, without support by the host's kernel: they are
 * Unix sockets, as in Firecracker, Cloud Hypervisor and crosvm. A program that connects to PATH and
 * writes "CONNECT N" is connected to the guest's port N; the guest's connections to the host's port
 * N arrive at PATH_N.
 */
#ifndef FRONTENDS_NET_VSOCK_H
#define FRONTENDS_NET_VSOCK_H

#include "bus/base.h"

struct board;
struct board_error;
struct pollset;
struct vsock_set;

/*
 * Opens the sockets of all vsock devices. Returns 0 with *set, or -errno with *error. There is a
 * set even without a device. If `absent` is set, none is opened, because input is replayed.
 */
int vsock_open(struct vsock_set **set, struct board *board, bool absent, struct board_error *error);
void vsock_close(struct vsock_set *set);

/*
 * Resets the guest's connections, which have no program at the host's end. Called when a state was
 * loaded into the machine.
 */
void vsock_loaded(struct vsock_set *set);

/* Do for vsock devices what the functions of the same names do for networks (net/net.h). */
void vsock_poll(struct vsock_set *set);
void vsock_feed(struct vsock_set *set);
void vsock_fill_pollset(struct vsock_set *set, struct pollset *poll);

#endif
