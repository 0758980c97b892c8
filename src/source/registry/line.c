#include "line_priv.h"

#include <stdlib.h>

#include "imgprof/arena.h"

void imp_lines_start(struct imp_lines *lines, const struct imp_context *context)
{
	*lines = (struct imp_lines){.context = context};
	pthread_mutex_init(&lines->mutex, NULL);
}

static void line_destroy(struct imp_line *line)
{
	curl_easy_cleanup(line->easy);
	curl_multi_cleanup(line->multi);
	free(line->buffer);
	free(line);
}

void imp_lines_finish(struct imp_lines *lines)
{
	while (lines->idle) {
		struct imp_line *line = lines->idle;
		lines->idle = line->next;
		line_destroy(line);
	}
	pthread_mutex_destroy(&lines->mutex);
}

static struct imp_line *line_create(void)
{
	struct imp_line *line = imp_xcalloc(1, sizeof(*line));
	line->multi = curl_multi_init();
	line->easy = curl_easy_init();
	line->buffer = imp_xmalloc(IMP_LINE_BUFFER_BYTES);
	if (!line->multi || !line->easy)
		imp_die_of_memory(sizeof(*line));
	return line;
}

struct imp_line *imp_line_take(struct imp_lines *lines)
{
	pthread_mutex_lock(&lines->mutex);
	struct imp_line *line = lines->idle;
	if (line)
		lines->idle = line->next;
	pthread_mutex_unlock(&lines->mutex);
	if (!line)
		line = line_create();
	line->curl_error[0] = '\0';
	return line;
}

void imp_line_give(struct imp_lines *lines, struct imp_line *line)
{
	curl_easy_reset(line->easy);
	pthread_mutex_lock(&lines->mutex);
	line->next = lines->idle;
	lines->idle = line;
	pthread_mutex_unlock(&lines->mutex);
}
