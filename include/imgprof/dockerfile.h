/*
 * The Dockerfile behind an image, with a line for each layer (reference/formats.md 9.1, 9.5):
 * as the builder recorded it, as the user gave it, or rebuilt from the history. All text in
 * it is foreign; nothing of it is ever run. Values of build arguments are masked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"

/* No stage, instruction or step. */
#define IMP_DOCKERFILE_NONE UINT32_MAX

enum imp_dockerfile_origin {
	IMP_DOCKERFILE_PROVENANCE, /* what the builder recorded: lines are facts */
	IMP_DOCKERFILE_FILE,       /* the user's file, matched with the history */
	IMP_DOCKERFILE_HISTORY,    /* rebuilt from the history: no such file exists */
	IMP_DOCKERFILE_ORIGINS
};
const char *imp_dockerfile_origin_name(enum imp_dockerfile_origin origin); /* "file" */

struct imp_instruction {
	uint32_t line, last_line; /* from 1, heredocs included */
	uint32_t stage;           /* NONE: in front of the first FROM */
	struct imp_slice keyword; /* upper case */
	/* What follows, on one line each: continued lines joined, comments left out; here-documents
	 * behind a newline each */
	struct imp_slice text;
	struct imp_slice from; /* of COPY --from=, as written; else empty */
	uint32_t from_stage;   /* the stage that it names; NONE */
};

struct imp_stage {
	struct imp_slice name; /* of AS; empty: none */
	struct imp_slice base; /* what FROM names, as written */
	uint32_t parent;       /* the stage that it names; NONE: an image */
	uint32_t first, count; /* instructions, FROM itself the first */
	bool shipped; /* its layers are the image's: the target and what it is built on */
};

enum imp_layer_place {
	IMP_LAYER_ELSEWHERE, /* "[not in this file]" */
	IMP_LAYER_BASE,      /* "[base]": what FROM names */
	IMP_LAYER_LINE,
};

struct imp_dockerfile_layer {
	enum imp_layer_place place;
	uint32_t line;               /* the first of its instruction; 0 without LINE */
	uint32_t stage, instruction; /* NONE without LINE */
	uint32_t step;               /* of the provenance; NONE */
};

struct imp_dockerfile {
	enum imp_dockerfile_origin origin;
	struct imp_slice filename; /* raw; empty: none */
	/* Of a history: the builder recorded the build, but not its Dockerfile (mode=min) */
	bool base_only;
	const struct imp_slice *lines; /* without their ends */
	size_t line_count;
	const struct imp_instruction *instructions;
	size_t instruction_count;
	const struct imp_stage *stages;
	size_t stage_count;
	/* One for each layer of the image */
	const struct imp_dockerfile_layer *layers;
	size_t layer_count;
};

/* TEXT into lines, instructions and stages, the last stage shipped. IMP_E_LIMIT for more lines
 * than anybody writes. The slices point into TEXT or live in ARENA. */
int imp_dockerfile_parse(struct imp_slice text, struct imp_arena *arena,
			 struct imp_dockerfile *out, struct imp_error *err);
/* The instruction that LINE belongs to; NONE. */
uint32_t imp_dockerfile_instruction_at(const struct imp_dockerfile *file, uint64_t line);
/* The stage called NAME (letter case aside), or with that number; NONE. */
uint32_t imp_dockerfile_stage(const struct imp_dockerfile *file, struct imp_slice name);
/* Marks TARGET and the stages that it is built on as shipped, the others not. */
void imp_dockerfile_ship(struct imp_dockerfile *file, uint32_t target);

/* What BuildKit recorded of a build. */

enum imp_step_kind {
	IMP_STEP_OTHER,
	IMP_STEP_IMAGE, /* a base image, or one that is copied from */
	IMP_STEP_LOCAL, /* the build context */
	IMP_STEP_EXEC,  /* RUN */
	IMP_STEP_FILE,  /* COPY, ADD, WORKDIR */
};

struct imp_step_copy {
	uint32_t
		step; /* where it comes from: another step, an image, the context; NONE */
	struct imp_slice source, destination; /* raw paths */
};

struct imp_provenance_chain {
	const struct imp_digest *layers; /* base first, the step's own last */
	size_t count;
};

struct imp_provenance_step {
	enum imp_step_kind kind;
	struct imp_slice id;         /* "step3" */
	struct imp_slice identifier; /* of IMAGE and LOCAL: "docker-image://..." */
	const uint32_t *inputs;
	size_t input_count;
	const struct imp_step_copy *copies;
	size_t copy_count;
	const uint32_t
		*lines; /* the first of each location; several where stages share it */
	size_t line_count;
	const struct imp_provenance_chain *chains;
	size_t chain_count;
};

struct imp_provenance {
	bool complete;             /* mode=max: steps, text and chains */
	struct imp_slice filename; /* of the Dockerfile */
	struct imp_slice text;     /* empty: none; values of build arguments masked */
	struct imp_slice target;   /* stage; empty: the last */
	const struct imp_provenance_step *steps;
	size_t step_count;
	/* Images that the build used, frontends left out */
	const struct imp_base_image *images;
	size_t image_count;
};

/* BODY is an in-toto statement about the image SUBJECT. IMP_E_INTEGRITY when it is about
 * another, IMP_E_UNSUPPORTED when it is no provenance or another builder's, IMP_E_FORMAT,
 * IMP_E_LIMIT. */
int imp_provenance_parse(struct imp_slice body, const struct imp_digest *subject,
			 const struct imp_limits *limits, struct imp_arena *arena,
			 struct imp_provenance *out, struct imp_error *err);

/* Lines for layers. */

/* By what the builder recorded: FILE is its text, parsed; fills layers. *BASE is the image that
 * the shipped stages begin with, "scratch" when that is none; its origin is UNKNOWN where the
 * record does not say. */
void imp_dockerfile_place(struct imp_dockerfile *file,
			  const struct imp_provenance *provenance,
			  const struct imp_image *image, struct imp_arena *arena,
			  struct imp_base_image *base);
/* The one image that the build used, without a count of its layers; origin UNKNOWN when it used
 * several, or none. */
struct imp_base_image imp_provenance_base(const struct imp_provenance *provenance);
/* By the history: the instructions of the shipped stages against it, from the end. The first
 * BASE_LAYERS without a line are the base's. */
void imp_dockerfile_match(struct imp_dockerfile *file, const struct imp_image *image,
			  size_t base_layers, struct imp_arena *arena);
/* A Dockerfile out of the history, with its layers. */
void imp_dockerfile_rebuild(const struct imp_image *image, struct imp_arena *arena,
			    struct imp_dockerfile *out);
