#include "source_priv.h"

int imp_engine_source_create(const struct imp_context *context,
			     const struct imp_location *location,
			     const struct imp_source_options *options,
			     struct imp_source **out, struct imp_error *err)
{
	const char *program =
		location->transport == IMP_TRANSPORT_PODMAN ? "podman" : "docker";

	(void)context;
	(void)options;
	(void)out;
	imp_fail(err, IMP_E_UNSUPPORTED, "%s: engines are not asked directly",
		 location->text);
	return imp_hint(err, "%s save NAME | imgprof -", program);
}
