/* SPDX-License-Identifier: MIT */
/* The choices that the manual's chapter on vectors leaves to an implementation. */
#ifndef CPU_HART_VECTOR_CONFIG_H
#define CPU_HART_VECTOR_CONFIG_H

#include "bus/base.h"

/* The limits of VLEN, in bits. */
#define VLEN_LEAST 128
#define VLEN_MOST 1024

struct vector_config {
	unsigned vlen; /* a power of two, VLEN_LEAST to VLEN_MOST */
	/* The effects that QEMU's options of these names have. */
	bool tail_ones, mask_ones; /* rvv_ta_all_1s, rvv_ma_all_1s: agnostic elements become ones */
	bool half_avl; /* rvv_vl_half_avl: an AVL between VLMAX and 2 * VLMAX gives half of it */
};

#endif
