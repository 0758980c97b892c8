/*
 * What BuildKit recorded of a build: an in-toto statement with a SLSA provenance, version 0.2
 * or 1 (reference/formats.md 9.5). It is a claim of whoever built the image, and hostile as
 * all else: what is missing or of another shape is left out.
 */
#include "imgprof/dockerfile.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/json.h"
#include "imgprof/map.h"
#include "imgprof/strbuf.h"

#include "ascii_priv.h"
#include "secrets_priv.h"

/* A value of a build argument this long is not shown where it stands as a word: the text of a
 * Dockerfile is the author's, so shorter ones are chance. */
enum { SECRET_BYTES = 6 };

struct reading {
	struct imp_arena *arena;
	const json_t *predicate, *own; /* OWN: BuildKit's part */
	const json_t *definition, *args;
	struct imp_map steps; /* by id */
	struct imp_provenance *out;
	struct imp_provenance_step *list;
	struct imp_secrets secrets;
};

static void reading_finish(struct reading *reading)
{
	imp_map_finish(&reading->steps);
	imp_secrets_finish(&reading->secrets);
}

/* Down a path of keys; NULL where it ends before. */
static json_t *descend(const json_t *at, const char *const *keys)
{
	json_t *found = NULL;

	for (; *keys; keys++) {
		found = imp_json_get_object(at, *keys);
		if (!found)
			return NULL;
		at = found;
	}
	return found;
}

#define DESCEND(at, ...) descend((at), (const char *const[]){__VA_ARGS__, NULL})

static struct imp_slice copy_string(const struct reading *reading, const json_t *object,
				    const char *key)
{
	return imp_arena_copy(reading->arena, imp_json_get_string(object, key));
}

/* Where things are. */

static void find_parts_v1(struct reading *reading)
{
	const json_t *predicate = reading->predicate;

	reading->own = DESCEND(predicate, "runDetails", "metadata", "buildkit_metadata");
	reading->definition = DESCEND(predicate, "buildDefinition", "internalParameters",
				      "buildConfig");
	reading->args = DESCEND(predicate, "buildDefinition", "externalParameters",
				"request", "args");
}

static void find_parts_v02(struct reading *reading)
{
	const json_t *predicate = reading->predicate;

	reading->own = DESCEND(predicate, "metadata",
			       "https://mobyproject.org/buildkit@v1#metadata");
	reading->definition = DESCEND(predicate, "buildConfig");
	reading->args = DESCEND(predicate, "invocation", "parameters", "args");
}

static bool holds(struct imp_slice text, const char *part)
{
	return text.len > 0 && memmem(text.data, text.len, part, strlen(part));
}

static int find_parts(struct reading *reading, const json_t *root, struct imp_error *err)
{
	struct imp_slice type = imp_json_get_string(root, "predicateType");
	const json_t *definition;

	reading->predicate = imp_json_get_object(root, "predicate");
	if (!imp_slice_starts(type, IMP_SLICE("https://slsa.dev/provenance/")))
		return imp_fail(err, IMP_E_UNSUPPORTED, "no provenance of a build");
	definition = imp_json_get_object(reading->predicate, "buildDefinition");
	type = imp_json_get_string(definition ? definition : reading->predicate,
				   "buildType");
	if (!holds(type, "buildkit"))
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"a provenance that BuildKit did not write");
	if (definition)
		find_parts_v1(reading);
	else
		find_parts_v02(reading);
	return 0;
}

static int check_subject(const json_t *root, const struct imp_digest *subject,
			 struct imp_error *err)
{
	const json_t *subjects = imp_json_get_array(root, "subject");
	char text[IMP_DIGEST_TEXT];
	struct imp_slice hex = imp_slice_of(imp_digest_text(subject, text));

	imp_slice_cut(&hex, ':');
	for (size_t i = 0; hex.len > 0 && i < json_array_size(subjects); i++) {
		const json_t *digests =
			imp_json_get_object(json_array_get(subjects, i), "digest");
		const char *algorithm =
			subject->algorithm == IMP_DIGEST_SHA512 ? "sha512" : "sha256";
		if (imp_slice_equal(imp_json_get_string(digests, algorithm), hex))
			return 0;
	}
	return imp_fail(err, IMP_E_INTEGRITY, "it is about another image");
}

/* Arguments. */

static void read_arguments(struct reading *reading)
{
	static const struct imp_slice prefix = IMP_SLICE("build-arg:");
	json_t *args = (json_t *)(uintptr_t)reading->args;
	const char *key;
	json_t *value;

	reading->out->target = copy_string(reading, args, "target");
	json_object_foreach(args, key, value)
	{
		if (imp_slice_starts(imp_slice_of(key), prefix) && json_is_string(value))
			imp_secrets_add(&reading->secrets,
					imp_slice(json_string_value(value),
						  json_string_length(value)));
	}
}

/* The Dockerfile: the first of the sources that is one. */

static size_t find_source(const json_t *infos)
{
	for (size_t i = 0; i < json_array_size(infos); i++)
		if (imp_slice_is(
			    imp_json_get_string(json_array_get(infos, i), "language"),
			    "Dockerfile"))
			return i;
	return 0;
}

static size_t read_source(struct reading *reading)
{
	const json_t *infos =
		imp_json_get_array(DESCEND(reading->own, "source"), "infos");
	size_t index = find_source(infos);
	const json_t *info = json_array_get(infos, index);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (!imp_base64_decode(&text, imp_json_get_string(info, "data")))
		return index;
	reading->out->filename = copy_string(reading, info, "filename");
	reading->out->text =
		imp_secrets_mask(&reading->secrets,
				 imp_arena_copy(reading->arena, imp_strbuf_slice(&text)),
				 SECRET_BYTES, reading->arena);
	return index;
}

/* Steps. */

/* "step3:0" and "step3" name the same step. */
static uint32_t find_step(const struct reading *reading, struct imp_slice name)
{
	struct imp_slice id = imp_slice_cut(&name, ':');
	uint64_t number;

	return imp_map_get(&reading->steps, id, &number) ? (uint32_t)number
							 : IMP_DOCKERFILE_NONE;
}

static struct imp_slice string_of(const json_t *value)
{
	return json_is_string(value)
		       ? imp_slice(json_string_value(value), json_string_length(value))
		       : IMP_SLICE("");
}

static void read_inputs(const struct reading *reading, const json_t *item,
			struct imp_provenance_step *step)
{
	const json_t *inputs = imp_json_get_array(item, "inputs");
	size_t count = json_array_size(inputs);
	uint32_t *list = imp_arena_array(reading->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = find_step(reading, string_of(json_array_get(inputs, i)));
	step->inputs = list;
	step->input_count = count;
}

static void read_copies(const struct reading *reading, const json_t *file,
			struct imp_provenance_step *step)
{
	const json_t *actions = imp_json_get_array(file, "actions");
	size_t count = json_array_size(actions);
	struct imp_step_copy *list =
		imp_arena_array(reading->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const json_t *action = json_array_get(actions, i);
		const json_t *copy = DESCEND(action, "Action", "copy");
		uint64_t input;
		if (!copy)
			continue;
		struct imp_step_copy *out = &list[step->copy_count++];
		out->step = imp_json_get_u64(action, "secondaryInput", &input) &&
					    input < step->input_count
				    ? step->inputs[input]
				    : IMP_DOCKERFILE_NONE;
		out->source = copy_string(reading, copy, "src");
		out->destination = copy_string(reading, copy, "dest");
	}
	step->copies = list;
}

static enum imp_step_kind source_kind(struct imp_slice identifier)
{
	if (imp_slice_starts(identifier, IMP_SLICE("docker-image://")) ||
	    imp_slice_starts(identifier, IMP_SLICE("oci-layout://")))
		return IMP_STEP_IMAGE;
	return imp_slice_starts(identifier, IMP_SLICE("local://")) ? IMP_STEP_LOCAL
								   : IMP_STEP_OTHER;
}

static void read_step(const struct reading *reading, const json_t *item,
		      struct imp_provenance_step *step)
{
	const json_t *op = DESCEND(item, "op", "Op");
	const json_t *source = imp_json_get_object(op, "source");
	const json_t *file = imp_json_get_object(op, "file");

	read_inputs(reading, item, step);
	if (source) {
		step->identifier = copy_string(reading, source, "identifier");
		step->kind = source_kind(step->identifier);
	} else if (file) {
		step->kind = IMP_STEP_FILE;
		read_copies(reading, file, step);
	} else if (imp_json_get_object(op, "exec")) {
		step->kind = IMP_STEP_EXEC;
	}
}

static void read_steps(struct reading *reading)
{
	const json_t *items = imp_json_get_array(reading->definition, "llbDefinition");
	size_t count = json_array_size(items);

	reading->list = imp_arena_array(reading->arena, count, sizeof(*reading->list));
	for (size_t i = 0; i < count; i++) {
		reading->list[i].id =
			copy_string(reading, json_array_get(items, i), "id");
		imp_map_set(&reading->steps, reading->list[i].id, i);
	}
	for (size_t i = 0; i < count; i++)
		read_step(reading, json_array_get(items, i), &reading->list[i]);
	reading->out->steps = reading->list;
	reading->out->step_count = count;
}

/* Lines: of each location the first line. */

static uint32_t first_line(const json_t *location)
{
	const json_t *ranges = imp_json_get_array(location, "ranges");
	uint64_t least = 0, line;

	for (size_t i = 0; i < json_array_size(ranges); i++) {
		const json_t *start =
			imp_json_get_object(json_array_get(ranges, i), "start");
		if (imp_json_get_u64(start, "line", &line) && line > 0 &&
		    line < UINT32_MAX && (least == 0 || line < least))
			least = line;
	}
	return (uint32_t)least;
}

static void read_locations(struct reading *reading, const json_t *locations,
			   size_t source, struct imp_provenance_step *step)
{
	size_t count = json_array_size(locations);
	uint32_t *lines = imp_arena_array(reading->arena, count, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		const json_t *location = json_array_get(locations, i);
		uint64_t index = 0;
		imp_json_get_u64(location, "sourceIndex", &index);
		uint32_t line = index == source ? first_line(location) : 0;
		if (line > 0)
			lines[step->line_count++] = line;
	}
	step->lines = lines;
}

static void read_lines(struct reading *reading, size_t source)
{
	const json_t *locations = DESCEND(reading->own, "source", "locations");

	for (size_t i = 0; locations && i < reading->out->step_count; i++) {
		struct imp_provenance_step *step = &reading->list[i];
		const json_t *of_step = imp_json_get_object(locations, step->id.data);
		read_locations(reading, imp_json_get_array(of_step, "locations"), source,
			       step);
	}
}

/* Chains of layers. */

static bool read_chain(const struct reading *reading, const json_t *descriptors,
		       struct imp_provenance_chain *out)
{
	size_t count = json_array_size(descriptors);
	struct imp_digest *layers =
		imp_arena_array(reading->arena, count, sizeof(*layers));
	struct imp_error ignored = {0};

	for (size_t i = 0; i < count; i++)
		if (imp_digest_parse(
			    imp_json_get_string(json_array_get(descriptors, i), "digest"),
			    &layers[i], &ignored) < 0)
			return false;
	*out = (struct imp_provenance_chain){layers, count};
	return count > 0;
}

/* A step has one output that becomes layers, seldom more: the chains of the last one count. */
static void read_chains(struct reading *reading)
{
	json_t *layers = DESCEND(reading->own, "layers");
	const char *key;
	json_t *chains;

	json_object_foreach(layers, key, chains)
	{
		uint32_t number = find_step(reading, imp_slice_of(key));
		size_t count = json_array_size(chains);
		if (number == IMP_DOCKERFILE_NONE || count == 0)
			continue;
		struct imp_provenance_step *step = &reading->list[number];
		struct imp_provenance_chain *list =
			imp_arena_array(reading->arena, count, sizeof(*list));
		step->chain_count = 0;
		for (size_t i = 0; i < count; i++)
			if (read_chain(reading, json_array_get(chains, i),
				       &list[step->chain_count]))
				step->chain_count++;
		step->chains = list;
	}
}

/* Images that the build used. */

static int hex_value(char c)
{
	return imp_is_digit(c) ? c - '0' : imp_to_lower(c) - 'a' + 10;
}

static void add_decoded(struct imp_strbuf *out, struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool coded = text.data[i] == '%' && i + 2 < text.len &&
			     imp_is_hex(text.data[i + 1]) && imp_is_hex(text.data[i + 2]);
		imp_strbuf_add_char(out, coded ? (char)(hex_value(text.data[i + 1]) * 16 +
							hex_value(text.data[i + 2]))
					       : text.data[i]);
		i += coded ? 2 : 0;
	}
}

/* "pkg:docker/NAME@TAG?platform=..." */
static bool parse_image_uri(struct imp_slice uri, struct imp_strbuf *name)
{
	static const struct imp_slice prefix = IMP_SLICE("pkg:docker/");

	if (!imp_slice_starts(uri, prefix))
		return false;
	uri = imp_slice_skip(uri, prefix.len);
	struct imp_slice path = imp_slice_cut(&uri, '?');
	struct imp_slice repository = imp_slice_cut(&path, '@');
	add_decoded(name, repository);
	if (path.data) {
		imp_strbuf_add_char(name, ':');
		add_decoded(name, path);
	}
	return repository.len > 0;
}

/* What reads Dockerfiles, makes bills of materials: nothing of it is in the image. */
static bool is_tool(struct imp_slice name)
{
	return imp_slice_starts(name, IMP_SLICE("docker/dockerfile:")) ||
	       imp_slice_starts(name, IMP_SLICE("docker/dockerfile-upstream:")) ||
	       imp_slice_starts(name, IMP_SLICE("docker/buildkit-syft-scanner:"));
}

static void read_image(const struct reading *reading, const json_t *item,
		       struct imp_base_image *out)
{
	struct imp_slice hex =
		imp_json_get_string(imp_json_get_object(item, "digest"), "sha256");
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0}, digest = {0};
	struct imp_error ignored = {0};

	if (!parse_image_uri(imp_json_get_string(item, "uri"), &name) ||
	    is_tool(imp_strbuf_slice(&name)))
		return;
	imp_strbuf_add_text(&digest, "sha256:");
	imp_strbuf_add_slice(&digest, hex);
	*out = (struct imp_base_image){
		.origin = IMP_BASE_PROVENANCE,
		.name = imp_arena_copy(reading->arena, imp_strbuf_slice(&name)),
	};
	imp_digest_parse(imp_strbuf_slice(&digest), &out->digest, &ignored);
}

static void read_images(struct reading *reading)
{
	const json_t *definition =
		imp_json_get_object(reading->predicate, "buildDefinition");
	const json_t *items =
		definition ? imp_json_get_array(definition, "resolvedDependencies")
			   : imp_json_get_array(reading->predicate, "materials");
	size_t count = json_array_size(items);
	struct imp_base_image *list =
		imp_arena_array(reading->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		struct imp_base_image *image = &list[reading->out->image_count];
		read_image(reading, json_array_get(items, i), image);
		reading->out->image_count += image->origin == IMP_BASE_PROVENANCE;
	}
	reading->out->images = list;
}

int imp_provenance_parse(struct imp_slice body, const struct imp_digest *subject,
			 const struct imp_limits *limits, struct imp_arena *arena,
			 struct imp_provenance *out, struct imp_error *err)
{
	imp_auto_json json_t *root = NULL;
	struct imp_provenance provenance = {0};
	imp_auto(reading_finish) struct reading reading = {.arena = arena,
							   .out = &provenance};
	int rc = imp_json_parse(body, limits, "statement", &root, err);

	if (rc == 0)
		rc = find_parts(&reading, root, err);
	if (rc == 0)
		rc = check_subject(root, subject, err);
	if (rc < 0)
		return rc;
	read_arguments(&reading);
	read_images(&reading);
	size_t source = read_source(&reading);
	read_steps(&reading);
	read_lines(&reading, source);
	read_chains(&reading);
	provenance.complete = provenance.text.len > 0 && provenance.step_count > 0;
	*out = provenance;
	return 0;
}
