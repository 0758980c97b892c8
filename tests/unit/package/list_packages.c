/*
 * list-packages TAR...: the packages of an image made of these layers, base first, one line
 * each: manager[/tool] name version folder flags. For scripts that hold them against what a
 * package manager says (scripts/accuracy-npm).
 */
#include "language_case.h"

#include <fcntl.h>
#include <stdio.h>

#include "imgprof/layer.h"
#include "imgprof/stream.h"

static int read_layer(struct stack *stack, const char *path)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		return 2;
	}
	if (imp_layer_read(imp_stream_file(fd, 0, IMP_TO_END), &request, &result, &err) <
	    0) {
		fprintf(stderr, "list-packages: %s: %s\n", path, err.message);
		return 2;
	}
	stack->owned[stack->count] = result.profile;
	stack->profiles[stack->count++] = result.profile;
	return 0;
}

int main(int argc, char **argv)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct packages_image image;
	struct stack stack = {0};
	int rc = argc > 1 && argc <= STACK_LAYERS ? 0 : 2;

	for (int i = 1; rc == 0 && i < argc; i++)
		rc = read_layer(&stack, argv[i]);
	if (rc == 0) {
		packages_read(&image, &stack, NULL);
		packages_add_list(&image, &out);
		fwrite(out.data, 1, out.len, stdout);
		for (size_t i = 0; i < image.packages.unreadable_count; i++)
			fprintf(stderr, "unreadable: %.*s: %s\n",
				(int)image.packages.unreadable[i].path.len,
				image.packages.unreadable[i].path.data,
				image.packages.unreadable[i].reason);
		packages_finish(&image);
	}
	stack_finish(&stack);
	return rc;
}
