/*
 * Layers on lines by what the builder recorded. A chain lists every layer from the base up
 * to a step's own, which is the last; so whatever step has a chain that is a start of the
 * image's own chain made the layer where that start ends. Where layers were compressed
 * again on export, the record has the digests from before: then the image's chain is the
 * one that is as long (reference/formats.md 9.5).
 */
#include "imgprof/dockerfile.h"

#include "dockerfile_priv.h"

struct placing {
	struct imp_dockerfile *file;
	const struct imp_provenance *provenance;
	const struct imp_image *image;
	struct imp_dockerfile_layer *layers;
	struct imp_provenance_chain whole; /* the image's; count 0: not found */
	uint32_t base_step;
	size_t base_layers;
};

void imp_dockerfile_clear(struct imp_dockerfile_layer *layers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		layers[i] = (struct imp_dockerfile_layer){
			.stage = IMP_DOCKERFILE_NONE,
			.instruction = IMP_DOCKERFILE_NONE,
			.step = IMP_DOCKERFILE_NONE,
		};
}

static size_t count_matches(const struct placing *placing,
			    const struct imp_provenance_chain *chain)
{
	size_t matches = 0;

	for (size_t i = 0; i < chain->count; i++)
		matches += imp_digest_equal(&chain->layers[i],
					    &placing->image->layers[i].blob.digest);
	return matches;
}

/* Of the chains as long as the image that with the most of its digests, the last of several. */
static void find_whole(struct placing *placing)
{
	const struct imp_provenance *provenance = placing->provenance;
	size_t best = 0;

	for (size_t s = 0; s < provenance->step_count; s++)
		for (size_t c = 0; c < provenance->steps[s].chain_count; c++) {
			const struct imp_provenance_chain *chain =
				&provenance->steps[s].chains[c];
			if (chain->count != placing->image->layer_count)
				continue;
			size_t matches = count_matches(placing, chain);
			if (placing->whole.count > 0 && matches < best)
				continue;
			placing->whole = *chain;
			best = matches;
		}
}

static bool is_start(const struct imp_provenance_chain *chain,
		     const struct imp_provenance_chain *whole)
{
	if (chain->count > whole->count)
		return false;
	for (size_t i = chain->count; i-- > 0;)
		if (!imp_digest_equal(&chain->layers[i], &whole->layers[i]))
			return false;
	return true;
}

/* How much of the image's chain the step ends at; 0: nothing of it. */
static size_t reach(const struct placing *placing, uint32_t step)
{
	const struct imp_provenance_step *of = &placing->provenance->steps[step];

	for (size_t i = 0; i < of->chain_count; i++)
		if (is_start(&of->chains[i], &placing->whole))
			return of->chains[i].count;
	return 0;
}

static void find_base(struct placing *placing)
{
	const struct imp_provenance *provenance = placing->provenance;

	placing->base_step = IMP_DOCKERFILE_NONE;
	for (uint32_t s = 0; s < provenance->step_count; s++) {
		if (provenance->steps[s].kind != IMP_STEP_IMAGE)
			continue;
		size_t count = reach(placing, s);
		if (count > placing->base_layers) {
			placing->base_layers = count;
			placing->base_step = s;
		}
	}
}

/* Several instructions may be one step, two stages on one base first of all: the one that counts
 * stands in the target or in a stage that it is built on, the nearest first. */
static uint32_t choose_line(const struct placing *placing,
			    const struct imp_provenance_step *step)
{
	const struct imp_dockerfile *file = placing->file;
	uint32_t best = 0, best_stage = IMP_DOCKERFILE_NONE;

	for (size_t i = 0; i < step->line_count; i++) {
		uint32_t at = imp_dockerfile_instruction_at(file, step->lines[i]);
		if (at == IMP_DOCKERFILE_NONE)
			continue;
		uint32_t stage = file->instructions[at].stage;
		bool shipped =
			stage != IMP_DOCKERFILE_NONE && file->stages[stage].shipped;
		/* Of shipped stages a later one is nearer to the target. */
		if (best == 0 || (shipped && (best_stage == IMP_DOCKERFILE_NONE ||
					      stage > best_stage))) {
			best = step->lines[i];
			best_stage = shipped ? stage : IMP_DOCKERFILE_NONE;
		}
	}
	return best;
}

void imp_dockerfile_set_line(const struct imp_dockerfile *file, uint32_t instruction,
			     struct imp_dockerfile_layer *layer)
{
	layer->place = IMP_LAYER_LINE;
	layer->instruction = instruction;
	layer->line = file->instructions[instruction].line;
	layer->stage = file->instructions[instruction].stage;
}

static void put(struct placing *placing, size_t layer, uint32_t step)
{
	struct imp_dockerfile_layer *at = &placing->layers[layer];
	uint32_t line = choose_line(placing, &placing->provenance->steps[step]);

	at->step = step;
	if (line > 0)
		imp_dockerfile_set_line(
			placing->file, imp_dockerfile_instruction_at(placing->file, line),
			at);
}

/* A merge (COPY --link) puts layers on others that may be several. */
static void put_merged(struct placing *placing)
{
	for (size_t i = placing->image->layer_count; i-- > placing->base_layers + 1;) {
		const struct imp_dockerfile_layer *above = &placing->layers[i];
		if (above->step == IMP_DOCKERFILE_NONE ||
		    placing->provenance->steps[above->step].kind != IMP_STEP_OTHER)
			continue;
		if (placing->layers[i - 1].step == IMP_DOCKERFILE_NONE)
			put(placing, i - 1, above->step);
	}
}

static void put_by_chain(struct placing *placing)
{
	for (size_t i = 0; i < placing->base_layers; i++) {
		placing->layers[i].place = IMP_LAYER_BASE;
		placing->layers[i].step = placing->base_step;
	}
	for (uint32_t s = 0; s < placing->provenance->step_count; s++) {
		size_t count = reach(placing, s);
		if (count > placing->base_layers &&
		    placing->layers[count - 1].step == IMP_DOCKERFILE_NONE)
			put(placing, count - 1, s);
	}
	put_merged(placing);
}

/* Without the whole chain the last layer of each is still the step's. */
static void put_by_digest(struct placing *placing)
{
	for (uint32_t s = 0; s < placing->provenance->step_count; s++) {
		const struct imp_provenance_step *step = &placing->provenance->steps[s];
		if (step->chain_count == 0)
			continue;
		const struct imp_provenance_chain *chain = &step->chains[0];
		for (size_t i = 0; i < placing->image->layer_count; i++)
			if (placing->layers[i].step == IMP_DOCKERFILE_NONE &&
			    step->kind != IMP_STEP_IMAGE &&
			    imp_digest_equal(&placing->image->layers[i].blob.digest,
					     &chain->layers[chain->count - 1])) {
				put(placing, i, s);
				break;
			}
	}
}

/* "docker-image://NAME@DIGEST" */
static struct imp_base_image parse_identifier(struct imp_slice identifier)
{
	struct imp_base_image base = {.origin = IMP_BASE_PROVENANCE, .name = identifier};
	struct imp_error ignored = {0};

	for (size_t i = 0; i + 2 < identifier.len; i++)
		if (memcmp(identifier.data + i, "://", 3) == 0) {
			base.name = imp_slice_skip(identifier, i + 3);
			break;
		}
	const char *at =
		base.name.len ? memrchr(base.name.data, '@', base.name.len) : NULL;
	if (!at)
		return base;
	size_t len = (size_t)(at - base.name.data);
	if (imp_digest_parse(imp_slice_skip(base.name, len + 1), &base.digest,
			     &ignored) == 0)
		base.name.len = len;
	return base;
}

struct imp_base_image imp_provenance_base(const struct imp_provenance *provenance)
{
	if (provenance->image_count == 1)
		return provenance->images[0];
	return (struct imp_base_image){0};
}

/* The stage that the shipped ones begin with is built on nothing. */
static bool is_from_scratch(const struct imp_dockerfile *file)
{
	for (size_t i = 0; i < file->stage_count; i++)
		if (file->stages[i].shipped &&
		    file->stages[i].parent == IMP_DOCKERFILE_NONE)
			return imp_slice_is(file->stages[i].base, "scratch");
	return false;
}

static struct imp_base_image describe_base(const struct placing *placing)
{
	struct imp_base_image base;

	if (placing->base_layers > 0) {
		base = parse_identifier(
			placing->provenance->steps[placing->base_step].identifier);
		base.layer_count = placing->base_layers;
		return base;
	}
	if (is_from_scratch(placing->file))
		return (struct imp_base_image){
			.origin = IMP_BASE_PROVENANCE,
			.name = IMP_SLICE("scratch"),
		};
	return imp_provenance_base(placing->provenance);
}

void imp_dockerfile_place(struct imp_dockerfile *file,
			  const struct imp_provenance *provenance,
			  const struct imp_image *image, struct imp_arena *arena,
			  struct imp_base_image *base)
{
	struct placing placing = {
		.file = file,
		.provenance = provenance,
		.image = image,
		.layers = imp_arena_array(arena, image->layer_count,
					  sizeof(*placing.layers)),
	};
	uint32_t target = imp_dockerfile_stage(file, provenance->target);

	if (target != IMP_DOCKERFILE_NONE)
		imp_dockerfile_ship(file, target);
	imp_dockerfile_clear(placing.layers, image->layer_count);
	find_whole(&placing);
	if (placing.whole.count > 0) {
		find_base(&placing);
		put_by_chain(&placing);
	} else {
		put_by_digest(&placing);
	}
	*base = describe_base(&placing);
	file->layers = placing.layers;
	file->layer_count = image->layer_count;
}
