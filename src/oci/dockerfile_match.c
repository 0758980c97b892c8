/*
 * Layers on lines by the history alone: what the shipped stages say against what the image
 * says was done, in order, so that most agrees. The file may have changed since, builders
 * write instructions in their own way (reference/formats.md 9.2), and variables are
 * replaced in most of them: words are compared, not texts.
 */
#include "imgprof/dockerfile.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"

#include "ascii_priv.h"
#include "dockerfile_priv.h"

enum {
	/* Of both sides at most so many, the last ones, and so many words of each: it bounds the
	 * table and the work. */
	SIDE_MAX = 512,
	WORDS_MAX = 64,
	/* Agreement, in hundredths: what counts as the same instruction at all, and what one
	 * keyword without agreement weighs. */
	SAME = 30,
	FULL = 100,
};

/* One instruction of either side. */
struct side {
	struct imp_slice keyword;
	uint64_t words[WORDS_MAX]; /* their hashes, ascending */
	size_t word_count;
	struct imp_slice last; /* word: where a COPY goes */
	bool classic_copy; /* "COPY file:0123... in /x": what was copied is not said */
	uint32_t number;   /* instruction, or layer */
	bool has_layer;    /* of the history */
};

struct matching {
	struct side *file, *history;
	size_t file_count, history_count;
	uint32_t *scores; /* (file_count + 1) * (history_count + 1) */
};

static void matching_finish(struct matching *matching)
{
	free(matching->file);
	free(matching->history);
	free(matching->scores);
}

/* Words. */

static bool is_mark(char c)
{
	return c == '"' || c == '\'' || c == ',' || c == '[' || c == ']' || c == '(' ||
	       c == ')' || c == '\\';
}

static struct imp_slice strip_marks(struct imp_slice word)
{
	while (word.len > 0 && is_mark(word.data[0]))
		word = imp_slice_skip(word, 1);
	while (word.len > 0 && is_mark(word.data[word.len - 1]))
		word.len--;
	return word;
}

/* FNV-1a: nothing rests on it but how well a file that somebody made fits. */
static uint64_t hash_word(struct imp_slice word)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < word.len; i++)
		hash = (hash ^ (uint8_t)word.data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static int compare_words(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void fill_words(struct side *side, struct imp_slice text)
{
	while (side->word_count < WORDS_MAX) {
		struct imp_slice word = strip_marks(imp_dockerfile_word(&text));
		if (word.len > 0) {
			side->words[side->word_count++] = hash_word(word);
			side->last = word;
		} else if (text.len == 0) {
			break;
		}
	}
	qsort(side->words, side->word_count, sizeof(*side->words), compare_words);
}

/* Flags, and what a here-document's word adds to what the builder ran, are of the file alone. */
static struct side read_side(struct imp_slice keyword, struct imp_slice text)
{
	struct side side = {.keyword = keyword};
	struct imp_slice rest = text;

	while (imp_dockerfile_take_flag(&rest).data)
		;
	side.classic_copy = imp_slice_starts(rest, IMP_SLICE("file:")) ||
			    imp_slice_starts(rest, IMP_SLICE("dir:")) ||
			    imp_slice_starts(rest, IMP_SLICE("multi:"));
	fill_words(&side, rest);
	return side;
}

static size_t count_common(const struct side *a, const struct side *b)
{
	size_t common = 0;

	for (size_t i = 0, j = 0; i < a->word_count && j < b->word_count;) {
		if (a->words[i] == b->words[j]) {
			common++;
			i++;
			j++;
		} else if (a->words[i] < b->words[j]) {
			i++;
		} else {
			j++;
		}
	}
	return common;
}

static struct imp_slice without_slashes(struct imp_slice path)
{
	while (path.len > 1 && path.data[path.len - 1] == '/')
		path.len--;
	return path;
}

static bool is_copy(struct imp_slice keyword)
{
	return imp_slice_is(keyword, "COPY") || imp_slice_is(keyword, "ADD");
}

/* 0: not the same instruction. */
static uint32_t agree(const struct side *file, const struct side *history)
{
	if (!imp_slice_equal(file->keyword, history->keyword))
		return 0;
	if (history->classic_copy)
		return imp_slice_equal(without_slashes(file->last),
				       without_slashes(history->last))
			       ? FULL
			       : 0;
	size_t all = file->word_count + history->word_count;
	size_t percent = all ? count_common(file, history) * 2 * FULL / all : FULL;
	/* Variables are replaced; a keyword of one word may differ in it. */
	if (percent >= SAME)
		return (uint32_t)percent;
	return is_copy(file->keyword) || imp_slice_is(file->keyword, "RUN") ? 0 : 1;
}

/* Both sides. */

static void gather_file(struct matching *matching, const struct imp_dockerfile *file)
{
	size_t count = 0, skip;

	for (size_t i = 0; i < file->instruction_count; i++)
		count += file->instructions[i].stage != IMP_DOCKERFILE_NONE &&
			 file->stages[file->instructions[i].stage].shipped;
	skip = count > SIDE_MAX ? count - SIDE_MAX : 0;
	matching->file = imp_xcalloc(count - skip + 1, sizeof(*matching->file));
	for (uint32_t i = 0; i < file->instruction_count; i++) {
		const struct imp_instruction *at = &file->instructions[i];
		if (at->stage == IMP_DOCKERFILE_NONE || !file->stages[at->stage].shipped)
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		struct side *side = &matching->file[matching->file_count++];
		*side = read_side(at->keyword, at->text);
		side->number = i;
	}
}

static void gather_history(struct matching *matching, const struct imp_image *image,
			   struct imp_arena *arena)
{
	const struct imp_config *config = &image->config;
	size_t count = config->history_count;
	size_t skip = count > SIDE_MAX ? count - SIDE_MAX : 0;
	uint32_t layer = 0;

	matching->history = imp_xcalloc(count - skip + 1, sizeof(*matching->history));
	for (size_t i = 0; i < count; i++) {
		const struct imp_history *entry = &config->history[i];
		bool has_layer = !entry->empty_layer && layer < image->layer_count;
		uint32_t number = layer;
		layer += !entry->empty_layer;
		if (i < skip)
			continue;
		struct imp_slice text =
			imp_instruction_clean(entry->created_by, entry->comment, arena);
		struct imp_slice keyword = imp_dockerfile_word(&text);
		struct side *side = &matching->history[matching->history_count++];
		*side = read_side(keyword, imp_dockerfile_trim(text));
		side->number = number;
		side->has_layer = has_layer;
	}
}

/* Agreement as the sum over pairs in order: the largest (as for a longest common subsequence). */
static uint32_t *score_at(const struct matching *matching, size_t file, size_t history)
{
	return &matching->scores[file * (matching->history_count + 1) + history];
}

static void fill_scores(struct matching *matching)
{
	matching->scores =
		imp_xcalloc((matching->file_count + 1) * (matching->history_count + 1),
			    sizeof(*matching->scores));
	for (size_t f = 1; f <= matching->file_count; f++)
		for (size_t h = 1; h <= matching->history_count; h++) {
			uint32_t pair =
				agree(&matching->file[f - 1], &matching->history[h - 1]);
			uint32_t best = *score_at(matching, f - 1, h);
			uint32_t other = *score_at(matching, f, h - 1);
			best = other > best ? other : best;
			other = pair ? *score_at(matching, f - 1, h - 1) + pair : 0;
			*score_at(matching, f, h) = other > best ? other : best;
		}
}

/* From the end, so that of several ways the latest entries of the history are taken. */
static void put_pairs(const struct matching *matching, const struct imp_dockerfile *file,
		      struct imp_dockerfile_layer *layers)
{
	size_t f = matching->file_count, h = matching->history_count;

	while (f > 0 && h > 0) {
		const struct side *side = &matching->history[h - 1];
		uint32_t pair = agree(&matching->file[f - 1], side);
		uint32_t here = *score_at(matching, f, h);
		if (pair && here == *score_at(matching, f - 1, h - 1) + pair) {
			if (side->has_layer)
				imp_dockerfile_set_line(file,
							matching->file[f - 1].number,
							&layers[side->number]);
			f--;
			h--;
		} else if (here == *score_at(matching, f - 1, h)) {
			f--;
		} else {
			h--;
		}
	}
}

void imp_dockerfile_match(struct imp_dockerfile *file, const struct imp_image *image,
			  size_t base_layers, struct imp_arena *arena)
{
	imp_auto(matching_finish) struct matching matching = {0};
	struct imp_dockerfile_layer *layers =
		imp_arena_array(arena, image->layer_count, sizeof(*layers));

	imp_dockerfile_clear(layers, image->layer_count);
	gather_file(&matching, file);
	gather_history(&matching, image, arena);
	fill_scores(&matching);
	put_pairs(&matching, file, layers);
	for (size_t i = 0; i < base_layers && i < image->layer_count; i++)
		if (layers[i].place == IMP_LAYER_ELSEWHERE)
			layers[i].place = IMP_LAYER_BASE;
	file->layers = layers;
	file->layer_count = image->layer_count;
}
