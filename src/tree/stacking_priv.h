/*
 * Stacking: one layer after another is applied to the tree. Within a layer, whiteouts and
 * opaque markers act first, on lower layers only; then the entries follow in tar order
 * (design section 2, formats.md 6.2).
 *
 * While this goes on, first_child and next_sibling of a node link its live children only,
 * in no particular order: so what drops a subtree touches only what is live.
 */
#pragma once

#include "imgprof/path.h"
#include "imgprof/strbuf.h"

#include "tree_priv.h"

enum imp_state { IMP_STATE_ABSENT, IMP_STATE_DIRECTORY, IMP_STATE_OTHER };

/* What stacking knows of a node beyond struct imp_node. */
struct imp_place {
	uint32_t previous_live; /* sibling before it in the live list, or IMP_NONE */
	uint16_t touched;       /* last layer that changed what the path shows */
	uint16_t implied_below; /* last layer that implied a directory below */
	uint8_t before;         /* enum imp_state when layer `touched` began */
};

/* ... of a record beyond struct imp_record. */
union imp_copy {
	uint32_t names;   /* of a file: paths that show its group */
	uint32_t symlink; /* of a hard link: what it joined, or IMP_NONE */
};

/* Why names go. */
struct imp_cause {
	enum imp_fate fate;
	uint32_t copy; /* reshipped: the group that took the place */
};

/* A hard link whose target was not there yet. */
struct imp_late_link {
	uint32_t record;
	uint32_t killed; /* group whose last name it took, or IMP_NONE */
	uint32_t next;   /* the late link that is its target, or IMP_NONE */
	uint8_t state;   /* hardlinks.c */
};

struct imp_stacking {
	struct imp_tree *tree;
	const struct imp_limits *limits;
	struct imp_warnings *warnings;
	struct imp_place *places; /* of each node */
	size_t place_capacity;
	union imp_copy *copies; /* of each record */
	size_t copy_capacity;
	uint32_t last_attributes;        /* of the last entry: often the next one's */
	uint64_t entries;                /* of all layers, to come and done */
	uint64_t unnamed;                /* nodes without a record */
	uint64_t disk_bytes, pull_bytes; /* of all records so far */
	bool gap;                        /* a lower layer could not be read */
	uint16_t layer;                  /* being applied */
	uint64_t link_steps;             /* components of symlinks walked in this layer */
	struct imp_late_link *late;      /* of this layer, by record */
	size_t late_count, late_capacity;
	uint32_t *whiteouts; /* records to review at the end of the layer */
	size_t whiteout_count, whiteout_capacity;
	/* The parent of the last entry: the next one's is the same or near by. */
	struct imp_strbuf last_parent_path;
	uint32_t last_parent;
	struct imp_strbuf pending[2]; /* parents.c: what is left to walk */
	struct imp_strbuf target;     /* hardlinks.c: the cleaned target */
};

/* stack.c */
int imp_stacking_apply(struct imp_stacking *stacking, const struct imp_profile *profile,
		       struct imp_error *err);
/* The child of PARENT, made when it is missing. */
int imp_stacking_child(struct imp_stacking *stacking, uint32_t parent,
		       struct imp_slice name, uint32_t *out, struct imp_error *err);
/* The node of a path as it is spelled, made when it is missing. */
int imp_stacking_trace(struct imp_stacking *stacking, struct imp_slice path,
		       uint32_t *out, struct imp_error *err);
/* Puts RECORD on top of the records of NODE. */
void imp_stacking_attach(struct imp_stacking *stacking, uint32_t record, uint32_t node);
void imp_stacking_warn(struct imp_stacking *stacking, const char *code,
		       struct imp_slice path, const char *message);
void imp_stacking_warn_node(struct imp_stacking *stacking, const char *code,
			    uint32_t node, const char *message);

/* records.c: appends a record that has no place yet. */
int imp_stacking_add_record(struct imp_stacking *stacking, const struct imp_entry *entry,
			    uint32_t *out, struct imp_error *err);

/* live.c: what a path shows, and showed when the current layer began. */
enum imp_state imp_stacking_state_before(const struct imp_stacking *stacking,
					 uint32_t node);
/* NODE shows RECORD from now on (IMP_NONE: an implied directory). What it showed was dropped
 * before, unless it is a directory that stays one. */
void imp_stacking_show(struct imp_stacking *stacking, uint32_t node, uint32_t record,
		       bool directory);
/* NODE shows RECORD, a non-directory, instead of whatever it showed. */
void imp_stacking_replace(struct imp_stacking *stacking, uint32_t node, uint32_t record);
/* Everything live at and below NODE goes. */
void imp_stacking_drop(struct imp_stacking *stacking, uint32_t node,
		       const struct imp_cause *cause);
void imp_stacking_drop_children(struct imp_stacking *stacking, uint32_t node,
				const struct imp_cause *cause);

/* groups.c: hard-link groups; a group is the record of type file that holds the bytes. */
/* IMP_NONE for a directory, a symlink ... */
uint32_t imp_stacking_group_shown(const struct imp_stacking *stacking, uint32_t node);
void imp_stacking_hold(struct imp_stacking *stacking, uint32_t group);
void imp_stacking_release(struct imp_stacking *stacking, uint32_t group,
			  const struct imp_cause *cause);
/* Why what NODE shows goes when a non-directory of GROUP (or IMP_NONE) takes its place. */
struct imp_cause imp_stacking_cause(const struct imp_stacking *stacking, uint32_t node,
				    uint32_t group);
/* The last name of KILLED went in this layer to a link that only now turns out to show
 * the content of GROUP. */
void imp_stacking_reconsider(struct imp_stacking *stacking, uint32_t killed,
			     uint32_t group);

/* hardlinks.c */
int imp_stacking_place_hardlink(struct imp_stacking *stacking, uint32_t record,
				struct imp_slice path, struct imp_error *err);
int imp_stacking_resolve_late(struct imp_stacking *stacking, struct imp_error *err);

/* parents.c */
/* The directory of an entry: symlinks that this layer wrote are followed (then
 * *ELSEWHERE), other non-directories replaced, missing ones implied. */
int imp_stacking_make_parent(struct imp_stacking *stacking, struct imp_slice path,
			     uint32_t *out, bool *elsewhere, struct imp_error *err);
/* The directory that PATH shows, symlinks followed, or IMP_NONE. */
int imp_stacking_find_parent(struct imp_stacking *stacking, struct imp_slice path,
			     uint32_t *out, struct imp_error *err);

/* paths.c */
/* A component starts with ".wh.": only leftovers stand at such a path. */
bool imp_path_is_hidden(struct imp_slice path);

/* whiteouts.c */
void imp_stacking_apply_whiteouts(struct imp_stacking *stacking,
				  struct imp_profile_cursor *cursor);
int imp_stacking_place_whiteout(struct imp_stacking *stacking, uint32_t record,
				const struct imp_entry *entry, struct imp_error *err);
int imp_stacking_place_opaque(struct imp_stacking *stacking, uint32_t record,
			      const struct imp_entry *entry, struct imp_error *err);
/* At the end of a layer: whiteouts below which this layer made a directory anew. */
void imp_stacking_review_whiteouts(struct imp_stacking *stacking);
