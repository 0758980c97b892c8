/*
 * Inside src/oci: values of build arguments, which are never shown.
 */
#pragma once

#include "imgprof/arena.h"
#include "imgprof/image.h"

struct imp_secrets {
	struct imp_slice *values;
	size_t count, capacity;
};
void imp_secrets_add(struct imp_secrets *secrets, struct imp_slice value);
/* TEXT with every value of at least LEAST bytes that stands in it as a word replaced by "***". */
struct imp_slice imp_secrets_mask(const struct imp_secrets *secrets,
				  struct imp_slice text, size_t least,
				  struct imp_arena *arena);
/* Values of ARG in the history. */
void imp_secrets_add_history(struct imp_secrets *secrets, const struct imp_config *config,
			     struct imp_arena *arena);
/* The same for one instruction of a history, as imp_instruction_clean() gives it. */
struct imp_slice imp_secrets_mask_instruction(const struct imp_secrets *secrets,
					      struct imp_slice text,
					      struct imp_arena *arena);
void imp_secrets_finish(struct imp_secrets *secrets);
