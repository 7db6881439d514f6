/* SPDX-License-Identifier: MIT */
/*
 * The FWFT extension. Each feature is a field of menvcfg, or of medeleg, and the field's value is
 * the feature's value: the only state here is which features the hart has and which are locked. All
 * features are local.
 */
#include "firmware/sbi/fwft.h"
#include "firmware/csr.h"
#include "firmware/guarded.h"
#include "firmware/hart.h"

#define FLAG_LOCK 1

#define MISALIGNED (1UL << CAUSE_LOAD_MISALIGNED | 1UL << CAUSE_STORE_MISALIGNED)
#define SETTINGS 3

/* A value of the feature and the field's bits for it; the list ends with a second {0, 0}. */
struct setting {
	u64 value, bits;
};

#define SWITCH(field) field, { { 0, 0 }, { 1, field } }

/* Indexed by feature type. */
static const struct feature {
	bool delegation; /* the field is medeleg's */
	u64 field;
	struct setting settings[SETTINGS];
} features[] = {
	{ true, SWITCH(MISALIGNED) },
	{ false, SWITCH(MENVCFG_LPE) },
	{ false, SWITCH(MENVCFG_SSE) },
	{ false, SWITCH(MENVCFG_DTE) },
	{ false, SWITCH(MENVCFG_ADUE) },
	{ false, MENVCFG_PMM, { { 0, 0 }, { 7, MENVCFG_PMM_7 }, { 16, MENVCFG_PMM_16 } } },
};

static u64 get_field(const struct feature *feature)
{
	if (feature->delegation)
		return csr_read(medeleg) & feature->field;
	return csr_read_menvcfg(0) & feature->field;
}

/* Writes the field; returns false if it does not keep the bits. Removes cached translations. */
static bool set_field(const struct feature *feature, u64 bits)
{
	if (feature->delegation)
		csr_write(medeleg, (csr_read(medeleg) & ~feature->field) | bits);
	else
		csr_write_menvcfg((csr_read_menvcfg(0) & ~feature->field) | bits);
	__asm__ volatile("sfence.vma" : : : "memory");
	return get_field(feature) == bits;
}

/* Returns whether the hart has a setting of the feature other than the first, which is off. */
static bool is_there(const struct feature *feature)
{
	bool there = false;
	u64 old;

	if (!feature->delegation && !guarded_call(csr_read_menvcfg, 0).ok)
		return false;
	old = get_field(feature);
	for (u64 i = 1; i < SETTINGS; i++)
		there |= feature->settings[i].bits && set_field(feature, feature->settings[i].bits);
	set_field(feature, old);
	return there;
}

u32 fwft_find_features(void)
{
	u32 found = 0;

	for (u64 type = 0; type < ARRAY_SIZE(features); type++)
		found |= (u32)is_there(&features[type]) << type;
	return found;
}

bool fwft_double_trap(void)
{
	return (self->features.fwft >> FWFT_DOUBLE_TRAP & 1) &&
	       get_field(&features[FWFT_DOUBLE_TRAP]);
}

/* Returns the error with which both get and set refuse a feature, or 0. */
static s64 refusal(u32 type)
{
	if (type >= ARRAY_SIZE(features))
		return SBI_ERR_DENIED;
	return self->features.fwft >> type & 1 ? SBI_SUCCESS : SBI_ERR_NOT_SUPPORTED;
}

static const struct setting *find_setting(const struct feature *feature, u64 value)
{
	for (u64 i = 0; i < SETTINGS; i++)
		if (feature->settings[i].value == value)
			return &feature->settings[i];
	return NULL;
}

static struct sbi_ret fwft_set(const u64 *arg)
{
	u32 type = (u32)arg[0];
	const struct setting *setting;
	s64 refused = refusal(type);
	u64 old;

	if (refused)
		return sbi_result(refused);
	setting = find_setting(&features[type], arg[1]);
	if (!setting || arg[2] & ~(u64)FLAG_LOCK)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (self->fwft_locked >> type & 1)
		return sbi_result(SBI_ERR_DENIED_LOCKED);
	old = get_field(&features[type]);
	if (!set_field(&features[type], setting->bits)) {
		set_field(&features[type], old);
		return sbi_result(SBI_ERR_INVALID_PARAM);
	}
	self->fwft_locked |= (u32)(arg[2] & FLAG_LOCK) << type;
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret fwft_get(const u64 *arg)
{
	u32 type = (u32)arg[0];
	s64 refused = refusal(type);
	u64 bits;

	if (refused)
		return sbi_result(refused);
	bits = get_field(&features[type]);
	for (u64 i = 0; i < SETTINGS; i++)
		if (features[type].settings[i].bits == bits)
			return sbi_value(features[type].settings[i].value);
	return sbi_result(SBI_ERR_FAILED);
}

static const struct sbi_function functions[] = { { fwft_set }, { fwft_get } };

const struct sbi_extension sbi_fwft = { 0x46574654, functions, ARRAY_SIZE(functions) };
