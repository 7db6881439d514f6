/* SPDX-License-Identifier: MIT */
/* Instructions that change address translation: fences, and writes of CSRs. */
#ifndef CPU_TIMING_INORDER_TABLES_H
#define CPU_TIMING_INORDER_TABLES_H

#include "cpu/timing/inorder/state.h"

/* Performs a fence of page tables. */
void inorder_tables_forget(struct inorder *core, const struct timing_record *record,
			   const struct inorder_uop *uop);

/* Performs the write of a CSR that address translation depends on. */
void inorder_tables_write_csr(struct inorder *core, const struct timing_record *record,
			      const struct inorder_uop *uop);

#endif
