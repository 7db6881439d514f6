/* SPDX-License-Identifier: MIT */
/* Accesses mhpmevent and mhpmcounter by number, 3 to 31. */
#ifndef GUEST_HPM_H
#define GUEST_HPM_H

#include "guest.h"

#define HPM_EACH(what)                                                                             \
	what(3); what(4); what(5); what(6); what(7); what(8); what(9); what(10); what(11);         \
	what(12); what(13); what(14); what(15); what(16); what(17); what(18); what(19); what(20);  \
	what(21); what(22); what(23); what(24); what(25); what(26); what(27); what(28); what(29);  \
	what(30); what(31)

/* Sets the counter's event and clears the counter. Returns the value that mhpmevent then has. */
static inline u64 set_event(unsigned counter, u64 event)
{
#define HPM_EVENT(n)                                                                               \
	case n:                                                                                    \
		csr_write(mhpmevent##n, event);                                                    \
		csr_write(mhpmcounter##n, 0);                                                      \
		return csr_read(mhpmevent##n)
	switch (counter) {
		HPM_EACH(HPM_EVENT);
	}
	return 0;
}

static inline u64 counter_value(unsigned counter)
{
#define HPM_VALUE(n)                                                                               \
	case n:                                                                                    \
		return csr_read(mhpmcounter##n)
	switch (counter) {
		HPM_EACH(HPM_VALUE);
	}
	return 0;
}

#endif
