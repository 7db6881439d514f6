/* SPDX-License-Identifier: MIT */
/*
 * Tests a loop of traps in which nothing retires, or WFI, that ends by an interrupt which comes 100
 * us later: then the program ends with a pass if it is the right one. LOOP says where hart 0 loops
 * and which mode takes the interrupt, SOURCE what it is; another hart sends it, or sleeps.
 */
#include "csr.h"
#include "devices/memmap.h"

/* LOOP: S, VS or VU code runs to an xtvec of 0 under M; guests do so under HS; or hart 0 waits. */
#define LOOP_S 0
#define LOOP_VS 1
#define LOOP_VU 2
#define LOOP_HS_VS 3
#define LOOP_HS_VU 4
#define LOOP_WFI 5
/* SOURCE is what comes; with the last two nothing is taken: a timer, and no source of the PLIC. */
#define SOURCE_timer 0
#define SOURCE_ipi 1
#define SOURCE_external 2
#define SOURCE_nmi 3
#define SOURCE_masked 4
#define SOURCE_unwired 5

#define UNDER_HS (LOOP == LOOP_HS_VS || LOOP == LOOP_HS_VU)
#define DELAY (TIMEBASE_HZ / 10000)
#define DELAY_NS 100000

#define MSTATUS_MPV (1 << 39)
#define STIMECMP 0x14d
#define HEDELEG 0x602
#define HIDELEG 0x603
#define VSTVEC 0x205
#define MNSTATUS 0x744
#define MNSTATUS_NMIE 8

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, taken_by_m
	csrw	mtvec, t0
	csrr	t0, mhartid
	bnez	t0, other
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, PMP_NAPOT | PMP_R | PMP_W | PMP_X
	csrw	pmpcfg0, t0

	/*
	 * Exceptions go as far down as they can, where there is no handler; interrupts go to M, or
	 * to HS.
	 */
	li	t0, -1
	csrw	medeleg, t0
	csrw	stvec, zero
#if LOOP != LOOP_S && LOOP != LOOP_WFI
	csrw	HEDELEG, t0
	csrw	HIDELEG, zero
	csrw	VSTVEC, zero
#endif
#if UNDER_HS
	csrw	mideleg, t0
	la	t0, taken_by_hs
	csrw	stvec, t0
#elif SOURCE == SOURCE_masked
	csrw	mideleg, t0
#endif

#if SOURCE == SOURCE_timer || SOURCE == SOURCE_masked
	li	t1, CLINT_BASE + 0xbff8
	ld	t0, 0(t1)
	addi	t0, t0, DELAY
#if UNDER_HS || SOURCE == SOURCE_masked
	li	t2, ENVCFG_STCE
	csrs	menvcfg, t2
	csrw	STIMECMP, t0
	li	t2, 1 << STI
#else
	li	t1, CLINT_BASE + 0x4000
	sd	t0, 0(t1)
	li	t2, 1 << MTI
#endif
#elif SOURCE == SOURCE_ipi
	li	t2, 1 << MSI | 1 << SSI
#elif SOURCE == SOURCE_external || SOURCE == SOURCE_unwired
#if UNDER_HS
	li	t2, 1 << SEI
	li	t0, PLIC_BASE + 0x2080
#else
	li	t2, 1 << MEI
	li	t0, PLIC_BASE + 0x2000
#endif
#if SOURCE == SOURCE_external
	li	t1, 1 << RTC_IRQ
	sw	t1, 0(t0)
	li	t0, PLIC_BASE + 4 * RTC_IRQ
	li	t1, 1
	sw	t1, 0(t0)
	li	t0, RTC_BASE
	lwu	t3, 0(t0)
	lwu	t4, 4(t0)
	slli	t4, t4, 32
	add	t3, t3, t4
	li	t4, DELAY_NS
	add	t3, t3, t4
	sw	t1, 0x10(t0)
	srli	t4, t3, 32
	sw	t4, 0xc(t0)
	sw	t3, 8(t0)
#endif
#elif SOURCE == SOURCE_nmi
	li	t2, 0
	csrsi	MNSTATUS, MNSTATUS_NMIE
#endif
	/* A timer is masked by sstatus.SIE where S-mode loops; no other mode must take it. */
#if SOURCE == SOURCE_masked && (UNDER_HS || LOOP == LOOP_WFI)
	li	t2, 0
#endif
	csrw	mie, t2

#if LOOP == LOOP_WFI
	wfi
	csrr	t0, mip
	and	t0, t0, t2
	bnez	t0, passed
	j	failed
#else
	li	t0, MSTATUS_MPP
	csrc	mstatus, t0
#if LOOP == LOOP_S
	li	t0, MSTATUS_MPP_S
#elif LOOP == LOOP_VS || LOOP == LOOP_HS_VS
	li	t0, MSTATUS_MPV | MSTATUS_MPP_S
#else
	li	t0, MSTATUS_MPV
#endif
	csrs	mstatus, t0
	csrw	mepc, zero
	mret
#endif

/* Hart 1 sends the interrupt when the other one has looped for long; or it is not there for it. */
other:
#if SOURCE == SOURCE_ipi
	li	t1, CLINT_BASE + 0xbff8
	ld	t0, 0(t1)
	addi	t0, t0, DELAY
1:	ld	t2, 0(t1)
	bltu	t2, t0, 1b
	li	t1, CLINT_BASE
	li	t0, 1
	sw	t0, 0(t1)
#endif
2:	wfi
	j	2b

	.org	0x300
/* Non-maskable interrupts go here, which ends that test. */
	j	passed

	.balign	4
taken_by_m:
#if UNDER_HS && SOURCE == SOURCE_ipi
	/* Firmware passes the interrupt on. */
	li	t0, CLINT_BASE
	sw	zero, 0(t0)
	csrsi	mip, 1 << SSI
	mret
#endif
	csrr	t0, mcause
	csrr	t1, mepc
#if SOURCE == SOURCE_timer
	li	t2, INTERRUPT | MTI
#elif SOURCE == SOURCE_ipi
	li	t2, INTERRUPT | MSI
#else
	li	t2, INTERRUPT | MEI
#endif
	j	check

	.balign	4
taken_by_hs:
	csrr	t0, scause
	csrr	t1, sepc
#if SOURCE == SOURCE_timer
	li	t2, INTERRUPT | STI
#elif SOURCE == SOURCE_ipi
	li	t2, INTERRUPT | SSI
#else
	li	t2, INTERRUPT | SEI
#endif
check:	bne	t0, t2, failed
	bnez	t1, failed
passed:	li	t1, TEST_PASS
	j	end
failed:	li	t1, 1 << 16 | TEST_FAIL
end:	li	t0, TEST_BASE
	sw	t1, 0(t0)
1:	j	1b
