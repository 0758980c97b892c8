/* Whose error is told when several layers fail, and which are read for that. */
#include "case.h"

#include "../../../src/pipeline/turns.h"

enum { LAYERS = 5 };

static struct imp_turns *all_expected(struct imp_cancel *cancel)
{
	struct imp_turns *turns = imp_turns_create(LAYERS, cancel);

	for (size_t i = 0; i < LAYERS; i++)
		imp_turns_expect(turns, i);
	return turns;
}

static void fails(struct imp_turns *turns, size_t layer, int category)
{
	struct imp_error err = {0};

	imp_fail(&err, category, "layer %zu", layer);
	imp_turn_end(turns, layer, category, &err);
}

static bool may_begin(struct imp_turns *turns, size_t layer)
{
	struct imp_error err = {0};

	return imp_turn_begin(turns, layer, &err) == 0;
}

CASE(the_lowest_layer_counts_in_any_order)
{
	static const size_t orders[][2] = {{1, 3}, {3, 1}};

	for (size_t i = 0; i < 2; i++) {
		struct imp_cancel cancel = {0};
		struct imp_error err = {0};
		imp_auto_destroy(imp_turns) struct imp_turns *turns =
			all_expected(&cancel);
		fails(turns, orders[i][0], IMP_E_FORMAT);
		fails(turns, orders[i][1], IMP_E_FORMAT);
		assert_fails(imp_turns_result(turns, &err), IMP_E_FORMAT, "layer 1",
			     &err);
	}
}

CASE(layers_below_a_failure_are_read_those_above_are_not)
{
	struct imp_cancel cancel = {0};
	imp_auto_destroy(imp_turns) struct imp_turns *turns = all_expected(&cancel);

	fails(turns, 2, IMP_E_NETWORK);
	for (size_t i = 0; i < 2; i++) {
		assert_true(may_begin(turns, i));
		assert_false(imp_cancelled(imp_turn_cancel(turns, i)));
	}
	for (size_t i = 3; i < LAYERS; i++) {
		assert_false(may_begin(turns, i));
		assert_true(imp_cancelled(imp_turn_cancel(turns, i)));
	}
}

CASE(nothing_waits_once_the_answer_is_known)
{
	struct imp_cancel cancel = {0};
	struct imp_error err = {0};
	imp_auto_destroy(imp_turns) struct imp_turns *turns = all_expected(&cancel);

	fails(turns, 2, IMP_E_NETWORK);
	imp_turn_end(turns, 1, 0, NULL);
	assert_false(imp_cancelled(&cancel));
	imp_turn_end(turns, 0, 0, NULL);
	assert_true(imp_cancelled(&cancel));
	fails(turns, 4, IMP_E_CANCELLED);
	assert_fails(imp_turns_result(turns, &err), IMP_E_NETWORK, "layer 2", &err);
}

/* A layer with the blob of another is not read. */
CASE(layers_that_are_not_read_are_not_waited_for)
{
	struct imp_cancel cancel = {0};
	imp_auto_destroy(imp_turns) struct imp_turns *turns =
		imp_turns_create(LAYERS, &cancel);

	imp_turns_expect(turns, 3);
	fails(turns, 3, IMP_E_FORMAT);
	assert_true(imp_cancelled(&cancel));
}

CASE(a_signal_stops_all)
{
	struct imp_cancel cancel = {0};
	struct imp_error err = {0};
	imp_auto_destroy(imp_turns) struct imp_turns *turns = all_expected(&cancel);

	assert_true(may_begin(turns, 0));
	imp_cancel_request(&cancel);
	for (size_t i = 0; i < LAYERS; i++) {
		assert_false(may_begin(turns, i));
		fails(turns, i, IMP_E_CANCELLED);
	}
	assert_fails(imp_turns_result(turns, &err), IMP_E_CANCELLED, "layer", &err);
}

CASE(nothing_fails)
{
	struct imp_cancel cancel = {0};
	struct imp_error err = {0};
	imp_auto_destroy(imp_turns) struct imp_turns *turns = all_expected(&cancel);

	for (size_t i = 0; i < LAYERS; i++)
		imp_turn_end(turns, i, 0, NULL);
	assert_ok(imp_turns_result(turns, &err), &err);
	assert_false(imp_cancelled(&cancel));
}
