/*
 * Images for tests of sources: documents and layers made in memory, written into every
 * container that imgprof reads, and what a source gives back for them.
 *
 *	struct fixture_image image;
 *	fixture_image_make(&image, &(struct fixture_spec){.seed = "one"});
 *	struct fixture_run run;
 *	fixture_run_start(&run);
 *	fixture_oci_archive(&tar, &image, "latest");
 *	fixture_save(&run, "x.tar", &tar);
 *	assert_ok(fixture_open(&run, "oci-archive:%s/x.tar", run.folder), &run.err);
 *	fixture_expect_layers(&run, 0, &image);
 *	fixture_run_finish(&run);
 *	fixture_image_finish(&image);
 *
 * Include after case.h.
 */
#pragma once

#include <pthread.h>

#include "imgprof/context.h"
#include "imgprof/hash.h"
#include "imgprof/source.h"
#include "imgprof/strbuf.h"
#include "tar_writer.h"

enum { FIXTURE_LAYERS = 3 };

enum fixture_packing { FIXTURE_PLAIN, FIXTURE_GZIP, FIXTURE_ZSTD };

struct fixture_spec {
	const char
		*seed; /* another one, other layers; the first layer is always the same */
	enum fixture_packing packing;
	const char *architecture; /* NULL: amd64 */
	bool sha512;              /* of the layers' descriptors */
};

struct fixture_layer {
	struct imp_strbuf tar;  /* plain */
	struct imp_strbuf blob; /* as it is stored */
	struct imp_digest diff_id, digest;
};

struct fixture_image {
	struct fixture_spec spec;
	struct fixture_layer layers[FIXTURE_LAYERS];
	struct imp_strbuf config, manifest; /* the manifest is OCI's */
	struct imp_digest config_digest, manifest_digest;
};

void fixture_image_make(struct fixture_image *image, const struct fixture_spec *spec);
void fixture_image_finish(struct fixture_image *image);

/* Texts in static memory, good for the next FIXTURE_TEXTS calls. */
enum { FIXTURE_TEXTS = 1024 };
const char *fixture_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *fixture_hex(const struct imp_digest *digest);  /* the digits alone */
const char *fixture_blob(const struct imp_digest *digest); /* blobs/sha256/HEX */

void fixture_gzip(struct imp_slice data, struct imp_strbuf *out);
void fixture_zstd(struct imp_slice data, struct imp_strbuf *out);

/* Parts of archives, appended to TAR; PREFIX stands before every name. */
void fixture_add_blobs(struct imp_strbuf *tar, const struct fixture_image *image,
		       const char *prefix);
void fixture_add_layout(struct imp_strbuf *tar, const char *prefix);
/* "ID/layer.tar" of each layer, ID being the DiffID's digits, and "ID.json" of the config. */
void fixture_add_docker_files(struct imp_strbuf *tar, const struct fixture_image *image,
			      const char *prefix);
/* A descriptor of the manifest for an index; ANNOTATIONS and MORE are JSON, or "". */
const char *fixture_descriptor(const struct fixture_image *image, const char *annotations,
			       const char *more);
/* {"schemaVersion":2,"manifests":[ENTRIES]} */
const char *fixture_index(const char *entries);
/* An element of docker's manifest.json; TAGS as JSON. LAYER_FORMAT has one %s, the DiffID's
 * digits. */
const char *fixture_docker_entry(const struct fixture_image *image, const char *tags,
				 const char *layer_format);

/* Whole archives. NAME and TAG may be NULL. */
void fixture_oci_archive(struct imp_strbuf *tar, const struct fixture_image *image,
			 const char *name);
void fixture_docker_archive(struct imp_strbuf *tar, const struct fixture_image *image,
			    const char *tag);

struct fixture_offer {
	char *name;
	struct imp_digest digest, diff_id; /* of the bytes; of the bytes unpacked */
	bool readable;
};

struct fixture_run {
	char folder[64]; /* of its own */
	struct imp_limits limits;
	struct imp_cancel cancel;
	struct imp_context context;
	/* The environment of the source. */
	struct {
		const char *name, *value;
	} variables[8];
	size_t variable_count;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_location location;
	struct imp_platform_choice choice; /* linux/amd64, not explicitly */
	struct imp_source *source;
	struct imp_resolution resolution;
	struct fixture_offer offers[256];
	size_t offer_count;
	struct imp_error err;
	/* What is written to standard input, and by whom. */
	struct imp_slice input;
	pthread_t writer;
	int writer_fd, saved_input;
};

void fixture_run_start(struct fixture_run *run);
void fixture_run_finish(struct fixture_run *run);
/* Sets a variable of the source's environment; both texts are borrowed. */
void fixture_set(struct fixture_run *run, const char *name, const char *value);
/* Drops the source and all that it gave, for another one in the same folder. */
void fixture_run_again(struct fixture_run *run);
/* Files in the run's folder; NAME may have folders in it. */
void fixture_save(struct fixture_run *run, const char *name,
		  const struct imp_strbuf *bytes);
void fixture_save_text(struct fixture_run *run, const char *name, const char *text);
/* A layout below NAME. */
void fixture_save_layout(struct fixture_run *run, const char *name,
			 const struct fixture_image *image, const char *index);
/* Until fixture_run_finish standard input is a pipe that gives BYTES (borrowed). */
void fixture_feed_input(struct fixture_run *run, const struct imp_strbuf *bytes);
/* ... or the file at PATH. */
void fixture_redirect_input(struct fixture_run *run, const char *path);

/* Parses, opens and resolves what the user would type. */
int fixture_open(struct fixture_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The DiffID of what layer LAYER of image IMAGE really holds. */
int fixture_layer_content(struct fixture_run *run, size_t image, size_t layer,
			  struct imp_digest *out);
/* Image number I is IMAGE: platform, config, DiffIDs, order and content of the layers. */
void fixture_expect_layers(struct fixture_run *run, size_t i,
			   const struct fixture_image *image);
bool fixture_has_warning(const struct fixture_run *run, const char *code);
