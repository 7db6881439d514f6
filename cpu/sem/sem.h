/* SPDX-License-Identifier: MIT */
/*
 * The macros with which sem/ defines the effects of instructions:
 *   SEM(name, body)          the body of the row `name` of isa.def
 *   RS1 RS2 IMM PC           operands: registers as u64, the immediate sign-extended, the address
 *   RD(v)                    write the destination
 *   RD_BEFORE                the destination's value before that
 *   FS1 FS2 FS3 FD(v)        floating-point registers as 64 bits; S1 S2 S3, SD(v) NaN-boxed 32,
 *   H1 H2 H3 HD(v)           NaN-boxed 16
 *   FRD(v)                   RD of a floating-point operation that has FFLAGS
 *   RM                       the rounding mode in force; a reserved one is an illegal instruction
 *   LOAD(type, va)           a value from memory; STORE(type, va, v)
 *   ATOMIC(type, va)         host pointer to a naturally aligned place that may be written
 *   JUMP(pc)                 continue at a pc whose distance from this one is fixed
 *   JUMP_INDIRECT(pc)        continue at any pc
 *   TRY(call)                leave with the trap that call filled in when it returns false
 *   RAW LENGTH               the bits, for illegal-instruction traps; 2 or 4
 *   h i                      the hart, the decoded instruction
 * Apart from these a body is plain C. It is compiled as a function in interp.c, which is the
 * reference, and after a label in each file that includes threaded.inc: threaded.c; threaded_warm.c
 * for blocks that have no native code yet; threaded_priced.c for the timing model `simple`, with
 * fixed costs; and threaded_timed.c for timing models that are told how blocks ran. Those files
 * define PC, JUMP, JUMP_INDIRECT and the following macros, which the macros of this file use.
 *   FAULT()                  leave the body: hart->trap is filled in
 *   SLOW()                   store the hart's time before a call that may use it
 *   LOOK()                   after such a call: if it has set hart->stop, the next instruction of
 *                            the block is not executed
 *   LOADS(type, va, host)    note a load that takes the fast path, before it is made
 *   STORES(type, va, host)   note a store or an atomic in the same way
 */
#define RS1 (h->x[i->rs1])
#define RS2 (h->x[i->rs2])
#define IMM ((u64)(s64)i->imm)
#define RD(value) (h->x[i->rd] = (u64)(value))
/* RD_BEFORE never reads the sink: x0 reads as zero. */
#define RD_BEFORE (h->x[i->rd % X_SINK])
#define RAW (i->raw)
#define LENGTH (insn_length(i->raw))

#define FS1 (h->f[i->rs1])
#define FS2 (h->f[i->rs2])
#define FS3 (h->f[i->rs3_rm >> 3])
#define FD(value) (h->f[i->rd] = (value), h->fp_dirty = true)
#define S1 f32_unbox(FS1)
#define S2 f32_unbox(FS2)
#define S3 f32_unbox(FS3)
#define SD(value) FD(f32_box(value))
#define H1 f16_unbox(FS1)
#define H2 f16_unbox(FS2)
#define H3 f16_unbox(FS3)
#define HD(value) FD(f16_box(value))
#define FFLAGS (&h->fflags)
/* The integer result of an operation that may have raised flags, which are dirty state as well. */
#define FRD(value) (RD(value), h->fp_dirty = true)

#define TRY(call)                                                                                  \
	do {                                                                                       \
		SLOW();                                                                            \
		if (unlikely(!(call)))                                                             \
			FAULT();                                                                   \
		LOOK();                                                                            \
	} while (0)

#define RM                                                                                         \
	({                                                                                         \
		unsigned rm_ = i->rs3_rm & 7;                                                      \
		if (rm_ == RM_DYN)                                                                 \
			rm_ = h->frm;                                                              \
		if (unlikely(rm_ > RM_RMM)) {                                                      \
			hart_illegal(h, RAW, REASON_rounding_mode);                                \
			FAULT();                                                                   \
		}                                                                                  \
		rm_;                                                                               \
	})

/* Host memory is little-endian, as the guest's is (the build is for x86-64). */
#define LOAD(type, address)                                                                        \
	({                                                                                         \
		u64 va_ = (address);                                                               \
		const struct tlb_view *view_ = h->data;                                            \
		type value_;                                                                       \
		if (likely(mem_hit(view_->read[tlb_index(va_)], va_, sizeof(type)))) {             \
			LOADS(type, va_, mem_host(view_, va_));                                    \
			value_ = *(const type *)mem_host(view_, va_);                              \
		} else {                                                                           \
			u64 slow_; /* in memory, because its address is passed; value_ is not */   \
			TRY(mem_load_slow(h, va_, sizeof(type), &slow_));                          \
			value_ = (type)slow_;                                                      \
		}                                                                                  \
		value_;                                                                            \
	})

#define STORE(type, address, value)                                                                \
	do {                                                                                       \
		u64 va_ = (address);                                                               \
		const struct tlb_view *view_ = h->data;                                            \
		if (likely(mem_hit(view_->write[tlb_index(va_)], va_, sizeof(type)))) {            \
			STORES(type, va_, mem_host(view_, va_));                                   \
			*(type *)mem_host(view_, va_) = (type)(value);                             \
		} else                                                                             \
			TRY(mem_store_slow(h, va_, sizeof(type), (type)(value)));                  \
	} while (0)

#define ATOMIC(type, address)                                                                      \
	({                                                                                         \
		u64 va_ = (address);                                                               \
		const struct tlb_view *view_ = h->data;                                            \
		type *host_ = mem_host(view_, va_);                                                \
		if (unlikely(!mem_hit(view_->write[tlb_index(va_)], va_, sizeof(type))))           \
			TRY((host_ = mem_atomic_slow(h, va_, sizeof(type))));                      \
		else                                                                               \
			STORES(type, va_, host_);                                                  \
		host_;                                                                             \
	})
