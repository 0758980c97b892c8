#include "imgprof/near.h"

#include <stdint.h>

size_t imp_edit_distance(struct imp_slice a, const char *b)
{
	size_t row[32], b_len = strlen(b);

	if (b_len >= sizeof(row) / sizeof(*row))
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t substituted = diagonal + (a.data[i - 1] != b[j - 1]);
			size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
			diagonal = row[j];
			row[j] = substituted < shorter + 1 ? substituted : shorter + 1;
		}
	}
	return row[b_len];
}

const char *imp_nearest(struct imp_slice word, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = 3;

	for (; *words; words++) {
		size_t distance = imp_edit_distance(word, *words);
		if (distance < best) {
			best = distance;
			nearest = *words;
		}
	}
	return nearest;
}
