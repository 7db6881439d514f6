/* SPDX-License-Identifier: MIT */
/* See screen_keys.h. */
#include "frontends/display/screen_keys.h"

#include <errno.h>

#include "bus/platform.h"
#include "frontends/display/screen.h"

/* QEMU has the same delay between the keys of a VNC viewer (key-delay-ms). */
#define KEY_NS (NS_PER_S / 100)
/* Presses fill only half of the queue: the other places are for releases, so that no key stays
 * pressed. */
#define PRESSES_MAX (SCREEN_KEYS_MAX / 2)

static void keys_add(struct screen_keys *keys, u16 code, bool down, u64 ns)
{
	keys->waiting[(keys->start + keys->count++) % SCREEN_KEYS_MAX] =
		(struct screen_key){ code, down, ns };
}

void screen_keys_follow(struct screen *screen)
{
	if (screen->loads == screen->platform->loads)
		return;
	screen->loads = screen->platform->loads;
	screen->keys = (struct screen_keys){ 0 };
	screen->buttons = 0;
}

void screen_keys_poll(struct screen *screen)
{
	struct screen_keys *keys = &screen->keys;
	u64 now = clock_now(&screen->platform->clock);

	screen_keys_follow(screen);
	while (keys->count && now >= keys->due) {
		const struct screen_key *key = &keys->waiting[keys->start];
		const struct input_event events[] = { { EV_KEY, key->code, key->down },
						      { EV_SYN, 0, 0 } };

		screen_report(screen, INPUT_KEYBOARD, events, ARRAY_SIZE(events));
		keys->due = now + key->ns;
		keys->start = (keys->start + 1) % SCREEN_KEYS_MAX;
		keys->count--;
	}
}

u64 screen_keys_due(const struct screen *screen)
{
	return screen->keys.count ? screen->keys.due : CLOCK_NEVER;
}

bool screen_key(struct screen *screen, u16 code, bool down)
{
	struct screen_keys *keys = &screen->keys;

	if (!screen_listens(screen, INPUT_KEYBOARD))
		return false;
	screen_keys_follow(screen);
	if (keys->count < (down ? PRESSES_MAX : SCREEN_KEYS_MAX))
		keys_add(keys, code, down, KEY_NS);
	screen_keys_poll(screen);
	return true;
}

int screen_send_keys(struct screen *screen, const u16 *codes, unsigned count, u64 ns)
{
	struct screen_keys *keys = &screen->keys;

	if (!screen_listens(screen, INPUT_KEYBOARD))
		return -ENODEV;
	screen_keys_follow(screen);
	if (keys->count + count > PRESSES_MAX)
		return -EBUSY;
	for (unsigned n = 0; n < count; n++)
		keys_add(keys, codes[n], true, n + 1 < count ? 0 : ns);
	for (unsigned n = count; n--;)
		keys_add(keys, codes[n], false, n ? 0 : KEY_NS);
	screen_keys_poll(screen);
	return 0;
}
