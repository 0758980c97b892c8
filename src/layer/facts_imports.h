/*
 * What sources import, by tokens: strings and comments are skipped, nothing is parsed
 * (classification.md 5.3).
 */
#pragma once

#include "imgprof/facts.h"
#include "imgprof/strbuf.h"

enum {
	IMP_IMPORTS_MOST = 512,          /* of one file */
	IMP_IMPORT_BYTES = 256,          /* of one name */
	IMP_IMPORTS_SCANNED = 256 << 10, /* of one file: larger ones are bundles */
	IMP_IMPORTS_SLOTS = 2 * IMP_IMPORTS_MOST,
};

/* A set in order of first use. Zeroed is valid. */
struct imp_imports {
	struct imp_strbuf text; /* names, each ended by a NUL */
	uint32_t starts[IMP_IMPORTS_MOST];
	uint16_t slot_of[IMP_IMPORTS_MOST];
	uint16_t slots[IMP_IMPORTS_SLOTS]; /* number of a name + 1, by its hash */
	size_t count;
	bool cut;
};

void imp_imports_reset(struct imp_imports *imports);
void imp_imports_finish(struct imp_imports *imports);
/* FRONT stands before NAME as one text with it. */
void imp_imports_add(struct imp_imports *imports, struct imp_slice front,
		     struct imp_slice name);

void imp_imports_python(struct imp_imports *imports, struct imp_slice source);
void imp_imports_javascript(struct imp_imports *imports, struct imp_slice source);
/* Of a project's own source, Python's or JavaScript's: facts.h, names with a '?'. */
void imp_imports_settings(struct imp_imports *imports, struct imp_slice source,
			  bool python);
