#include "imgprof/json.h"

/* Integers up to here are exact in a double. */
#define EXACT_REAL_MAX 9007199254740992.0

struct imp_slice imp_json_get_string(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_string(value))
		return imp_slice("", 0);
	return imp_slice(json_string_value(value), json_string_length(value));
}

json_t *imp_json_get_array(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	return json_is_array(value) ? value : NULL;
}

json_t *imp_json_get_object(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	return json_is_object(value) ? value : NULL;
}

bool imp_json_get_u64(const json_t *object, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);
	if (json_is_integer(value)) {
		json_int_t integer = json_integer_value(value);
		if (integer < 0)
			return false;
		*out = (uint64_t)integer;
		return true;
	}
	if (!json_is_real(value))
		return false;
	double real = json_real_value(value);
	if (!(real >= 0 && real <= EXACT_REAL_MAX) || real != (double)(uint64_t)real)
		return false;
	*out = (uint64_t)real;
	return true;
}

bool imp_json_get_bool(const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_boolean(value) ? json_boolean_value(value) : fallback;
}
