/* SPDX-License-Identifier: MIT */
/*
 * The host's ends of the guest's sockets (AF_VSOCK), without the host's kernel: Unix sockets as
 * Firecracker, Cloud Hypervisor and crosvm have them. Who connects to PATH and writes "CONNECT N"
 * is connected to the guest's port N; the guest's connections to the host's port N arrive at
 * PATH_N.
 */
#ifndef FRONTENDS_NET_VSOCK_H
#define FRONTENDS_NET_VSOCK_H

#include "bus/base.h"

struct board;
struct board_error;
struct pollset;
struct vsock_set;

/* 0 with *set, or -errno with *error. No such device at all is a set, too. */
int vsock_open(struct vsock_set **set, struct board *board, struct board_error *error);
void vsock_close(struct vsock_set *set);

/* A state was loaded into the machine: nobody is at the host's ends of its connections. */
void vsock_loaded(struct vsock_set *set);

/* As net.h has them. */
void vsock_look(struct vsock_set *set);
void vsock_feed(struct vsock_set *set);
void vsock_wait(struct vsock_set *set, struct pollset *poll);

#endif
