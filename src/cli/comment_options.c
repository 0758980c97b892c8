/* Options of the comment that -o markdown writes; all of it is the caller's. */
#include <string.h>

#include "command.h"

static int apply_for(struct imp_settings *settings, const char *value,
		     struct imp_error *err)
{
	static const char *const names[IMP_FORGES] = {
		[IMP_FORGE_GITHUB] = "github",
		[IMP_FORGE_GITLAB] = "gitlab",
		[IMP_FORGE_BITBUCKET] = "bitbucket",
		[IMP_FORGE_AZURE] = "azure",
	};

	for (int forge = 0; forge < IMP_FORGES; forge++)
		if (strcmp(value, names[forge]) == 0) {
			settings->comment.forge = (enum imp_forge)forge;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s': github, gitlab, bitbucket or azure",
			value);
}

static int apply_key(struct imp_settings *settings, const char *value,
		     struct imp_error *err)
{
	if (!value[0])
		return imp_fail(err, IMP_E_USAGE, "an empty key finds no comment");
	settings->comment.key = value;
	return 0;
}

static int apply_head(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)err;
	settings->comment.head = value;
	return 0;
}

static int apply_run_id(struct imp_settings *settings, const char *value,
			struct imp_error *err)
{
	(void)err;
	settings->comment.run = value;
	return 0;
}

static int apply_name(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	if (!value[0])
		return imp_fail(err, IMP_E_USAGE, "an empty name");
	settings->comment.name = value;
	return 0;
}

/* clang-format off */
const struct imp_option imp_comment_options[] = {
	{"for", 0, "FORGE", "whose limits the markdown keeps", "Comment", "github gitlab bitbucket azure", NULL, apply_for},
	{"name", 0, "NAME", "of the image, in place of its reference", "Comment", NULL, NULL, apply_name},
	{"comment-key", 0, "KEY", "what the next run finds the comment by", "Comment", NULL, NULL, apply_key},
	{"head", 0, "COMMIT", "of the change, beside the key", "Comment", NULL, NULL, apply_head},
	{"run-id", 0, "N", "number of the CI run, beside the key", "Comment", NULL, NULL, apply_run_id},
	{0},
};
/* clang-format on */
