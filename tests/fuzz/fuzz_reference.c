/*
 * References, locations and platforms from any text: what is taken must be taken again,
 * and as the same, from its canonical form.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/platform.h"
#include "imgprof/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void try_reference(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_reference once, twice;
	if (imp_reference_parse(text, arena, &once, &err) < 0) {
		require(err.category == IMP_E_USAGE && err.message[0] != '\0');
		return;
	}
	const char *canonical = imp_reference_text(&once, arena);
	require(imp_reference_parse(imp_slice_of(canonical), arena, &twice, &err) == 0);
	require(strcmp(imp_reference_text(&twice, arena), canonical) == 0);
	require(imp_reference_host(&once)[0] != '\0');
}

static bool exists;

static bool path_exists(const char *path)
{
	require(path[0] != '\0');
	return exists;
}

static void try_location(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_location location;
	const char *argument = imp_arena_copy(arena, text).data;
	if (imp_location_parse(argument, path_exists, arena, &location, &err) < 0) {
		require(err.category == IMP_E_USAGE && err.message[0] != '\0');
		return;
	}
	require(strcmp(location.text, argument) == 0);
	bool engine = location.transport == IMP_TRANSPORT_DOCKER_DAEMON ||
		      location.transport == IMP_TRANSPORT_PODMAN;
	require((location.path != NULL) + (location.reference.path != NULL) +
			(engine && location.selector != NULL) ==
		(location.transport != IMP_TRANSPORT_STDIN));
}

static void try_platform(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_platform once, twice;
	if (imp_platform_parse(text, arena, &once, &err) < 0)
		return;
	const char *canonical = imp_platform_text(&once, arena);
	require(imp_platform_parse(imp_slice_of(canonical), arena, &twice, &err) == 0);
	require(strcmp(imp_platform_text(&twice, arena), canonical) == 0);
	require(imp_platform_match(&once, &twice) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_slice text = imp_slice((const char *)data, size);
	struct imp_arena *arena = imp_arena_create();
	try_reference(text, arena);
	exists = false;
	try_location(text, arena);
	exists = true;
	try_location(text, arena);
	try_platform(text, arena);
	imp_arena_destroy(arena);
	return 0;
}
