#include "imgprof/glob.h"

/* Where matching goes on when it fails: behind a star that takes one character more. */
struct retry {
	size_t glob, text; /* of the star's end, of the text that it has not taken yet */
	bool set;
};

static size_t find(struct imp_slice text, size_t at, char c)
{
	const char *found =
		at < text.len ? memchr(text.data + at, c, text.len - at) : NULL;

	return found ? (size_t)(found - text.data) : text.len;
}

/* Lets the star take text up to where what follows it can begin, to END at most. */
static void try_again(struct retry *from, struct imp_slice glob, struct imp_slice text,
		      size_t end, size_t *t)
{
	size_t next = from->text + 1;

	if (from->glob == glob.len)
		next = end;
	else if (glob.data[from->glob] != '?')
		next = find(text, next, glob.data[from->glob]);
	from->text = *t = next < end ? next : end;
}

static bool one_fits(char glob, char text, bool in_path)
{
	return glob == text || (glob == '?' && !(in_path && text == '/'));
}

static bool starts_component(struct imp_slice text, size_t at)
{
	return at == 0 || text.data[at - 1] == '/';
}

/* Two stars are enough to remember: the last of each kind; an earlier one could not do better. */
static bool match(struct imp_slice glob, struct imp_slice text, bool in_path)
{
	struct retry shallow = {0}, deep = {0};
	size_t g = 0, t = 0;

	while (t < text.len || g < glob.len) {
		bool star = g < glob.len && glob.data[g] == '*';
		bool two = star &&
			   (!in_path || (g + 1 < glob.len && glob.data[g + 1] == '*'));
		if (two) {
			while (g < glob.len && glob.data[g] == '*')
				g++;
			deep = (struct retry){g, t, true};
			shallow.set = false;
			if (in_path && starts_component(text, t) && g < glob.len &&
			    glob.data[g] == '/')
				g++; /* no folder at all */
			continue;
		}
		if (star) {
			shallow = (struct retry){++g, t, true};
			continue;
		}
		if (g < glob.len && t < text.len &&
		    one_fits(glob.data[g], text.data[t], in_path)) {
			g++;
			t++;
			continue;
		}
		if (shallow.set && shallow.text < text.len &&
		    text.data[shallow.text] != '/') {
			try_again(&shallow, glob, text, find(text, shallow.text, '/'),
				  &t);
			g = shallow.glob;
			continue;
		}
		shallow.set = false;
		if (!deep.set || deep.text >= text.len)
			return false;
		try_again(&deep, glob, text, text.len, &t);
		g = deep.glob;
	}
	return true;
}

bool imp_glob_name(struct imp_slice glob, struct imp_slice text)
{
	return match(glob, text, false);
}

bool imp_glob_path(struct imp_slice glob, struct imp_slice path)
{
	return match(glob, path, true);
}
