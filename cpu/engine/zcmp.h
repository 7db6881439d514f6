/* SPDX-License-Identifier: MIT */
/*
 * Executes cm.push and cm.pop of Zcmp, and the table jumps of Zcmt (unprivileged manual, "Zcmp",
 * "Zcmt"). A decoded push or pop has sp in rs1, the number of registers in rs2, and in imm the
 * number that is added to sp. A decoded jump has the index in imm.
 */
#ifndef CPU_ENGINE_ZCMP_H
#define CPU_ENGINE_ZCMP_H

#include "bus/base.h"

struct hart;
struct insn;

/*
 * Returns the lowest address that the instruction would access now. It accesses 8 bytes for each
 * register.
 */
u64 zcmp_lowest(const struct hart *hart, const struct insn *insn);

/*
 * Execute a push or a pop. They return false with the trap filled in if an access faults; sp, and
 * for a pop all registers, are then unchanged, so that the instruction can be executed again.
 */
bool zcmp_push(struct hart *hart, const struct insn *insn);
bool zcmp_pop(struct hart *hart, const struct insn *insn);

/*
 * Reads the jump's target from the table. Returns false with the trap filled in if jvt may not be
 * accessed, or if the fetch of the entry faults.
 */
bool zcmt_target(struct hart *hart, const struct insn *insn, u64 *target);

#endif
