#include "imgprof/reference.h"

#include "oci_test.h"

static bool nothing_exists(const char *path __attribute__((unused)))
{
	return false;
}

static bool everything_exists(const char *path __attribute__((unused)))
{
	return true;
}

typedef bool exists_function(const char *path);

static struct imp_location parse(const char *text, exists_function *exists,
				 struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_location location;
	memset(&location, 0x55, sizeof(location));
	assert_ok(imp_location_parse(text, exists, arena, &location, &err), &err);
	assert_string_equal(location.text, text);
	assert_int_equal(err.category, 0);
	return location;
}

static void expect_path(const char *text, enum imp_transport transport, const char *path,
			const char *selector)
{
	ARENA(arena);
	struct imp_location location = parse(text, nothing_exists, arena);
	assert_int_equal(location.transport, transport);
	assert_string_equal(location.path, path);
	if (selector)
		assert_string_equal(location.selector, selector);
	else
		assert_null(location.selector);
	assert_null(location.reference.path);
}

static void expect_reference(const char *text, exists_function *exists,
			     enum imp_transport transport, const char *canonical)
{
	ARENA(arena);
	struct imp_location location = parse(text, exists, arena);
	assert_int_equal(location.transport, transport);
	assert_null(location.path);
	assert_null(location.selector);
	assert_string_equal(imp_reference_text(&location.reference, arena), canonical);
}

static void expect_refused(const char *text, exists_function *exists, const char *reason,
			   const char *hint)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_location location = {.text = "before"};
	assert_fails(imp_location_parse(text, exists, arena, &location, &err),
		     IMP_E_USAGE, reason, &err);
	if (!strstr(err.hint, hint))
		fail_msg("hint '%s' lacks '%s'", err.hint, hint);
	assert_string_equal(location.text, "before");
}

CASE(a_short_name_is_what_people_say)
{
	static const char *const names[][2] = {
		{"ghcr.io/acme/web:pr-7@sha256:00", "web"},
		{"127.0.0.1:5000/site/web:before", "web"},
		{"web", "web"},
		{"docker://web:1", "web"},
		{"docker-daemon:acme/web:1", "web"},
		{"oci:x", "x"},
		{"oci:build/site:acme/web:1", "site"},
		{"oci-archive:/tmp/web.tar:1", "web.tar"},
		{"docker-archive:web.tar", "web.tar"},
		{"dir:out/web", "web"},
		{"/tmp/web.tar", "web.tar"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct imp_slice name =
			imp_location_short_name(imp_slice_of(names[i][0]));
		assert_int_equal(name.len, strlen(names[i][1]));
		assert_memory_equal(name.data, names[i][1], name.len);
	}
}

CASE(dash_is_stdin)
{
	ARENA(arena);
	struct imp_location location = parse("-", everything_exists, arena);
	assert_int_equal(location.transport, IMP_TRANSPORT_STDIN);
	assert_null(location.path);
}

CASE(bare_word_is_a_reference)
{
	expect_reference("ubuntu", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/library/ubuntu:latest");
}

CASE(docker_slashes_is_the_registry)
{
	expect_reference("docker://alpine:3", everything_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/library/alpine:3");
}

CASE(registry_slashes_is_the_registry)
{
	expect_reference("registry://ghcr.io/x/y", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "ghcr.io/x/y:latest");
}

CASE(registry_colon_is_the_registry)
{
	expect_reference("registry:ghcr.io/x/y", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "ghcr.io/x/y:latest");
	expect_reference("registry:x/y:1", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/x/y:1");
}

CASE(image_called_registry_keeps_its_name)
{
	expect_reference("registry:2", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/library/registry:2");
	expect_reference("registry:5000/app", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "registry:5000/app:latest");
}

CASE(image_called_docker_keeps_its_name)
{
	expect_reference("docker:dind", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/library/docker:dind");
}

CASE(docker_colon_has_a_hint)
{
	expect_refused("docker:ghcr.io/x/y", nothing_exists, "is no host", "docker://");
}

CASE(docker_daemon_takes_a_reference)
{
	expect_reference("docker-daemon:alpine", nothing_exists,
			 IMP_TRANSPORT_DOCKER_DAEMON, "docker.io/library/alpine:latest");
}

CASE(slashes_behind_an_engine_prefix)
{
	expect_reference("docker-daemon://alpine", nothing_exists,
			 IMP_TRANSPORT_DOCKER_DAEMON, "docker.io/library/alpine:latest");
}

CASE(podman_takes_a_reference)
{
	expect_reference("podman:quay.io/x/y:1", nothing_exists, IMP_TRANSPORT_PODMAN,
			 "quay.io/x/y:1");
	expect_reference("podman://quay.io/x/y:1", nothing_exists, IMP_TRANSPORT_PODMAN,
			 "quay.io/x/y:1");
}

CASE(engines_take_ids)
{
	static const char *const ids[] = {SHA_A, HEX_A, "sha256:abcdef12"};
	ARENA(arena);
	for (size_t i = 0; i < 3; i++) {
		const char *text = imp_arena_printf(arena, "docker-daemon:%s", ids[i]);
		struct imp_location location = parse(text, nothing_exists, arena);
		assert_int_equal(location.transport, IMP_TRANSPORT_DOCKER_DAEMON);
		assert_string_equal(location.selector, ids[i]);
		assert_null(location.reference.path);
	}
}

CASE(registry_refuses_ids)
{
	expect_refused(HEX_A, nothing_exists, "image ID", "NAME@sha256:");
	expect_refused("docker://" SHA_A, nothing_exists, "image ID", "NAME@sha256:");
	expect_refused("docker://sha256:abcdef12", nothing_exists, "image ID", "");
}

CASE(docker_archive)
{
	expect_path("docker-archive:a.tar", IMP_TRANSPORT_DOCKER_ARCHIVE, "a.tar", NULL);
	expect_path("docker-archive:/a/b.tar:x/y:1", IMP_TRANSPORT_DOCKER_ARCHIVE,
		    "/a/b.tar", "x/y:1");
	expect_path("docker-archive:a.tar:@2", IMP_TRANSPORT_DOCKER_ARCHIVE, "a.tar",
		    "@2");
}

CASE(slashes_behind_a_path_prefix)
{
	expect_path("docker-archive://a.tar", IMP_TRANSPORT_DOCKER_ARCHIVE, "a.tar",
		    NULL);
	expect_path("docker-archive:///a/b.tar", IMP_TRANSPORT_DOCKER_ARCHIVE, "/a/b.tar",
		    NULL);
	expect_path("oci-archive://a.tar:v1", IMP_TRANSPORT_OCI_ARCHIVE, "a.tar", "v1");
	expect_path("oci:///srv/layout", IMP_TRANSPORT_OCI, "/srv/layout", NULL);
	expect_path("dir:///srv/x", IMP_TRANSPORT_DIR, "/srv/x", NULL);
}

CASE(oci_splits_at_the_first_colon)
{
	expect_path("oci:dir:quay.io/x/y:tag", IMP_TRANSPORT_OCI, "dir",
		    "quay.io/x/y:tag");
	expect_path("oci:dir:@1", IMP_TRANSPORT_OCI, "dir", "@1");
	expect_path("oci-archive:a.tar:v1", IMP_TRANSPORT_OCI_ARCHIVE, "a.tar", "v1");
}

CASE(oci_archive_name_may_start_with_at)
{
	expect_path("oci-archive:a.tar:@x", IMP_TRANSPORT_OCI_ARCHIVE, "a.tar", "@x");
}

CASE(dir_takes_all_as_path)
{
	expect_path("dir:/srv/a:b", IMP_TRANSPORT_DIR, "/srv/a:b", NULL);
}

CASE(path_is_missing)
{
	expect_refused("dir:", nothing_exists, "the path is missing", "");
	expect_refused("oci:", nothing_exists, "the path is missing", "");
	expect_refused("oci://", nothing_exists, "the path is missing", "");
	expect_refused("docker-archive::x", nothing_exists, "the path is missing", "");
}

CASE(selector_is_missing)
{
	expect_refused("oci:dir:", nothing_exists, "name behind ':' is missing", "");
}

CASE(selector_number_is_malformed)
{
	expect_refused("docker-archive:a.tar:@", nothing_exists, "is no image's number",
		       "");
	expect_refused("oci:dir:@-1", nothing_exists, "is no image's number", "");
	expect_refused("oci:dir:@1x", nothing_exists, "is no image's number", "");
}

CASE(reference_behind_prefix_is_missing)
{
	expect_refused("docker://", nothing_exists, "empty", "");
	expect_refused("podman:", nothing_exists, "empty", "");
}

CASE(containers_storage_is_refused)
{
	expect_refused("containers-storage:quay.io/x/y", nothing_exists, "podman's store",
		       "use podman save");
}

CASE(slash_and_dots_are_paths_there_or_not)
{
	expect_path("/a/b:c", IMP_TRANSPORT_PATH, "/a/b:c", NULL);
	expect_path("./a", IMP_TRANSPORT_PATH, "./a", NULL);
	expect_path("../a.tar", IMP_TRANSPORT_PATH, "../a.tar", NULL);
}

CASE(existing_path_wins)
{
	static const char *const paths[] = {"a.tar", "out/layout", ".", "..", "a.tar.gz"};
	ARENA(arena);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct imp_location location = parse(paths[i], everything_exists, arena);
		assert_int_equal(location.transport, IMP_TRANSPORT_PATH);
		assert_string_equal(location.path, paths[i]);
		assert_null(location.reference.path);
	}
}

CASE(folder_called_alpine_does_not_win)
{
	expect_reference("alpine", everything_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/library/alpine:latest");
}

CASE(existing_path_that_is_no_name)
{
	ARENA(arena);
	struct imp_location location = parse("My Image", everything_exists, arena);
	assert_int_equal(location.transport, IMP_TRANSPORT_PATH);
	assert_string_equal(location.path, "My Image");
}

CASE(path_that_does_not_exist_is_a_reference)
{
	expect_reference("site/web", nothing_exists, IMP_TRANSPORT_REGISTRY,
			 "docker.io/site/web:latest");
}

CASE(neither_name_nor_path)
{
	expect_refused("My Image", nothing_exists, "lower case", "no such file");
	expect_refused("", everything_exists, "empty", "");
}

static const char *asked;

static bool remember(const char *path)
{
	asked = path;
	return false;
}

CASE(prefix_is_not_looked_up)
{
	ARENA(arena);
	asked = NULL;
	parse("docker://x", remember, arena);
	parse("/x", remember, arena);
	parse("-", remember, arena);
	assert_null(asked);
	parse("x/y", remember, arena);
	assert_string_equal(asked, "x/y");
}
