/*
 * Packages and runtime evidence by hand, so that cases of the rules need no databases:
 *
 *	package dpkg gcc 12 section=devel flags=root home=usr/lib/x database=var/lib/dpkg/status
 *	owns usr/bin/gcc            (the last package; a folder: all below it)
 *	needs libgcc cpp|cpp-12     (each a requirement, alternatives divided by '|')
 *	recommends a, suggests b
 *	root                        (the last package: runtime->package_root)
 *	reached a line of text      (the last package)
 *	run                         (the last package's files are in the command chain)
 *	imported usr/lib/x.py       (by what runs: IMP_REACH_IMPORT)
 *	documentation usr/share/x
 *	unreadable rpm var/lib/rpm/Packages
 *	norecommends dpkg
 *	noroots 0                   (packages of that group=)
 *	present A-NODE a line of text
 *	unknown A-SERVED a line of text
 *	absent A-CC A-GIT           ("absent all")
 *	opened usr/bin/x            (--used)
 *
 * Anchors that no line names are unknown. A mistake aborts.
 */
#pragma once

#include "imgprof/package.h"
#include "imgprof/runtime.h"

void given_read(const struct imp_tree *tree, const char *text, struct imp_arena *arena,
		struct imp_packages *packages, struct imp_runtime *runtime);
