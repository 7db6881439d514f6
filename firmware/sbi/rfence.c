/* SPDX-License-Identifier: MIT */
/*
 * Remote fences. Every hart has one outgoing fence and two masks: fence_pending, the harts whose
 * fences it still has to execute, and fence_waiting, the harts that have not yet executed its own.
 * A caller waits for its own fence only and serves those of others meanwhile, so harts may fence
 * each other at the same time. Stopped and suspended harts take part: they wait for interrupts in
 * M-mode.
 */
#include "firmware/sbi/rfence.h"
#include "firmware/csr.h"
#include "firmware/hart.h"
#include "firmware/sbi/ipi.h"
#include "firmware/sbi/pmu.h"

#define PAGE_SIZE 4096UL

/* Beyond this many pages one fence of everything is cheaper, and the caller's wait is bounded. */
#define PAGES_MAX 16

#define FENCE(name, instruction) \
	static void name(u64 addr, u64 id) \
	{ \
		__asm__ volatile(instruction : : "r"(addr), "r"(id) : "memory"); \
	}

/* HFENCE.VVMA is funct7 0x11, HFENCE.GVMA 0x31; not every assembler knows them. */
FENCE(fence_i, "fence.i")
FENCE(sfence_all, "sfence.vma")
FENCE(sfence, "sfence.vma %0")
FENCE(sfence_asid_all, "sfence.vma zero, %1")
FENCE(sfence_asid, "sfence.vma %0, %1")
FENCE(vvma_all, ".insn r 0x73, 0, 0x11, x0, x0, x0")
FENCE(vvma, ".insn r 0x73, 0, 0x11, x0, %0, x0")
FENCE(vvma_asid_all, ".insn r 0x73, 0, 0x11, x0, x0, %1")
FENCE(vvma_asid, ".insn r 0x73, 0, 0x11, x0, %0, %1")
FENCE(gvma_all, ".insn r 0x73, 0, 0x31, x0, x0, x0")
FENCE(gvma, ".insn r 0x73, 0, 0x31, x0, %0, x0")
FENCE(gvma_vmid_all, ".insn r 0x73, 0, 0x31, x0, x0, %1")
FENCE(gvma_vmid, ".insn r 0x73, 0, 0x31, x0, %0, %1")

/* The function ids of the extension, and `kind` of struct fence. */
enum { FENCE_I, SFENCE, SFENCE_ASID, GVMA_VMID, GVMA, VVMA_ASID, VVMA };

static const struct {
	void (*all)(u64 addr, u64 id);
	void (*page)(u64 addr, u64 id); /* NULL: this kind has no range */
	u32 sent, received; /* firmware events */
	u8 shift; /* HFENCE.GVMA takes addresses shifted right by 2 */
	bool hypervisor;
	bool in_vmid; /* works on the VMID of hgatp, which must be the caller's */
} fences[] = {
	[FENCE_I] = { .all = fence_i, .sent = PMU_FW_FENCE_I_SENT,
	  .received = PMU_FW_FENCE_I_RECEIVED },
	[SFENCE] = { .all = sfence_all, .page = sfence, .sent = PMU_FW_SFENCE_SENT,
	  .received = PMU_FW_SFENCE_RECEIVED },
	[SFENCE_ASID] = { .all = sfence_asid_all, .page = sfence_asid,
	  .sent = PMU_FW_SFENCE_ASID_SENT, .received = PMU_FW_SFENCE_ASID_RECEIVED },
	[GVMA_VMID] = { .all = gvma_vmid_all, .page = gvma_vmid, .sent = PMU_FW_GVMA_VMID_SENT,
	  .received = PMU_FW_GVMA_VMID_RECEIVED, .shift = 2, .hypervisor = true },
	[GVMA] = { .all = gvma_all, .page = gvma, .sent = PMU_FW_GVMA_SENT,
	  .received = PMU_FW_GVMA_RECEIVED, .shift = 2, .hypervisor = true },
	[VVMA_ASID] = { .all = vvma_asid_all, .page = vvma_asid, .sent = PMU_FW_VVMA_ASID_SENT,
	  .received = PMU_FW_VVMA_ASID_RECEIVED, .hypervisor = true, .in_vmid = true },
	[VVMA] = { .all = vvma_all, .page = vvma, .sent = PMU_FW_VVMA_SENT,
	  .received = PMU_FW_VVMA_RECEIVED, .hypervisor = true, .in_vmid = true },
};

static bool covers_everything(const struct fence *fence)
{
	if (!fences[fence->kind].page || (fence->start == 0 && fence->size == 0))
		return true;
	return fence->size > PAGES_MAX * PAGE_SIZE || fence->start + fence->size < fence->start;
}

static void execute(const struct fence *fence)
{
	u64 end = fence->start + fence->size;
	u64 hgatp = 0;

	if (fences[fence->kind].in_vmid) {
		hgatp = csr_read(CSR_HGATP);
		csr_write(CSR_HGATP, fence->hgatp);
	}
	if (covers_everything(fence))
		fences[fence->kind].all(0, fence->id);
	else
		for (u64 addr = fence->start & -PAGE_SIZE; addr < end; addr += PAGE_SIZE)
			fences[fence->kind].page(addr >> fences[fence->kind].shift, fence->id);
	if (fences[fence->kind].in_vmid)
		csr_write(CSR_HGATP, hgatp);
}

void rfence_receive(void)
{
	u64 pending = atomic_load(&self->fence_pending) ? atomic_take(&self->fence_pending) : 0;

	FOR_EACH_HART (id, pending) {
		struct hart *caller = &hart_areas[id].hart;

		execute(&caller->fence);
		pmu_count(fences[caller->fence.kind].received);
		atomic_and(&caller->fence_waiting, ~(1UL << self->id));
	}
}

static struct sbi_ret rfence_request(const u64 *arg, u64 kind)
{
	u64 others, here = 1UL << self->id;

	if (fences[kind].hypervisor && !self->features.hypervisor)
		return sbi_result(SBI_ERR_NOT_SUPPORTED);
	if (!hart_list(arg[0], arg[1], &others))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	self->fence = (struct fence){ kind, arg[2], arg[3], arg[4], 0 };
	if (fences[kind].in_vmid)
		self->fence.hgatp = csr_read(CSR_HGATP);
	if (others & here)
		execute(&self->fence);
	others &= ~here;
	atomic_store(&self->fence_waiting, others);
	FOR_EACH_HART (id, others) {
		atomic_or(&hart_areas[id].hart.fence_pending, here);
		ipi_knock(id);
		pmu_count(fences[kind].sent);
	}
	while (atomic_load(&self->fence_waiting)) {
		rfence_receive();
		pause();
	}
	return sbi_result(SBI_SUCCESS);
}

struct sbi_ret rfence_fence_i_call(const u64 *arg)
{
	return rfence_request(arg, FENCE_I);
}

struct sbi_ret rfence_sfence_call(const u64 *arg)
{
	return rfence_request(arg, SFENCE);
}

struct sbi_ret rfence_sfence_asid_call(const u64 *arg)
{
	return rfence_request(arg, SFENCE_ASID);
}

static struct sbi_ret gvma_vmid_call(const u64 *arg)
{
	return rfence_request(arg, GVMA_VMID);
}

static struct sbi_ret gvma_call(const u64 *arg)
{
	return rfence_request(arg, GVMA);
}

static struct sbi_ret vvma_asid_call(const u64 *arg)
{
	return rfence_request(arg, VVMA_ASID);
}

static struct sbi_ret vvma_call(const u64 *arg)
{
	return rfence_request(arg, VVMA);
}

static const struct sbi_function functions[] = {
	[FENCE_I] = { rfence_fence_i_call },
	[SFENCE] = { rfence_sfence_call },
	[SFENCE_ASID] = { rfence_sfence_asid_call },
	[GVMA_VMID] = { gvma_vmid_call },
	[GVMA] = { gvma_call },
	[VVMA_ASID] = { vvma_asid_call },
	[VVMA] = { vvma_call },
};

const struct sbi_extension sbi_rfence = { 0x52464e43, functions, ARRAY_SIZE(functions) };
