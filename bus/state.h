/* SPDX-License-Identifier: MIT */
/*
 * The register of all machine state. A part (hart0, uart, ...) registers a constant table of its
 * fields once; save, load, hash and diff walk that one table. The rest is not state: caches, TLBs,
 * decoded blocks and host handles are rebuilt by the part's post_load().
 */
#ifndef BUS_STATE_H
#define BUS_STATE_H

#include "bus/base.h"

struct ram;

/* `count` elements of `size` bytes each (a power of two up to 8, or 1 for plain bytes). */
struct state_field {
	const char *name;
	u32 offset;
	u32 size;
	u32 count;
	bool boolean; /* of C's type bool: a load refuses anything but 0 and 1 */
};

#define STATE_IS_BOOL(lvalue) _Generic((lvalue), bool: true, default: false)
#define STATE_FIELD(type, member)                                                                  \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member), 1,                         \
	  STATE_IS_BOOL(((type *)0)->member) }
#define STATE_ARRAY(type, member)                                                                  \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0]),                         \
	  ARRAY_SIZE(((type *)0)->member), STATE_IS_BOOL(((type *)0)->member[0]) }

/* No type has this version: in a saved machine it stands for a memory in place of fields. */
#define STATE_MEMORY UINT32_MAX

struct state_type {
	u32 version; /* raised when the fields' meaning changes; another version is refused */
	const struct state_field *fields;
	unsigned count;
	/* The last so many say how the part is made: a load refuses other values. */
	unsigned fixed;
	/*
	 * Called before the fields are read: copies values that are held elsewhere into them. It
	 * never changes what the machine does. May be NULL.
	 */
	void (*pre_save)(void *self);
	/*
	 * Called after all parts were loaded, in order of registration: check the values (they come
	 * from a hostile file) and rebuild what follows from them. -EINVAL refuses. May be NULL.
	 */
	int (*post_load)(void *self);
	/*
	 * True when part of it is bound to the host now, as files that the guest has open, so that
	 * a saved machine could not go on. Then *why is a line that says so. May be NULL.
	 */
	bool (*bound)(void *self, char *why, size_t size);
};

#define STATE_NAME_MAX 32
struct state_part {
	char name[STATE_NAME_MAX];
	const struct state_type *type;
	void *self;
	struct ram *ram; /* instead of type and self: the part is a memory */
};

struct state {
	struct state_part *parts;
	unsigned count;
	const char *version; /* of the program, for those who read what it saves; NULL: unknown */
	bool rebuilding; /* post_load() is called: what parts signal to each other is not new */
};

/* Destination of a saved machine, in pieces: 0, or a negative errno that ends the saving. */
struct state_sink {
	int (*put)(void *ctx, const void *data, size_t size);
	void *ctx;
};

/* Origin of a saved machine: get returns its next `size` bytes; `size` is all. 0 or -errno. */
struct state_source {
	int (*get)(void *ctx, void *data, size_t size);
	void *ctx;
	u64 size;
};

/* A growing byte string; the caller of state_save frees `data`. */
struct state_image {
	u8 *data;
	size_t size;
	size_t room;
};

void state_init(struct state *state);
void state_free(struct state *state);

/* Names are unique within a machine; self must outlive the register. */
void state_register(struct state *state, const char *name, const struct state_type *type,
		    void *self);
void state_register_ram(struct state *state, const char *name, struct ram *ram);

/* Removes the part of that name, and those whose names begin with it and a dot. */
void state_remove(struct state *state, const char *name);

/* Calls pre_save() of all parts; saving, hashing and comparing begin with it. */
void state_pre_save(const struct state *state);

/* True when a part is bound to the host; the first such part says why. */
bool state_bound(const struct state *state, char *why, size_t size);

/* Writes the whole machine to a sink. 0, or the sink's error. */
int state_write(const struct state *state, const struct state_sink *sink);

/*
 * Replaces the machine by the one in source, which is not trusted; its parts may be in another
 * order. -EINVAL when that machine has other parts, fields or versions, or the source's error; the
 * machine is then partly overwritten and must be reset or freed.
 */
int state_read(struct state *state, const struct state_source *source);

/*
 * Tells whether state_read would find this machine's parts, fields and versions, and read all: 0 or
 * the source's error. Nothing changes; values are not checked (post_load() does). After -EINVAL
 * *differs is the first part or field that differs, or that one of them lacks; "" of no machine's.
 */
int state_check(const struct state *state, const struct state_source *source, char *differs,
		size_t size);

/* Reads which version of the program saved a machine; "" where the source does not say. */
void state_version(const struct state_source *source, char *text, size_t size);

/* Saving to memory and loading from it: save appends to image, load replaces the machine. */
int state_save(const struct state *state, struct state_image *image);
int state_load(struct state *state, const u8 *data, size_t size);

/* 64-bit hash of all state; pages of zeros hash as absent ones, so residency does not matter. */
u64 state_hash(const struct state *state);

/* Adds bytes to a hash. */
u64 state_hash_bytes(u64 hash, const void *data, size_t size);

/*
 * Returns whether two machines of the same shape have the same fields, and the same contents in the
 * pages that are marked dirty in either: if they were equal when their marks were cleared, and all
 * that is written is marked, they are equal now.
 */
bool state_same_written(const struct state *a, const struct state *b);

/* Describes where two such differ first ("hart0.x[5]: 0x1 0x2"). False: they are equal. */
bool state_diff(const struct state *a, const struct state *b, char *text, size_t size);

#endif
