/*
 * Facts: what a layer profile knows of a file's content beside its hash. Gathered while the
 * file streams by (layer/facts_*.c), so that nothing has to be read twice: ELF headers and
 * what dynamic linking needs, scripts' interpreters, what Python and JavaScript files
 * import, kinds that only content tells. reference/classification.md 2.7, 5.1 to 5.3.
 *
 * All slices borrow from the profile. Everything here was written by a stranger.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/slice.h"

/* By first bytes, never by name. */
enum imp_content_kind {
	IMP_CONTENT_OTHER,
	IMP_CONTENT_ELF,         /* the fact has `elf` */
	IMP_CONTENT_SCRIPT,      /* "#!": `interpreter` */
	IMP_CONTENT_AR,          /* "!<arch>\n", also thin */
	IMP_CONTENT_COFF,        /* an object file of Windows */
	IMP_CONTENT_PDB,         /* "Microsoft C/C++ MSF", "BSJB" */
	IMP_CONTENT_GCOV,        /* gcno, gcda */
	IMP_CONTENT_LIBTOOL,     /* "# ... - a libtool library file" */
	IMP_CONTENT_PRIVATE_KEY, /* a line "-----BEGIN ... PRIVATE KEY" at its start */
	IMP_CONTENT_CACHEDIR,    /* the signature of CACHEDIR.TAG */
	IMP_CONTENT_XML_DOC,     /* "<?xml" and then a <doc> element */
	/* A file that is named like one with secrets (classification.md 3.14: .npmrc, .env,
	 * config.json, ...) and holds one. The secret itself is in no profile; of .env files
	 * `imports` has the names of variables. */
	IMP_CONTENT_CREDENTIALS,
	IMP_CONTENT_KINDS
};

enum imp_elf_type {
	IMP_ELF_OTHER,
	IMP_ELF_RELOCATABLE,
	IMP_ELF_EXECUTABLE,
	IMP_ELF_SHARED, /* a library, or a program that is position-independent */
	IMP_ELF_CORE,
};

struct imp_elf {
	enum imp_elf_type type;
	uint16_t machine; /* e_machine */
	uint8_t bits;     /* 32 or 64 */
	/* PT_INTERP, DT_SONAME, DT_RPATH, DT_RUNPATH; empty when absent */
	struct imp_slice interpreter, soname, rpath, runpath;
	struct imp_slice needed; /* DT_NEEDED, in order, each ended by a NUL */
	bool dynamic_unknown; /* there is a dynamic section, but it was not within reach */
	/* What `strip --strip-unneeded` takes: classification.md 2.7; 0 where stripping would
	 * break the file (ET_REL, ET_CORE, bytes behind the last section) */
	uint64_t strip_bytes;
	uint64_t fatbin_bytes;       /* of .nv_fatbin */
	bool go, rust;               /* .go.buildinfo; .dep-v0 or Rust's marks */
	struct imp_slice go_modules; /* the module text of a Go program; may be empty */
	struct imp_slice rust_deps; /* .dep-v0, as it stands there (zlib); may be empty */
};

struct imp_fact {
	uint64_t entry; /* its number in tar order, from 0 */
	enum imp_content_kind kind;
	struct imp_slice interpreter; /* of a script: the line behind "#!", trimmed */
	const struct imp_elf *elf;    /* of ELF, else NULL */
	/* Of Python and JavaScript files (by suffix or interpreter): what they import, each
	 * once, each ended by a NUL, in order of first use. Python: dotted names as written
	 * ("os.path", ".models"; "from a import b" gives "a" and "a.b", which need not be a
	 * module), and dotted string constants behind a '=' ("=config.urls":
	 * settings name modules so). JavaScript: specifiers as written ("react/jsx-runtime",
	 * "./x.js", "node:fs"). Of files outside of packages also what they set:
	 * "?language=de" (Django's and Babel's settings), "?node_modules" (Python names that
	 * folder), "?windows" (a browser that is not headless). */
	struct imp_slice imports;
	bool imports_cut; /* there were more than the limit */
};
