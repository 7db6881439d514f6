/* SPDX-License-Identifier: MIT */
/* Lists QEMU's names of keyboards (-k), with the layouts of XKB from which QEMU's keymaps were
 * made. */
#include "frontends/cli/table.h"

#include <stdio.h>
#include <string.h>

#define PC "pc105"

/* Four rows differ from QEMU: its keymaps "et" and "bepo" are those of other languages by mistake,
 * and its "sl" and "sv" are outdated. */
static const struct keyboard keyboards[] = {
	{ "ar", PC, "ara", "" }, { "bepo", PC, "fr", "bepo" }, { "cz", PC, "cz", "" },
	{ "da", PC, "dk", "" }, { "de", PC, "de", "nodeadkeys" }, { "de-ch", PC, "ch", "" },
	{ "en-gb", PC, "gb", "" }, { "en-us", NULL, NULL, NULL }, { "es", PC, "es", "" },
	{ "et", PC, "ee", "" }, { "fi", PC, "fi", "" }, { "fo", PC, "fo", "" },
	{ "fr", PC, "fr", "nodeadkeys" }, { "fr-be", PC, "be", "" }, { "fr-ca", PC, "ca", "fr" },
	{ "fr-ch", PC, "ch", "fr" }, { "hr", PC, "hr", "" }, { "hu", PC, "hu", "" },
	{ "is", PC, "is", "" }, { "it", PC, "it", "" }, { "ja", "jp106", "jp", "" },
	{ "lt", PC, "lt", "" }, { "lv", PC, "lv", "" }, { "mk", PC, "mk", "" },
	{ "nl", PC, "nl", "" }, { "no", PC, "no", "" }, { "pl", PC, "pl", "" },
	{ "pt", PC, "pt", "" }, { "pt-br", PC, "br", "" }, { "ru", PC, "ru", "" },
	{ "sl", PC, "si", "" }, { "sv", PC, "se", "" }, { "th", PC, "th", "" },
	{ "tr", PC, "tr", "" },
};

static int fail_keyboard(struct parser *parser, const char *name)
{
	char accepted[8 * ARRAY_SIZE(keyboards)];
	size_t size = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(keyboards); n++)
		size += (size_t)snprintf(accepted + size, sizeof(accepted) - size, "%s%s",
					 n ? ", " : "", keyboards[n].name);
	return keyval_fail(parser->error, "-k: no keyboard '%s'; accepted: %s", name, accepted);
}

int apply_keyboard(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	for (unsigned n = 0; n < ARRAY_SIZE(keyboards); n++)
		if (!strcmp(keyboards[n].name, value)) {
			parser->options->display.keyboard = keyboards[n].layout ? &keyboards[n] :
										  NULL;
			return 0;
		}
	return fail_keyboard(parser, value);
}
