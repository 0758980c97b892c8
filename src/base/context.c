#include "imgprof/context.h"

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

const char *imp_context_env(const struct imp_context *context, const char *name)
{
	const char *value = context->getenv(context->user, name);
	return value && *value ? value : NULL;
}

void imp_context_log(const struct imp_context *context, int level, const char *format,
		     ...)
{
	if (!context->log)
		return;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	va_list args;
	va_start(args, format);
	imp_strbuf_vprintf(&line, format, args);
	va_end(args);
	context->log(context->user, level, line.data);
}
