/* SPDX-License-Identifier: MIT */
/* The identities of the models that are cores: the rows IDENTITY of model.def. */
#include "cpu/isa/identity.h"

#include <strings.h>

#define MODEL(...)
#define BASE(...)
#define NEEDS(...)
#define NEEDS_WITH(...)
#define HAS(...)
#define IS(...)
#define IS_WITH(...)
#define EXCLUDES(...)
#define ALWAYS(...)
#define LACKS(...)
#define IDENTITY(name, vendor, architecture, implementation)                                       \
	{ #name, { vendor, architecture, implementation } },

static const struct {
	const char *model;
	struct identity identity;
} identities[] = {
#include "cpu/isa/model.def"
};

struct identity identity_of(const char *model)
{
	for (unsigned i = 0; i < ARRAY_SIZE(identities); i++)
		if (!strcasecmp(identities[i].model, model))
			return identities[i].identity;
	return (struct identity){ 0 };
}
