/*
 * What is followed from the image's configuration on: the state that the files of this
 * folder share while they fill one imp_runtime. All it hands out lives in the arena.
 */
#pragma once

#include "imgprof/map.h"
#include "imgprof/runtime.h"
#include "imgprof/strbuf.h"

enum {
	IMP_MAX_STARTED = 2048,     /* commands followed */
	IMP_MAX_STARTED_DEPTH = 24, /* scripts that start scripts */
	IMP_MAX_ENTRIES = 4096,     /* where language graphs begin */
	IMP_MAX_WORDS = 1024,       /* of one command line */
};

/* A command line on its way to being followed. */
struct imp_command {
	const char *origin;
	struct imp_slice *argv;
	size_t argc;
	uint32_t folder; /* node that relative paths start from */
	uint32_t bin;    /* folder that is looked into before PATH, or IMP_NONE */
	uint32_t parent; /* in started */
	uint32_t by;     /* record of the script that names it, or IMP_NONE */
	unsigned depth;
	bool certain;
	bool script; /* of a script's text: only "$@" is as certain as the script */
	bool shell;  /* a shell's words, which may be one of its builtins */
};

enum imp_language { IMP_LANGUAGE_PYTHON, IMP_LANGUAGE_JAVASCRIPT };

/* Where an import graph begins: a file, or a module by name. */
struct imp_graph_start {
	enum imp_language language;
	uint32_t node;           /* the file, or IMP_NONE */
	struct imp_slice module; /* else this */
	uint32_t folder;         /* that imports are looked up from first */
	const char *reason;      /* "run by CMD" */
};

struct imp_trail {
	const struct imp_runtime_input *input;
	const struct imp_tree *tree;
	struct imp_arena *arena;
	struct imp_runtime *out;
	uint8_t *reached;       /* for each record */
	uint32_t *reached_from; /* for each record */
	uint32_t workdir;       /* node; 0 when there is none */

	struct imp_command *commands; /* malloc; done up to next */
	size_t command_count, command_capacity, command_next;
	struct imp_map seen;         /* of commands, by their text */
	struct imp_started *started; /* malloc */
	size_t started_count, started_capacity;

	struct imp_graph_start *entries; /* malloc */
	size_t entry_count, entry_capacity;
	/* Folders of virtual environments (those with a pyvenv.cfg) whose Python runs. */
	uint32_t environments[16];
	size_t environment_count;
	bool runs_python, runs_system_python, runs_node;

	uint32_t *
		queue; /* malloc; records of files that run: the ELF closure begins here */
	size_t queue_count, queue_capacity;
	bool *package_reached;
	const char **package_reason;
	bool *package_root;
	/* Found while imports are walked: a project or package file that looks for libraries by
	 * name. */
	const char *finds_libraries;
	const char *uses_gis;
	/* What the project's settings say, as evidence; NULL. */
	const char *names_modules, *opens_windows, *asks_language;
	struct imp_slice *languages; /* malloc; borrow from the profiles */
	size_t language_count, language_capacity;
};

/* ---- text.c: evidence in one line, foreign text cut and escaped */

/* FORMAT holds one %s, where TEXT goes. */
const char *imp_trail_say(const struct imp_trail *trail, const char *before,
			  struct imp_slice text, const char *after);
/* The path of NODE with a leading slash; raw. */
struct imp_slice imp_trail_path(const struct imp_trail *trail, uint32_t node);
/* "/code/config/settings.py", escaped. */
const char *imp_trail_name(const struct imp_trail *trail, uint32_t node);
void imp_trail_unreadable(struct imp_trail *trail, const char *reason);

/* ---- search.c */

/* ENV NAME, data NULL when not set. */
struct imp_slice imp_trail_env(const struct imp_trail *trail, struct imp_slice name);
struct imp_found {
	uint32_t file;   /* node of the program, symlinks followed; IMP_NONE */
	uint32_t folder; /* where its name was found */
};
/* As exec would: with a '/' from FOLDER, else in BIN and on PATH. */
struct imp_found imp_trail_find(const struct imp_trail *trail, struct imp_slice name,
				uint32_t folder, uint32_t bin);
bool imp_trail_swept(const struct imp_trail *trail, uint32_t record); /* dpkg, apk, rpm */

/* ---- commands.c */

/* Copies WORDS. Each command line from one folder is taken once. */
void imp_trail_command(struct imp_trail *trail, const struct imp_command *command);
/* Every command of a shell's TEXT; what COMMAND holds but for its argv. ARGV, from $0 on, stands
 * for "$@". */
void imp_trail_shell(struct imp_trail *trail, const struct imp_command *command,
		     struct imp_slice text, const struct imp_slice *argv, size_t argc);
/* Whether WORD is the last component of NAME: "/usr/bin/node" is "node". */
bool imp_name_is(struct imp_slice name, const char *word);
/* The same for any of WORDS, parted by spaces. */
bool imp_name_in(struct imp_slice name, const char *words);
bool imp_word_in(struct imp_slice word, const char *words);

/* ---- settings.c */

/* NAME, of the file at NODE, is what a project's source sets; false: it is an import. */
bool imp_trail_setting(struct imp_trail *trail, uint32_t node, struct imp_slice name);
/* What servers' configurations name. */
void imp_trail_served(struct imp_trail *trail);

/* ---- argv.c: what the configuration or --run starts */
void imp_trail_start(struct imp_trail *trail);

/* ---- wrappers.c */

/* How many words at the front of ARGV are a wrapper and its options; 0: none. */
size_t imp_wrapper_words(const struct imp_slice *argv, size_t argc);

/* ---- follow.c */
void imp_trail_follow(struct imp_trail *trail);
/* The file at NODE runs, named by the record BY. */
void imp_trail_run(struct imp_trail *trail, uint32_t node, uint32_t by);
void imp_trail_entry(struct imp_trail *trail, const struct imp_graph_start *entry);

/* A script of SHELL's language at NODE, with the words of COMMAND as "$0" and on. */
void imp_trail_read_script(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started, uint32_t node);
bool imp_is_shell(struct imp_slice name);

/* ---- interpreters.c: python, node, java ... with their arguments */
void imp_trail_interpreter(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started, struct imp_found found);
/* Python from that folder runs: of a virtual environment or the system's. */
void imp_trail_python(struct imp_trail *trail, uint32_t bin);
/* What NAME (an interpreter without arguments) adds when it runs the script at NODE. */
void imp_trail_language(struct imp_trail *trail, const struct imp_command *command,
			struct imp_slice name, uint32_t bin, uint32_t node);

/* ---- servers.c: programs that are told modules to load, and programs that start others */
void imp_trail_server(struct imp_trail *trail, const struct imp_command *command,
		      uint32_t started, struct imp_slice name, size_t first);

/* ---- node_scripts.c: npm run x, yarn x, npx x */
bool imp_trail_node_script(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started);

/* ---- node_modules.c: Node's resolution */

/* The node of the file that SPECIFIER names from FOLDER, or of the package's folder when only that
 * is known; IMP_NONE. */
uint32_t imp_node_resolve(const struct imp_trail *trail, uint32_t folder,
			  struct imp_slice specifier);

/* The folder of the package of a SPECIFIER that is no path; IMP_NONE. */
uint32_t imp_node_package(const struct imp_trail *trail, uint32_t folder,
			  struct imp_slice specifier);

/* ---- service_files.c: Procfile, supervisor, s6, runit, cron */
void imp_trail_services(struct imp_trail *trail, const struct imp_command *command,
			uint32_t started);
void imp_trail_procfile(struct imp_trail *trail, uint32_t folder, uint32_t parent);

/* ---- places.c: folders that languages load from */
struct imp_places {
	uint32_t *python; /* that the Pythons which run look into: site-packages, then the
	                     standard library; malloc */
	size_t python_count, python_capacity;
	uint32_t *node_modules; /* outermost; malloc */
	size_t node_count, node_capacity;
	uint32_t project; /* WORKDIR, where that is a project's folder; else IMP_NONE */
};
void imp_places_find(const struct imp_trail *trail, struct imp_places *places);
void imp_places_finish(struct imp_places *places);
/* Tests, documentation and examples: nothing that runs loads from there. */
bool imp_is_aside(struct imp_slice folder_name);

/* ---- elf_closure.c */
void imp_trail_link(struct imp_trail *trail, const struct imp_places *places);
/* The file that NAME in DT_NEEDED of the ELF file RECORD is; IMP_NONE. */
struct imp_loader;
struct imp_loader *imp_loader_create(const struct imp_trail *trail);
void imp_loader_destroy(struct imp_loader *loader);
uint32_t imp_loader_find(struct imp_loader *loader, uint32_t record,
			 struct imp_slice name);

/* ---- dlopened.c: what is loaded by name, by hand as 5.2 says. PUT takes each node. */
void imp_dlopened(const struct imp_trail *trail,
		  void (*put)(void *context, uint32_t node, uint32_t by), void *context);

/* ---- imports.c */
void imp_trail_import(struct imp_trail *trail, const struct imp_places *places);

/* ---- shared.c */
void imp_trail_share(struct imp_trail *trail);

/* ---- roots.c */
void imp_trail_roots(struct imp_trail *trail);

/* ---- anchors.c */
void imp_trail_anchors(struct imp_trail *trail);

/* ---- used.c */
void imp_trail_used(struct imp_trail *trail);
