/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of the guest's AF_VSOCK sockets, without support by the host's kernel: Unix
 * sockets as Firecracker, Cloud Hypervisor and crosvm have them. A program that connects to PATH
 * and writes "CONNECT N" is connected to the guest's port N; the guest's connections to the host's
 * port N arrive at PATH_N.
 */
#ifndef FRONTENDS_NET_VSOCK_H
#define FRONTENDS_NET_VSOCK_H

#include "bus/base.h"

struct board;
struct board_error;
struct pollset;
struct vsock_set;

/* Opens the sockets of all such devices. Returns 0 with *set, or -errno with *error. Without a
 * device there is a set, too. `absent`: none is opened, because input is replayed. */
int vsock_open(struct vsock_set **set, struct board *board, bool absent, struct board_error *error);
void vsock_close(struct vsock_set *set);

/* A state was loaded into the machine: its connections have no program at the host's end. */
void vsock_loaded(struct vsock_set *set);

/* These three do what the functions of the same names do in net.h. */
void vsock_look(struct vsock_set *set);
void vsock_feed(struct vsock_set *set);
void vsock_wait(struct vsock_set *set, struct pollset *poll);

#endif
