/* SPDX-License-Identifier: MIT */
/* Warns about guests that a model cannot time (see timed/guests.h). */
#include "cpu/timed/guests.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/timed/timed.h"
#include "cpu/timing/kind.h"

void timed_check_guest(struct timed *timed)
{
	struct hart *hart = timed->hart;
	const struct timing_kind *kind = timed->core->kind;

	if (!hart->virt || !kind->one_stage || timed->guest_seen)
		return;
	timed->guest_seen = true;
	log_warn(&hart->platform->log, LOG_UNIMP,
		 "hart %u runs a guest, but cores of kind %s have no hypervisor extension: from "
		 "here on its cycles mean nothing, not even those of its hypervisor; to time "
		 "guests, use a core of kind inorder, such as rocket",
		 hart->id, kind->name);
}
