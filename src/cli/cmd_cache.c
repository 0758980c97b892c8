/* imgprof cache: look at and tidy the cache of layer profiles and reports. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/store.h"
#include "imgprof/units.h"
#include "outputs.h"

/* A profile by the digest of its layer, a report by its key. */
static void add_entry(const struct imp_store_entry *entry, enum imp_units units,
		      struct imp_strbuf *out)
{
	char digest[IMP_DIGEST_TEXT], size[IMP_SIZE_TEXT], used[IMP_SIZE_TEXT];
	struct imp_slice name = imp_slice_of(imp_digest_text(&entry->digest, digest));

	if (entry->kind == IMP_STORE_REPORT) {
		imp_strbuf_add_text(out, "report:");
		name = imp_slice_skip(name, strlen("sha256:"));
	}
	imp_strbuf_add_slice(out, name);
	imp_strbuf_printf(out, "  %8s  %s\n", imp_size_text(entry->bytes, units, size),
			  imp_time_text(entry->used_ns, used));
}

static int list(struct imp_store *store, const struct imp_settings *settings,
		struct imp_strbuf *out, struct imp_error *err)
{
	imp_auto_free struct imp_store_entry *entries = NULL;
	size_t count, counts[IMP_STORE_KINDS] = {0};
	uint64_t total = 0;
	char size[IMP_SIZE_TEXT];
	int rc = imp_store_list(store, &entries, &count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		add_entry(&entries[i], settings->units, out);
		counts[entries[i].kind]++;
		total += entries[i].bytes;
	}
	imp_strbuf_printf(out, "%zu profiles, %zu reports, %s\n",
			  counts[IMP_STORE_PROFILE], counts[IMP_STORE_REPORT],
			  imp_size_text(total, settings->units, size));
	return 0;
}

static int prune(struct imp_store *store, const struct imp_context *context,
		 const struct imp_settings *settings, struct imp_strbuf *out,
		 struct imp_error *err)
{
	uint64_t cap = imp_store_cap(context), removed, removed_bytes;
	char size[IMP_SIZE_TEXT];

	if (settings->argument_count > 1 &&
	    !imp_size_parse(imp_slice_of(settings->arguments[1]), &cap))
		return imp_fail(err, IMP_E_USAGE, "'%s' is no size",
				settings->arguments[1]);
	int rc = imp_store_prune(store, cap, &removed, &removed_bytes, err);
	if (rc == 0)
		imp_strbuf_printf(out, "%llu removed, %s\n", (unsigned long long)removed,
				  imp_size_text(removed_bytes, settings->units, size));
	return rc;
}

static int verify(struct imp_store *store, struct imp_strbuf *out, struct imp_error *err)
{
	uint64_t checked, removed;
	int rc = imp_store_verify(store, &checked, &removed, err);

	if (rc == 0)
		imp_strbuf_printf(out, "%llu checked, %llu removed\n",
				  (unsigned long long)checked,
				  (unsigned long long)removed);
	return rc;
}

static int act(struct imp_store *store, const char *action,
	       const struct imp_context *context, const struct imp_settings *settings,
	       struct imp_strbuf *out, struct imp_error *err)
{
	if (strcmp(action, "ls") == 0)
		return list(store, settings, out, err);
	if (strcmp(action, "prune") == 0)
		return prune(store, context, settings, out, err);
	if (strcmp(action, "verify") == 0)
		return verify(store, out, err);
	if (strcmp(action, "dir") == 0) {
		imp_strbuf_printf(out, "%s\n", imp_store_directory(store));
		return 0;
	}
	return imp_fail(err, IMP_E_USAGE,
			"cache %s: no such action: ls, prune, verify or dir", action);
}

static int run(const struct imp_context *context, struct imp_settings *settings,
	       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_auto_destroy(imp_store) struct imp_store *store = NULL;

	if (settings->argument_count == 0)
		return imp_fail(err, IMP_E_USAGE, "cache: ls, prune, verify or dir?");
	int rc = imp_store_open(context, settings->cache_directory, &store, err);
	if (rc == 0)
		rc = act(store, settings->arguments[0], context, settings, &out, err);
	return rc < 0 ? rc : imp_output_text(imp_strbuf_slice(&out), err);
}

static const struct imp_option *const options[] = {imp_cache_options, imp_common_options,
						   NULL};

const struct imp_command imp_command_cache = {
	.name = "cache",
	.summary = "the cache of profiles and reports: ls, prune, verify, dir",
	.usage = "cache ls | prune [SIZE] | verify | dir",
	.text = "A layer that was profiled once is never read again: its profile is kept under\n"
		"the layer's digest, and the report of an image that was looked at with the\n"
		"same rules before. ls lists both, prune removes what was used longest ago\n"
		"until SIZE is left (default: IMGPROF_CACHE_SIZE or 1 GiB), verify loads each\n"
		"and drops what is damaged, dir prints where they are.",
	.examples = "  imgprof cache ls\n"
		    "  imgprof cache prune 100MB",
	.options = options,
	.run = run,
};
