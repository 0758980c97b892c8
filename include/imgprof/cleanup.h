/*
 * Scope-bound ownership with the cleanup attribute of gcc and clang:
 *
 *	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
 *	imp_auto_fd int fd = open(...);
 *	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;
 *
 * Ownership leaves a scope only through imp_steal(&pointer).
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define imp_auto(finish) __attribute__((cleanup(finish)))

/* Defines the helper behind imp_auto_destroy(TYPE): calls TYPE_destroy on the pointer. */
#define IMP_DEFINE_DESTROY(type) \
	static inline void type##_destroy_pointer(struct type **pointer) \
	{ \
		type##_destroy(*pointer); \
	} \
	struct type
#define imp_auto_destroy(type) __attribute__((cleanup(type##_destroy_pointer)))

static inline void imp_free_pointer(void *pointer)
{
	free(*(void **)pointer);
}
#define imp_auto_free __attribute__((cleanup(imp_free_pointer)))

static inline void imp_close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define imp_auto_fd __attribute__((cleanup(imp_close_fd)))

/* Returns *POINTER and sets it to NULL. */
#define imp_steal(pointer) \
	__extension__({ \
		__typeof__(*(pointer)) stolen_ = *(pointer); \
		*(pointer) = NULL; \
		stolen_; \
	})
