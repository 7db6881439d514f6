/* SPDX-License-Identifier: MIT */
/*
 * Tests that vector state is saved and loaded: an access that trapped in its middle continues in
 * another machine; a state that no instruction could have made is refused or made legal; another
 * VLEN is refused.
 */
#include "tests/cpu/vector/accesses.h"

#include "tests/cpu/vector/extensions.h"

#include <errno.h>

#define VLSEG3E32 0x4205e407 /* v8 to v10, (a1) */

static void saved_save(struct engines *vectors, struct state_image *image)
{
	assert_int_equal(state_save(&vectors->machine.platform.state, image), 0);
}

static int saved_load(struct engines *vectors, const struct state_image *image)
{
	return state_load(&vectors->machine.platform.state, image->data, image->size);
}

/* Allows or forbids U-mode the page after the one in which the data begin. */
static void allow_next_page(struct hart *hart, bool allowed)
{
	hart->pmp.addr[0] = (align_down(ACCESSES_DATA, PAGE_SIZE) + PAGE_SIZE) >> 2 |
			    (PAGE_SIZE / 8 - 1);
	hart->pmp.cfg[0] = allowed ? 0 : PMP_NAPOT << 3;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
}

/* The machine is loaded into another one, whose vector state is entirely different. */
static void test_goes_on(void **unused)
{
	struct engines *first = vector_machine_create(vector_extensions()), *second;
	struct state_image image = { 0 };
	struct hart *hart = first->hart;
	u8 whole[sizeof(hart->vector.v)];

	vector_machine_prepare(first);
	assert_true(vector_machine_step(first, interp_run, VLSEG3E32));
	memcpy(whole, hart->vector.v, sizeof(whole));
	vector_machine_prepare(first);
	allow_next_page(hart, false);
	assert_false(vector_machine_step(first, interp_run, VLSEG3E32));
	assert_int_equal(hart->vector.vstart, 2);
	hart->vector.vxrm = 3;
	hart->vector.vxsat = 1;
	saved_save(first, &image);
	engines_free(first);

	second = vector_machine_create(vector_extensions());
	hart = second->hart;
	vector_machine_prepare(second); /* the memory, which is not in the image */
	hart->vector.vtype = VTYPE_VILL;
	memset(hart->vector.v, 0xee, sizeof(hart->vector.v));
	assert_int_equal(saved_load(second, &image), 0);
	assert_int_equal(hart->vector.vstart, 2);
	assert_int_equal(hart->vector.vl, 4);
	assert_int_equal(hart->vector.vtype, 2 << 3);
	assert_int_equal(hart->vector.vxrm, 3);
	assert_int_equal(hart->vector.vxsat, 1);
	allow_next_page(hart, true);
	hart->priv = PRIV_U;
	hart_regime_changed(hart);
	assert_true(vector_machine_step(second, interp_run, VLSEG3E32));
	assert_memory_equal(hart->vector.v, whole, (size_t)VECTOR_REGISTERS * hart->vector.vlenb);
	engines_free(second);
	free(image.data);
}

/*
 * With VLEN 128, e8 and m1 there are 16 elements, and vstart is less than 128. CSRs that software
 * can write become what a write of the value makes of them.
 */
static void test_damaged(void **unused)
{
	static const struct {
		u64 vtype, vl, vstart;
		u8 vxrm, vxsat;
		int error;
	} cases[] = {
		{ .vtype = 0, .vl = 16, .vstart = 127, .vxrm = 3, .vxsat = 1 },
		{ .vtype = VTYPE_VILL },
		{ .vtype = 3 << 3 | 7, .error = -EINVAL }, /* e64, mf2: more than ELEN */
		{ .vtype = 7 << 3, .error = -EINVAL },
		{ .vtype = 4, .error = -EINVAL },
		{ .vtype = VTYPE_VILL | 1, .error = -EINVAL },
		{ .vtype = BIT(8), .error = -EINVAL },
		{ .vl = 17, .error = -EINVAL },
		{ .vtype = VTYPE_VILL, .vl = 1, .error = -EINVAL },
		{ .vstart = 128 },
		{ .vxrm = 4 },
		{ .vxsat = 2 },
	};
	struct engines *vectors = vector_machine_create(vector_extensions());
	struct vector_state *vector = &vectors->hart->vector;

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct state_image image = { 0 };
		int error;

		vector->vtype = cases[n].vtype;
		vector->vl = cases[n].vl;
		vector->vstart = cases[n].vstart;
		vector->vxrm = cases[n].vxrm;
		vector->vxsat = cases[n].vxsat;
		saved_save(vectors, &image);
		error = saved_load(vectors, &image);
		if (error != cases[n].error)
			fail_msg("case %u: %d", n, error);
		assert_int_equal(vector->vstart, cases[n].vstart & 127);
		assert_int_equal(vector->vxrm, cases[n].vxrm & 3);
		assert_int_equal(vector->vxsat, cases[n].vxsat & 1);
		free(image.data);
	}
	engines_free(vectors);
}

/* A machine with another VLEN, or whose agnostic elements become ones, refuses the state. */
static void test_another_unit(void **unused)
{
	struct engines *vectors = vector_machine_create(vector_extensions());
	struct vector_config *config = &vectors->harts.vector, own = *config;
	struct state_image image = { 0 };

	saved_save(vectors, &image);
	assert_int_equal(saved_load(vectors, &image), 0);
	for (unsigned n = 0; n < 4; n++) {
		*config = own;
		if (n == 0)
			config->vlen = 256;
		config->tail_ones = n == 1;
		config->mask_ones = n == 2;
		config->half_avl = n == 3;
		assert_int_equal(saved_load(vectors, &image), -EINVAL);
	}
	*config = own;
	free(image.data);
	engines_free(vectors);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_goes_on),
	cmocka_unit_test(test_damaged),
	cmocka_unit_test(test_another_unit),
	{ 0 },
};
