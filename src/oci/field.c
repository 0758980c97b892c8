#include "field_priv.h"

#include "ascii_priv.h"

static const char *type_name(const json_t *value)
{
	if (!value)
		return "missing";
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "of an unknown type";
}

int imp_field_refuse(const json_t *value, const char *name, const char *expected,
		     struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT, "%s is %s, expected %s", name,
			type_name(value), expected);
}

/* The byte that Go's case folding makes of the character at *TEXT, which moves behind it.
 * Two characters beyond ASCII fold into it. */
static char take_folded(const char **text)
{
	static const struct imp_slice long_s = IMP_SLICE("\xc5\xbf");
	static const struct imp_slice kelvin = IMP_SLICE("\xe2\x84\xaa");
	const char *at = *text;
	if (strncmp(at, long_s.data, long_s.len) == 0) {
		*text += long_s.len;
		return 's';
	}
	if (strncmp(at, kelvin.data, kelvin.len) == 0) {
		*text += kelvin.len;
		return 'k';
	}
	*text += 1;
	return imp_to_lower(*at);
}

static bool same_folded(const char *key, const char *name)
{
	while (*key != '\0' && *name != '\0')
		if (take_folded(&key) != take_folded(&name))
			return false;
	return *key == '\0' && *name == '\0';
}

static int refuse_variant(const char *key, const char *name, struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT,
			"the key '%s' differs from '%s' only in case: readers disagree",
			key, name);
}

/* Puts VALUE where its KEY belongs; a key that is not known is skipped. */
static int bind_one(const char *key, json_t *value, enum imp_field_spelling spelling,
		    const char *const *names, size_t count, json_t **values,
		    struct imp_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!same_folded(key, names[i]))
			continue;
		bool exact = strcmp(key, names[i]) == 0;
		if (values[i] || (!exact && spelling == IMP_FIELD_EXACT))
			return refuse_variant(key, names[i], err);
		values[i] = value;
		return 0;
	}
	return 0;
}

int imp_fields_bind(json_t *object, enum imp_field_spelling spelling,
		    const char *const *names, size_t count, json_t **values,
		    struct imp_error *err)
{
	if (!json_is_object(object))
		return imp_fail(err, IMP_E_FORMAT, "%s, expected an object",
				type_name(object));
	for (size_t i = 0; i < count; i++)
		values[i] = NULL;

	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		int rc = bind_one(key, value, spelling, names, count, values, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

bool imp_field_absent(const json_t *value)
{
	return !value || json_is_null(value);
}

int imp_field_string(const json_t *value, const char *name, struct imp_arena *arena,
		     struct imp_slice *out, struct imp_error *err)
{
	struct imp_slice text = IMP_SLICE("");
	if (json_is_string(value))
		text = imp_arena_copy(arena, imp_slice(json_string_value(value),
						       json_string_length(value)));
	else if (!imp_field_absent(value))
		return imp_field_refuse(value, name, "a string", err);
	*out = text;
	return 0;
}

int imp_field_text(const json_t *value, const char *name, struct imp_arena *arena,
		   const char **out, struct imp_error *err)
{
	struct imp_slice text = {0};
	int rc = imp_field_string(value, name, arena, &text, err);
	if (rc == 0)
		*out = text.data;
	return rc;
}

int imp_field_bool(const json_t *value, const char *name, bool *out,
		   struct imp_error *err)
{
	if (!imp_field_absent(value) && !json_is_boolean(value))
		return imp_field_refuse(value, name, "true or false", err);
	*out = json_is_true(value);
	return 0;
}

int imp_field_size(const json_t *value, const char *name, uint64_t *out,
		   struct imp_error *err)
{
	static const double exact_max = 9007199254740992.0; /* 2^53 */
	if (!json_is_number(value))
		return imp_field_refuse(value, name, "a whole number from 0", err);
	double approximate = json_number_value(value);
	if (approximate < 0)
		return imp_fail(err, IMP_E_FORMAT,
				"%s is negative, expected a whole number from 0", name);
	if (json_is_integer(value)) {
		*out = (uint64_t)json_integer_value(value);
		return 0;
	}
	if (approximate > exact_max)
		return imp_fail(
			err, IMP_E_FORMAT,
			"%s is %g, too large for a number with an exponent or a point",
			name, approximate);
	if ((double)(uint64_t)approximate != approximate)
		return imp_fail(err, IMP_E_FORMAT, "%s is %g, expected a whole number",
				name, approximate);
	*out = (uint64_t)approximate;
	return 0;
}

int imp_field_array(json_t *value, const char *name, json_t **out, struct imp_error *err)
{
	if (!imp_field_absent(value) && !json_is_array(value))
		return imp_field_refuse(value, name, "an array", err);
	*out = json_is_array(value) ? value : NULL;
	return 0;
}

int imp_field_object(json_t *value, const char *name, json_t **out, struct imp_error *err)
{
	if (!imp_field_absent(value) && !json_is_object(value))
		return imp_field_refuse(value, name, "an object", err);
	*out = json_is_object(value) ? value : NULL;
	return 0;
}

int imp_field_strings(json_t *value, const char *name, struct imp_arena *arena,
		      const struct imp_slice **out, size_t *count, struct imp_error *err)
{
	json_t *array;
	int rc = imp_field_array(value, name, &array, err);
	if (rc < 0)
		return rc;
	size_t total = json_array_size(array);
	struct imp_slice *strings = imp_arena_array(arena, total, sizeof(*strings));
	for (size_t i = 0; i < total; i++) {
		json_t *item = json_array_get(array, i);
		if (!json_is_string(item))
			return imp_fail(err, IMP_E_FORMAT,
					"%s[%zu] is %s, expected a string", name, i,
					type_name(item));
		rc = imp_field_string(item, name, arena, &strings[i], err);
		if (rc < 0)
			return rc;
	}
	*out = strings;
	*count = total;
	return 0;
}

int imp_field_pairs(json_t *value, const char *name, struct imp_arena *arena,
		    const struct imp_pair **out, size_t *count, struct imp_error *err)
{
	json_t *object;
	int rc = imp_field_object(value, name, &object, err);
	if (rc < 0)
		return rc;
	size_t total = json_object_size(object);
	struct imp_pair *pairs = imp_arena_array(arena, total, sizeof(*pairs));
	size_t filled = 0;
	const char *key;
	json_t *item;
	json_object_foreach(object, key, item)
	{
		rc = imp_field_string(item, key, arena, &pairs[filled].value, err);
		if (rc < 0)
			return imp_wrap(err, "%s", name);
		pairs[filled++].key = imp_arena_copy(arena, imp_slice_of(key));
	}
	*out = pairs;
	*count = total;
	return 0;
}
