/* SPDX-License-Identifier: MIT */
/* Warns the user when a hart runs a guest, and cores of the model's kind cannot do that. */
#ifndef CPU_TIMED_GUESTS_H
#define CPU_TIMED_GUESTS_H

struct timed;

/* Must be called when the hart may have begun to run a guest. It warns once. */
void timed_check_guest(struct timed *timed);

#endif
