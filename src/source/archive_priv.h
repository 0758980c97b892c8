/*
 * Inside src/source: an image archive as a table of named members. A plain file is scanned
 * for its headers and read again where it matters; a pipe or a compressed file goes by
 * once: documents are kept, what could be a layer is offered to the sink.
 */
#pragma once

#include "files_priv.h"
#include "imgprof/map.h"
#include "source_priv.h"

/* A look at the first bytes of a stream (peek.c). */

enum { IMP_PEEK_BYTES = 512 };

struct imp_peek; /* opaque */

/* Owns INNER from now on, also when it fails. */
int imp_peek_open(struct imp_stream *inner, struct imp_peek **out, struct imp_error *err);
/* Up to IMP_PEEK_BYTES, less only when the stream is shorter. Valid as long as the peek. */
struct imp_slice imp_peek_head(const struct imp_peek *peek);
/* All bytes from the first; destroying it destroys the peek. */
struct imp_stream *imp_peek_stream(struct imp_peek *peek);

enum imp_head_kind {
	IMP_HEAD_OTHER,
	IMP_HEAD_EMPTY,
	IMP_HEAD_TAR,
	IMP_HEAD_ZEROS, /* a tar's end block: an empty layer, or an archive of nothing */
	IMP_HEAD_GZIP,
	IMP_HEAD_ZSTD,
	IMP_HEAD_PACKED, /* compressed in a way that is refused by name */
	IMP_HEAD_JSON,
	IMP_HEAD_MARKUP,
};

/* HEAD: the first IMP_PEEK_BYTES of something, or all of it. */
enum imp_head_kind imp_head_kind(struct imp_slice head);

/* The outer tar, member by member (tar_walk.c). */

enum imp_tar_kind {
	IMP_TAR_FILE,
	IMP_TAR_SYMLINK,
	IMP_TAR_HARDLINK,
	IMP_TAR_OTHER,
};

/* Slices are borrowed until the next member. */
struct imp_tar_head {
	struct imp_slice name, target;
	enum imp_tar_kind kind;
	bool sparse; /* its data are not stored in one piece */
	uint64_t size_bytes;
	uint64_t offset_bytes; /* where its data start in the tar */
};

struct imp_tar_walk; /* opaque */

/* STREAM gives plain tar bytes and is owned; with FD (borrowed, FILE_BYTES long) data are
 * sought over. */
struct imp_tar_walk *imp_tar_walk_stream(struct imp_stream *stream,
					 const struct imp_cancel *cancel);
struct imp_tar_walk *imp_tar_walk_file(int fd, uint64_t file_bytes,
				       const struct imp_cancel *cancel);
void imp_tar_walk_destroy(struct imp_tar_walk *walk);
IMP_DEFINE_DESTROY(imp_tar_walk);
/* 1 behind the last member. */
int imp_tar_walk_next(struct imp_tar_walk *walk, struct imp_tar_head *out,
		      struct imp_error *err);
/* The data of the member at hand; to be destroyed before the next one. */
struct imp_stream *imp_tar_walk_data(struct imp_tar_walk *walk);
/* Valid after the end: the input stopped without the two zero blocks. */
bool imp_tar_walk_is_cut(const struct imp_tar_walk *walk);
/* Reads and drops what stands behind the end, so that whoever writes can finish and
 * trailing checksums are looked at. */
int imp_tar_walk_drain(struct imp_tar_walk *walk, struct imp_error *err);

/* Documents that must wait (keep.c): 16 MiB in memory, the rest in an unlinked file. */

struct imp_keep {
	const struct imp_context *context;
	struct imp_strbuf memory;
	int fd; /* -1: nothing was spilled */
	uint64_t spilled_bytes;
};

struct imp_kept {
	bool spilled;
	uint64_t offset_bytes, size_bytes;
};

void imp_keep_init(struct imp_keep *keep, const struct imp_context *context);
void imp_keep_finish(struct imp_keep *keep);
/* Whether BYTES more may be kept at all. */
bool imp_keep_has_room(const struct imp_keep *keep, uint64_t bytes);
/* Reads STREAM to its end. */
int imp_keep_add(struct imp_keep *keep, struct imp_stream *stream, struct imp_kept *out,
		 struct imp_error *err);
/* Appends what was kept to BODY. */
int imp_keep_read(const struct imp_keep *keep, const struct imp_kept *kept,
		  struct imp_strbuf *body, struct imp_error *err);

/* Sources of archives (archive.c, source.c). */

struct imp_archive;

/* FD is owned, also when it fails: a file, or whatever else can be read. */
int imp_archive_source_of_fd(const struct imp_context *context,
			     const struct imp_location *location, int fd,
			     struct imp_source **out, struct imp_error *err);
/* Of a STREAM (owned) that goes by once. */
struct imp_source *imp_archive_source_of_stream(const struct imp_context *context,
						const struct imp_location *location,
						struct imp_stream *stream);

/* The archive behind SOURCE with its table filled, as long as the source is there; NULL when
 * SOURCE is none. One that goes by once is read to its end. */
int imp_archive_of_source(struct imp_source *source, struct imp_archive **out,
			  struct imp_error *err);

/* The table (archive_table.c). */

enum imp_entry_kind {
	IMP_ENTRY_USELESS,   /* neither document nor layer */
	IMP_ENTRY_TOO_LARGE, /* a document over the limit */
	IMP_ENTRY_SPARSE,
	IMP_ENTRY_RANGE,   /* a range of the file */
	IMP_ENTRY_KEPT,    /* a document, kept */
	IMP_ENTRY_OFFERED, /* the sink has seen it */
	IMP_ENTRY_ALIAS,   /* a symlink or hard link */
};

struct imp_archive_entry {
	struct imp_slice name;   /* normalised */
	struct imp_slice target; /* of an alias, normalised */
	enum imp_entry_kind kind;
	enum imp_head_kind head; /* OTHER where it was not looked at */
	uint64_t size_bytes;
	uint64_t offset_bytes;    /* RANGE */
	struct imp_kept kept;     /* KEPT */
	struct imp_digest digest; /* OFFERED: of the bytes as they stand */
	int sink_id;              /* OFFERED */
	size_t older;             /* of the same name before, counted from 1; 0: none */
};

struct imp_archive_table {
	struct imp_arena *arena;
	struct imp_archive_entry *entries;
	size_t count, capacity;
	struct imp_map by_name; /* the youngest of each name */
};

void imp_archive_table_init(struct imp_archive_table *table);
void imp_archive_table_finish(struct imp_archive_table *table);
/* NAME as a path inside the archive: no leading "/" or "./", no empty or "." component, ".."
 * taken back; relative to BASE (a directory, normalised). false when it leaves the
 * archive or is empty. The result lives in the arena. */
bool imp_archive_name(struct imp_arena *arena, struct imp_slice base,
		      struct imp_slice name, struct imp_slice *out);
/* The slices of ENTRY live as long as the table. */
void imp_archive_table_add(struct imp_archive_table *table,
			   const struct imp_archive_entry *entry);
/* Aliases followed, at most MAX_HOPS; NULL when there is none, or only a dangling alias. */
const struct imp_archive_entry *imp_archive_find(const struct imp_archive_table *table,
						 struct imp_slice name,
						 uint32_t max_hops);

/* The archive (archive_scan.c, archive_image.c). */

struct imp_archive {
	const struct imp_context *context;
	const struct imp_location *location;
	const char *selector; /* of an image in it; NULL: none */
	int fd;               /* -1: a stream that goes by once */
	bool one_pass;
	bool cut; /* it stopped without the end blocks */
	struct imp_archive_table table;
	struct imp_keep keep;
};

/* Fills the table from a file of FILE_BYTES. */
int imp_archive_scan(struct imp_archive *archive, uint64_t file_bytes,
		     struct imp_error *err);
/* Fills it from STREAM (owned, perhaps compressed), offering layers to SINK. */
int imp_archive_read_once(struct imp_archive *archive, struct imp_stream *stream,
			  const struct imp_layer_sink *sink, struct imp_error *err);
/* What HEAD, the start of what should be an archive, is instead; 0 for a tar. */
int imp_archive_check_head(struct imp_slice head, struct imp_error *err);

/* Appends the member NAME to BODY; IMP_E_NOT_FOUND, IMP_E_LIMIT. */
int imp_archive_read(const struct imp_archive *archive, const char *name, uint64_t limit,
		     struct imp_strbuf *body, struct imp_error *err);
/* Its members by name, as long as it is there. */
struct imp_files imp_archive_files(struct imp_archive *archive);
/* What the first bytes of ENTRY are. */
int imp_archive_entry_head(const struct imp_archive *archive,
			   const struct imp_archive_entry *entry, enum imp_head_kind *out,
			   struct imp_error *err);
/* The member that holds layer LAYER of IMAGE; NULL: missing. */
const struct imp_archive_entry *imp_archive_layer(const struct imp_archive *archive,
						  const struct imp_image *image,
						  size_t layer);

/* From the table to images: OCI where there is an index, else docker's manifest.json. */
int imp_archive_images(struct imp_archive *archive, const struct imp_selection *selection,
		       struct imp_image **images, size_t *count, struct imp_error *err);
/* Why there is no image in it (formats.md 7.6). */
int imp_archive_no_image(const struct imp_archive *archive, struct imp_error *err);

/* docker's manifest.json (docker_archive.c; formats.md 7.1 to 7.3). */

/* *OUT: the parsed array, or NULL when there is no manifest.json of that shape. */
int imp_docker_open(const struct imp_archive *archive, json_t **out,
		    struct imp_error *err);
/* The image that the archive's selector (a name, "@N" or NULL) means. IMP_E_NOT_FOUND lists
 * what there is. */
int imp_docker_choose(const struct imp_archive *archive, const json_t *manifest,
		      struct imp_arena *arena, const json_t **out, struct imp_error *err);
/* The digest in the name of the config, when it is a blob of a layout. */
bool imp_docker_config_digest(const json_t *entry, struct imp_digest *out);
/* Its RepoTags, in *OUT (arena). */
size_t imp_docker_names(const json_t *entry, struct imp_arena *arena,
			const struct imp_slice **out);
int imp_docker_load(const struct imp_archive *archive,
		    const struct imp_selection *selection, const json_t *entry,
		    struct imp_image *out, struct imp_error *err);
