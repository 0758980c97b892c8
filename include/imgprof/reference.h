/*
 * Image references (reference/formats.md section 1) and what an IMAGE argument means.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/hash.h"
#include "imgprof/slice.h"

/* [domain "/"] path [":" tag] ["@" digest], normalised by docker's rules: short names
 * are Docker Hub's, `library/` and the tag `latest` are filled in. Strings live in the
 * arena. */
struct imp_reference {
	/* "docker.io", "ghcr.io", "127.0.0.1:5000", "[::1]:5000" */
	const char *domain;
	const char *path;         /* "library/ubuntu" */
	const char *tag;          /* NULL when only a digest was given */
	struct imp_digest digest; /* algorithm NONE when absent; wins over the tag */
};

/* IMP_E_USAGE with what is wrong and, where it helps, a hint. */
int imp_reference_parse(struct imp_slice text, struct imp_arena *arena,
			struct imp_reference *out, struct imp_error *err);
/* "docker.io/library/ubuntu:latest", with "@sha256:..." when there is a digest. */
char *imp_reference_text(const struct imp_reference *reference, struct imp_arena *arena);
/* The host that is asked: registry-1.docker.io for docker.io, else the domain. */
const char *imp_reference_host(const struct imp_reference *reference);

enum imp_transport {
	IMP_TRANSPORT_REGISTRY,       /* docker://REF, or a bare reference */
	IMP_TRANSPORT_STDIN,          /* - */
	IMP_TRANSPORT_PATH,           /* a bare path: archive or folder, sniffed */
	IMP_TRANSPORT_DOCKER_ARCHIVE, /* docker-archive:PATH[:REF|:@N] */
	IMP_TRANSPORT_OCI_ARCHIVE,    /* oci-archive:PATH[:REF] */
	IMP_TRANSPORT_OCI,            /* oci:DIR[:REF|:@N] */
	IMP_TRANSPORT_DIR,            /* dir:DIR */
	IMP_TRANSPORT_DOCKER_DAEMON,  /* docker-daemon:REF */
	IMP_TRANSPORT_PODMAN,         /* podman:REF */
};

struct imp_location {
	enum imp_transport transport;
	const char *path; /* of a file or folder; NULL else */
	/* Behind the path: a name or "@N"; for an engine: the ID of an image. NULL:
	 * none. */
	const char *selector;
	/* Registry, and engines without an ID; else zeroed */
	struct imp_reference reference;
	const char *text; /* as the user wrote it */
};

/* What people call the image of a location's text: the last component, "web" of
 * ghcr.io/acme/web:pr-7@sha256:..., "site" of oci:build/site:1, "web.tar" of docker-archive:web.tar. */
struct imp_slice imp_location_short_name(struct imp_slice text);

/* What IMAGE means (formats.md 1.7, 1.8). PATH_EXISTS tells whether a bare argument
 * names something on disk (borrowed; tests fill in their own). A bare word that is also
 * a folder here is a reference unless it has a '/' or '.' or an archive's suffix. */
int imp_location_parse(const char *argument, bool (*path_exists)(const char *path),
		       struct imp_arena *arena, struct imp_location *out,
		       struct imp_error *err);
