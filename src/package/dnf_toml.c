/*
 * The TOML that dnf5 writes, and no more of it: tables [packages."bash.x86_64"] with the key
 * `reason`, or in the table [packages] one inline table a package.
 */
#include "rpm.h"

struct toml {
	struct imp_slice package; /* of the table; empty in another one */
	bool in_packages;         /* in [packages] itself */
	void (*take)(void *context, struct imp_slice package, struct imp_slice reason);
	void *context;
};

/* Cuts a bare or quoted key or string off *REST, up to END or the quote; false when it never ends.
 * What dnf writes has no escapes. */
static bool cut_text(struct imp_slice *rest, char end, struct imp_slice *out)
{
	*rest = imp_slice_trim(*rest, " \t\r");
	char quote = rest->len > 0 ? rest->data[0] : '\0';
	if (quote != '"' && quote != '\'') {
		*out = imp_slice_trim(imp_slice_cut(rest, end), " \t\r");
		return rest->data != NULL;
	}
	*rest = imp_slice_skip(*rest, 1);
	*out = imp_slice_cut(rest, quote);
	if (!rest->data)
		return false;
	struct imp_slice between = imp_slice_trim(imp_slice_cut(rest, end), " \t\r");
	return between.len == 0 && (end == '\n' || rest->data);
}

/* "[packages]", "[packages.NAME]", or a table that is not read. */
static bool read_table(struct toml *toml, struct imp_slice line)
{
	struct imp_slice rest = imp_slice_skip(line, 1);

	toml->package = (struct imp_slice){0};
	toml->in_packages = imp_slice_is(rest, "packages]");
	if (!imp_slice_starts(rest, IMP_SLICE("packages.")))
		return rest.len > 0 && rest.data[rest.len - 1] == ']';
	rest = imp_slice_skip(rest, sizeof("packages.") - 1);
	return cut_text(&rest, ']', &toml->package);
}

/* `reason = "User"`, or the same in the braces of an inline table. */
static bool read_reason(struct toml *toml, struct imp_slice package,
			struct imp_slice text, char end)
{
	struct imp_slice key, value;

	if (!cut_text(&text, '=', &key))
		return false;
	if (!imp_slice_is(key, "reason"))
		return true;
	if (!cut_text(&text, end, &value))
		return false;
	toml->take(toml->context, package, value);
	return true;
}

static bool read_line(struct toml *toml, struct imp_slice line)
{
	struct imp_slice key, rest = line;

	if (line.len == 0 || line.data[0] == '#')
		return true;
	if (line.data[0] == '[')
		return read_table(toml, line);
	if (toml->package.len > 0)
		return read_reason(toml, toml->package, line, '\n');
	if (!cut_text(&rest, '=', &key))
		return false;
	rest = imp_slice_trim(rest, " \t\r");
	if (!toml->in_packages || !imp_slice_starts(rest, IMP_SLICE("{")))
		return true;
	return read_reason(toml, key, imp_slice_skip(rest, 1), '}');
}

bool imp_dnf_toml_read(struct imp_slice text,
		       void (*take)(void *context, struct imp_slice package,
				    struct imp_slice reason),
		       void *context)
{
	struct toml toml = {.take = take, .context = context};

	while (text.len > 0)
		if (!read_line(&toml,
			       imp_slice_trim(imp_slice_cut(&text, '\n'), " \t\r")))
			return false;
	return true;
}
