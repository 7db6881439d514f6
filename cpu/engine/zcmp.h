/* SPDX-License-Identifier: MIT */
/*
 * Zcmp's cm.push and cm.pop, and the table of Zcmt's jumps (unprivileged manual, "Zcmp", "Zcmt"). A
 * decoded instruction with a list has sp in rs1, the number of registers in rs2, and in imm what is
 * added to sp; a jump has the index in imm.
 */
#ifndef CPU_ENGINE_ZCMP_H
#define CPU_ENGINE_ZCMP_H

#include "bus/base.h"

struct hart;
struct insn;

/* Returns the lowest of the addresses, 8 bytes each, that the instruction would access now. */
u64 zcmp_lowest(const struct hart *hart, const struct insn *insn);

/*
 * Return false with the trap filled in if an access faults. Then sp, and for a pop all registers,
 * are as before, so that the instruction can be executed again.
 */
bool zcmp_push(struct hart *hart, const struct insn *insn);
bool zcmp_pop(struct hart *hart, const struct insn *insn);

/*
 * Reads the jump's target from the table; false with the trap filled in if jvt is hidden or it
 * faults.
 */
bool zcmt_target(struct hart *hart, const struct insn *insn, u64 *target);

#endif
