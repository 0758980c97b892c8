/*
 * Bisection, for lists in order.
 */
#pragma once

#include <stddef.h>

/* The first AT of 0 to COUNT - 1 at which BEFORE, an expression of AT, is false; COUNT
 * where it always holds. It holds up to some place and nowhere behind it. */
#define IMP_FIRST_NOT(count, at, before) \
	({ \
		size_t low_ = 0, high_ = (count); \
		while (low_ < high_) { \
			size_t at = low_ + (high_ - low_) / 2; \
			if (before) \
				low_ = (at) + 1; \
			else \
				high_ = (at); \
		} \
		low_; \
	})
