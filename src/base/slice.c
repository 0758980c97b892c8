#include "imgprof/slice.h"

int imp_slice_compare(struct imp_slice a, struct imp_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.data, b.data, common) : 0;
	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

struct imp_slice imp_slice_cut(struct imp_slice *rest, char separator)
{
	struct imp_slice all = *rest;
	const char *at = all.len ? memchr(all.data, separator, all.len) : NULL;
	if (!at) {
		*rest = imp_slice(NULL, 0);
		return all;
	}
	size_t len = (size_t)(at - all.data);
	*rest = imp_slice_skip(all, len + 1);
	return imp_slice(all.data, len);
}

struct imp_slice imp_slice_basename(struct imp_slice path)
{
	const char *at = path.len ? memrchr(path.data, '/', path.len) : NULL;
	if (!at)
		return path;
	return imp_slice_skip(path, (size_t)(at - path.data) + 1);
}

struct imp_slice imp_slice_trim(struct imp_slice text, const char *bytes)
{
	size_t count = strlen(bytes);

	while (text.len > 0 && memchr(bytes, text.data[0], count))
		text = imp_slice_skip(text, 1);
	while (text.len > 0 && memchr(bytes, text.data[text.len - 1], count))
		text.len--;
	return text;
}

bool imp_slice_u64(struct imp_slice text, unsigned long long *out)
{
	unsigned long long value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		unsigned digit = (unsigned)(text.data[i] - '0');
		if (__builtin_mul_overflow(value, 10ULL, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (text.len == 0)
		return false;
	*out = value;
	return true;
}
