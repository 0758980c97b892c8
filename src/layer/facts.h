/*
 * Gathers one file's fact (imgprof/facts.h) while its bytes pass, and what is kept of it
 * because of what it holds. Every byte is looked at once; what is held is bounded: 1 MiB
 * of the file and some ranges behind.
 *
 * Imports are gathered of .py and of .js .mjs .cjs .ts .tsx .jsx .mts .cts, and of scripts
 * by their interpreter; not of type declarations (.d.ts), which no program loads, of
 * TypeScript inside node_modules, which node refuses, nor of
 * .min.js and /.next/static/, which are for browsers.
 */
#pragma once

#include "imgprof/facts.h"
#include "imgprof/strbuf.h"

#include "facts_elf.h"
#include "facts_imports.h"
#include "facts_secret.h"

enum imp_gather_state {
	IMP_GATHER_NOTHING, /* until the next file */
	IMP_GATHER_HEAD,    /* waits for the first bytes */
	IMP_GATHER_ELF,
	IMP_GATHER_TEXT, /* holds the first `want` bytes */
};

struct imp_gather {
	enum imp_gather_state state;
	struct imp_slice path; /* borrowed until the file's end */
	uint64_t disk_bytes;
	size_t want;
	struct imp_strbuf text;
	enum imp_content_kind kind;
	bool python, javascript; /* imports are looked for */
	enum imp_secret_file secret;
	struct imp_elf_reader elf;
	struct imp_imports imports;
	/* Valid after the end: the fact as a profile holds it, empty when there is none;
	 * and of a script what is to be kept. */
	struct imp_strbuf fact, kept;
	uint64_t scripts_left; /* of IMP_KEEP_SCRIPTS_BYTES */
};

void imp_gather_init(struct imp_gather *gather);
void imp_gather_finish(struct imp_gather *gather);
/* PATH stays where it is until the end. */
void imp_gather_begin(struct imp_gather *gather, struct imp_slice path,
		      uint64_t disk_bytes);
/* No file with content: no fact. */
void imp_gather_skip(struct imp_gather *gather);
void imp_gather_add(struct imp_gather *gather, const void *data, size_t len);
void imp_gather_end(struct imp_gather *gather);
