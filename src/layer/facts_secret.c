#include "facts_secret.h"

#include <string.h>

static const char blanks[] = " \t\r";

static const struct {
	struct imp_slice end; /* of the path, behind a '/' or all of it */
	enum imp_secret_file file;
} names[] = {
	{{".docker/config.json", 19}, IMP_SECRET_DOCKER},
	{{".npmrc", 6}, IMP_SECRET_NPMRC},
	{{"npmrc", 5}, IMP_SECRET_NPMRC},
	{{".yarnrc.yml", 11}, IMP_SECRET_YARNRC},
	{{".pypirc", 7}, IMP_SECRET_PYPIRC},
	{{"pip.conf", 8}, IMP_SECRET_URL},
	{{".git/config", 11}, IMP_SECRET_URL},
	{{".gitconfig", 10}, IMP_SECRET_URL},
	{{".git-credentials", 16}, IMP_SECRET_URL},
	{{".netrc", 6}, IMP_SECRET_NETRC},
	{{".gem/credentials", 16}, IMP_SECRET_GEM},
	{{"auth.json", 9}, IMP_SECRET_COMPOSER},
	{{".m2/settings.xml", 16}, IMP_SECRET_MAVEN},
	{{"maven/conf/settings.xml", 23}, IMP_SECRET_MAVEN},
	{{"NuGet.Config", 12}, IMP_SECRET_NUGET},
	{{"NuGet.config", 12}, IMP_SECRET_NUGET},
	{{"nuget.config", 12}, IMP_SECRET_NUGET},
	{{".cargo/credentials", 18}, IMP_SECRET_CARGO},
	{{".cargo/credentials.toml", 23}, IMP_SECRET_CARGO},
	{{".aws/credentials", 16}, IMP_SECRET_AWS},
	{{"application_default_credentials.json", 36}, IMP_SECRET_GOOGLE},
	{{".env", 4}, IMP_SECRET_ENV},
};

static bool ends_at_component(struct imp_slice path, struct imp_slice end)
{
	return imp_slice_ends(path, end) &&
	       (path.len == end.len || path.data[path.len - end.len - 1] == '/');
}

static bool contains(struct imp_slice text, const char *part)
{
	return text.data && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

static bool is_env(struct imp_slice name)
{
	static const char *const harmless[] = {"example", "sample", "dist", "template",
					       "md"};
	if (!imp_slice_starts(name, IMP_SLICE(".env.")))
		return false;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (imp_slice_ends(name, imp_slice_of(harmless[i])))
			return false;
	return true;
}

enum imp_secret_file imp_layer_secret_file(struct imp_slice path)
{
	struct imp_slice name = imp_slice_basename(path);

	if (name.len == 0)
		return IMP_SECRET_NOT;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].end.data[names[i].end.len - 1] == path.data[path.len - 1] &&
		    ends_at_component(path, names[i].end))
			return names[i].file;
	if (is_env(name))
		return IMP_SECRET_ENV;
	if (contains(name, ".tfstate") || imp_slice_ends(name, IMP_SLICE(".tfvars")))
		return IMP_SECRET_TERRAFORM;
	if (!imp_slice_ends(name, IMP_SLICE(".json")))
		return IMP_SECRET_NOT;
	if (contains(name, "service-account") || contains(name, "service_account") ||
	    contains(path, ".config/gcloud/"))
		return IMP_SECRET_GOOGLE;
	return contains(path, ".azure/") ? IMP_SECRET_AZURE : IMP_SECRET_NOT;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A value that says something: no reference to a variable, not empty. */
static bool is_value(struct imp_slice value)
{
	while (value.len > 0 && (value.data[0] == '"' || value.data[0] == '\''))
		value = imp_slice_skip(value, 1);
	return value.len > 0 && value.data[0] != '$' && value.data[0] != '%' &&
	       value.data[0] != '"' && value.data[0] != '<' && value.data[0] != '{';
}

/* A line without comment that has KEY, SEPARATOR and a value. */
static bool has_setting(struct imp_slice text, const char *key, char separator)
{
	size_t key_bytes = strlen(key);

	while (text.len > 0) {
		struct imp_slice line =
			imp_slice_trim(imp_slice_cut(&text, '\n'), blanks);
		if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
			continue;
		const char *at = memmem(line.data, line.len, key, key_bytes);
		if (!at)
			continue;
		struct imp_slice rest = imp_slice_trim(
			imp_slice_skip(line, (size_t)(at - line.data) + key_bytes),
			blanks);
		if (separator == ' ' && is_value(rest))
			return true;
		if (rest.len > 0 && rest.data[0] == separator &&
		    is_value(imp_slice_trim(imp_slice_skip(rest, 1), blanks)))
			return true;
	}
	return false;
}

/* "KEY" : "a value", somewhere in JSON. */
static bool has_member(struct imp_slice text, const char *quoted_key)
{
	size_t key_bytes = strlen(quoted_key);
	const char *at;

	while (text.len > 0 &&
	       (at = memmem(text.data, text.len, quoted_key, key_bytes))) {
		text = imp_slice_skip(text, (size_t)(at - text.data) + key_bytes);
		size_t i = 0;
		while (i < text.len && (is_space(text.data[i]) || text.data[i] == '\n' ||
					text.data[i] == ':'))
			i++;
		if (i + 1 < text.len && text.data[i] == '"' && text.data[i + 1] != '"')
			return true;
	}
	return false;
}

/* "//USER:PASSWORD@HOST" */
static bool has_url_password(struct imp_slice text)
{
	const char *at;

	while (text.len > 0 && (at = memmem(text.data, text.len, "://", 3))) {
		text = imp_slice_skip(text, (size_t)(at - text.data) + 3);
		size_t colon = 0, i = 0;
		for (; i < text.len && (unsigned char)text.data[i] > ' ' &&
		       text.data[i] != '/' && text.data[i] != '@';
		     i++)
			if (text.data[i] == ':' && colon == 0)
				colon = i + 1;
		if (i < text.len && text.data[i] == '@' && colon > 1 && i > colon &&
		    text.data[colon] != '$')
			return true;
	}
	return false;
}

/* A setting outside of XML's comments: templates show passwords in those. */
static bool has_element(struct imp_slice text, const char *start_tag)
{
	while (text.len > 0) {
		const char *comment = memmem(text.data, text.len, "<!--", 4);
		size_t len = comment ? (size_t)(comment - text.data) : text.len;

		if (has_setting(imp_slice(text.data, len), start_tag, '>'))
			return true;
		text = imp_slice_skip(text, len);
		const char *end =
			text.len > 0 ? memmem(text.data, text.len, "-->", 3) : NULL;
		if (!end)
			return false;
		text = imp_slice_skip(text, (size_t)(end - text.data) + 3);
	}
	return false;
}

/* Composer's {"bearer": {"HOST": "TOKEN"}}: any member with a text. */
static bool has_bearer(struct imp_slice text)
{
	const char *at =
		text.len > 0 ? memmem(text.data, text.len, "\"bearer\"", 8) : NULL;

	if (!at)
		return false;
	text = imp_slice_skip(text, (size_t)(at - text.data) + 8);
	return has_member(imp_slice_cut(&text, '}'), "\"");
}

static bool is_variable(struct imp_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		bool letter =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!letter && !(i > 0 && ((c >= '0' && c <= '9') || c == '.')))
			return false;
	}
	return name.len > 0;
}

static bool read_variables(struct imp_slice text, struct imp_imports *variables)
{
	bool found = false;

	while (text.len > 0) {
		struct imp_slice value =
			imp_slice_trim(imp_slice_cut(&text, '\n'), blanks);
		if (value.len == 0 || !memchr(value.data, '=', value.len))
			continue;
		struct imp_slice name =
			imp_slice_trim(imp_slice_cut(&value, '='), blanks);
		if (imp_slice_starts(name, IMP_SLICE("export ")))
			name = imp_slice_trim(imp_slice_skip(name, 7), blanks);
		value = imp_slice_trim(value, blanks);
		if (!is_variable(name) || value.len == 0)
			continue;
		imp_imports_add(variables, imp_slice("", 0), name);
		found = true;
	}
	return found;
}

/* What stands in a file of that kind when it holds a secret: any one of these. */
enum sign_form {
	MEMBER,       /* of JSON, quoted at its end: it may end a longer key */
	SETTING,      /* KEY = VALUE */
	COLON,        /* KEY: VALUE */
	WORD,         /* KEY VALUE */
	ELEMENT,      /* <KEY>VALUE */
	TEXT,         /* anywhere */
	URL_PASSWORD, /* without a key */
	BEARER,       /* without a key */
};

static const struct sign {
	enum imp_secret_file file;
	enum sign_form form;
	const char *key;
} signs[] = {
	{IMP_SECRET_DOCKER, MEMBER, "\"auth\""},
	{IMP_SECRET_DOCKER, MEMBER, "\"identitytoken\""},
	{IMP_SECRET_NPMRC, SETTING, "_authToken"},
	{IMP_SECRET_NPMRC, SETTING, "_password"},
	{IMP_SECRET_NPMRC, SETTING, "_auth"},
	{IMP_SECRET_NPMRC, URL_PASSWORD, NULL},
	{IMP_SECRET_YARNRC, COLON, "npmAuthToken"},
	{IMP_SECRET_YARNRC, COLON, "npmAuthIdent"},
	{IMP_SECRET_PYPIRC, SETTING, "password"},
	{IMP_SECRET_PYPIRC, COLON, "password"},
	{IMP_SECRET_PYPIRC, URL_PASSWORD, NULL},
	{IMP_SECRET_URL, URL_PASSWORD, NULL},
	{IMP_SECRET_NETRC, WORD, "password"},
	{IMP_SECRET_GEM, COLON, "api_key"},
	{IMP_SECRET_COMPOSER, MEMBER, "\"password\""},
	{IMP_SECRET_COMPOSER, MEMBER, "\"github.com\""},
	{IMP_SECRET_COMPOSER, MEMBER, "\"gitlab.com\""},
	{IMP_SECRET_COMPOSER, BEARER, NULL},
	{IMP_SECRET_MAVEN, ELEMENT, "<password"},
	{IMP_SECRET_NUGET, TEXT, "ClearTextPassword"},
	{IMP_SECRET_NUGET, TEXT, "key=\"Password\""},
	{IMP_SECRET_CARGO, SETTING, "token"},
	{IMP_SECRET_AWS, SETTING, "aws_secret_access_key"},
	{IMP_SECRET_AWS, SETTING, "aws_session_token"},
	{IMP_SECRET_GOOGLE, MEMBER, "\"private_key\""},
	{IMP_SECRET_GOOGLE, MEMBER, "\"refresh_token\""},
	{IMP_SECRET_AZURE, MEMBER, "\"accessToken\""},
	{IMP_SECRET_AZURE, MEMBER, "\"refreshToken\""},
	{IMP_SECRET_AZURE, MEMBER, "\"secret\""},
	{IMP_SECRET_AZURE, MEMBER, "\"client_secret\""},
	{IMP_SECRET_TERRAFORM, SETTING, "password"},
	{IMP_SECRET_TERRAFORM, SETTING, "secret"},
	{IMP_SECRET_TERRAFORM, SETTING, "token"},
	{IMP_SECRET_TERRAFORM, SETTING, "private_key"},
	{IMP_SECRET_TERRAFORM, SETTING, "api_key"},
	{IMP_SECRET_TERRAFORM, MEMBER, "password\""},
	{IMP_SECRET_TERRAFORM, MEMBER, "secret\""},
	{IMP_SECRET_TERRAFORM, MEMBER, "token\""},
	{IMP_SECRET_TERRAFORM, MEMBER, "private_key\""},
	{IMP_SECRET_TERRAFORM, MEMBER, "private_key_pem\""},
};

static bool shows(const struct sign *sign, struct imp_slice text)
{
	switch (sign->form) {
	case MEMBER:
		return has_member(text, sign->key);
	case SETTING:
		return has_setting(text, sign->key, '=');
	case COLON:
		return has_setting(text, sign->key, ':');
	case WORD:
		return has_setting(text, sign->key, ' ');
	case ELEMENT:
		return has_element(text, sign->key);
	case TEXT:
		return contains(text, sign->key);
	case URL_PASSWORD:
		return has_url_password(text);
	case BEARER:
		return has_bearer(text);
	}
	return false;
}

bool imp_layer_holds_secret(enum imp_secret_file file, struct imp_slice text,
			    struct imp_imports *variables)
{
	if (file == IMP_SECRET_ENV)
		return read_variables(text, variables);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (signs[i].file == file && shows(&signs[i], text))
			return true;
	return false;
}
