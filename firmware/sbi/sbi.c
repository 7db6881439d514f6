/* SPDX-License-Identifier: MIT */
/*
 * Finds the function that an ECALL names and calls it. Holds the BASE extension and the legacy
 * calls, which are other names for newer functions; each other extension is in a file of its own.
 */
#include "firmware/sbi/sbi.h"
#include "firmware/csr.h"
#include "firmware/guarded.h"
#include "firmware/hart.h"
#include "firmware/pmp.h"
#include "firmware/sbi/console.h"
#include "firmware/sbi/ipi.h"
#include "firmware/sbi/reset.h"
#include "firmware/sbi/rfence.h"
#include "firmware/sbi/timer.h"
#include "firmware/trap.h"
#include "firmware/version.h"

#define LEGACY_COUNT 9

static const struct sbi_extension *const extensions[] = {
	&sbi_base, &sbi_time, &sbi_ipi, &sbi_rfence, &sbi_hsm, &sbi_srst, &sbi_dbcn, &sbi_pmu,
	&sbi_fwft, &sbi_susp, &sbi_sse, &sbi_dbtr, &sbi_sta,
};

/* DBTR is available only on a hart with triggers. */
static bool is_available(const struct sbi_extension *extension)
{
	return extension != &sbi_dbtr || self->features.triggers;
}

static const struct sbi_extension *find_extension(u64 id)
{
	for (u64 i = 0; i < ARRAY_SIZE(extensions); i++)
		if (extensions[i]->id == id && is_available(extensions[i]))
			return extensions[i];
	return NULL;
}

s64 sbi_shared_memory(const u64 *arg, u64 alignment, u64 size, u64 *addr)
{
	bool none = arg[0] == SBI_NO_SHMEM && arg[1] == SBI_NO_SHMEM;

	if (arg[2] != 0 || (!none && arg[0] % alignment != 0))
		return SBI_ERR_INVALID_PARAM;
	if (!none && !pmp_caller_ram(arg[0], arg[1], size))
		return SBI_ERR_INVALID_ADDRESS;
	*addr = none ? 0 : arg[0];
	return SBI_SUCCESS;
}

static struct sbi_ret base_spec_version(const u64 *arg)
{
	(void)arg;
	return sbi_value(3 << 24 | 0);
}

static struct sbi_ret base_implementation(const u64 *arg)
{
	(void)arg;
	return sbi_value(IMPLEMENTATION_ID);
}

static struct sbi_ret base_implementation_version(const u64 *arg)
{
	(void)arg;
	return sbi_value(VERSION_MAJOR << 16 | VERSION_MINOR);
}

static struct sbi_ret base_probe(const u64 *arg)
{
	return sbi_value(arg[0] < LEGACY_COUNT || find_extension(arg[0]));
}

static struct sbi_ret base_mvendorid(const u64 *arg)
{
	(void)arg;
	return sbi_value(csr_read(mvendorid));
}

static struct sbi_ret base_marchid(const u64 *arg)
{
	(void)arg;
	return sbi_value(csr_read(marchid));
}

static struct sbi_ret base_mimpid(const u64 *arg)
{
	(void)arg;
	return sbi_value(csr_read(mimpid));
}

static const struct sbi_function base_functions[] = {
	{ base_spec_version }, { base_implementation }, { base_implementation_version },
	{ base_probe }, { base_mvendorid }, { base_marchid }, { base_mimpid },
};

const struct sbi_extension sbi_base = { 0x10, base_functions, ARRAY_SIZE(base_functions) };

/*
 * Legacy calls by extension id. Some have the virtual address of a hart mask in a0. If the mask and
 * base 0 are put in its place, these are the arguments of the newer function.
 */
static const struct {
	struct sbi_ret (*call)(const u64 *arg);
	bool has_mask;
} legacy[LEGACY_COUNT] = {
	{ timer_call, false },
	{ console_put_call, false },
	{ console_get_call, false },
	{ ipi_clear_call, false },
	{ ipi_send_call, true },
	{ rfence_fence_i_call, true },
	{ rfence_sfence_call, true },
	{ rfence_sfence_asid_call, true },
	{ reset_shutdown_call, false },
};

/*
 * Reads the hart mask. Returns false if the caller may not read there; the frame then enters the
 * caller's handler of that fault.
 */
static bool load_mask(struct frame *frame, u64 arg[6])
{
	u64 pointer = frame->x[10];
	struct guarded mask = { .ok = true };
	struct trap trap = { 0 };

	if (pointer)
		mask = guarded_call(guarded_load_as_caller, pointer);
	if (!mask.ok) {
		trap.cause = mask.value;
		trap.tval = csr_read(mtval);
		trap_redirect(frame, &trap);
		return false;
	}
	arg[0] = mask.value;
	arg[1] = pointer ? 0 : -1UL; /* NULL means all harts */
	for (u64 i = 2; i < 6; i++)
		arg[i] = frame->x[10 + i - 1];
	return true;
}

static void legacy_call(struct frame *frame, u64 id)
{
	u64 with_mask[6];
	const u64 *arg = &frame->x[10];

	if (legacy[id].has_mask) {
		if (!load_mask(frame, with_mask))
			return;
		arg = with_mask;
	}
	frame->x[10] = legacy[id].call(arg).error;
	frame->mepc += 4;
}

void sbi_call(struct frame *frame)
{
	u64 id = frame->x[17], function = frame->x[16];
	const struct sbi_extension *extension = find_extension(id);
	struct sbi_ret ret = sbi_result(SBI_ERR_NOT_SUPPORTED);

	if (id < LEGACY_COUNT) {
		legacy_call(frame, id);
		return;
	}
	if (extension && function < extension->count)
		ret = extension->functions[function].call(&frame->x[10]);
	if (ret.error == SBI_FRAME_IS_WRITTEN)
		return;
	frame->x[10] = ret.error;
	frame->x[11] = ret.value;
	frame->mepc += 4;
}
