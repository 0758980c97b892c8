#include "case.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "outputs.h"

static struct imp_error err;
static char folder[64];

static char *path_of(const char *name)
{
	static char path[sizeof(folder) + 256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/imgprof-outputs-XXXXXX");
	assert_non_null(mkdtemp(folder));
	err = (struct imp_error){0};
}

/* Removes the folder; returns how many files there were. */
static int remove_folder(void)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, NULL), files = 0;

	for (int i = 0; i < count; i++) {
		if (unlink(path_of(entries[i]->d_name)) == 0)
			files++;
		free(entries[i]);
	}
	free(entries);
	assert_int_equal(rmdir(folder), 0);
	return files;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *path, const char *text)
{
	char found[64] = "";
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	size_t len = fread(found, 1, sizeof(found) - 1, file);
	fclose(file);
	found[len] = '\0';
	assert_string_equal(found, text);
}

static int write_new(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *error)
{
	(void)report, (void)options, (void)error;
	fputs("new", out);
	return 0;
}

static int write_and_fail(const struct imp_report *report,
			  const struct imp_report_options *options, FILE *out,
			  struct imp_error *error)
{
	(void)report, (void)options;
	fputs("half", out);
	return imp_fail(error, IMP_E_USAGE, "no such path");
}

static int write_much(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *error)
{
	(void)report, (void)options, (void)error;
	for (int i = 0; i < 100000; i++)
		fputs("much ", out);
	return 0;
}

static int write_to(const char *path, int (*write)(const struct imp_report *,
						   const struct imp_report_options *,
						   FILE *, struct imp_error *))
{
	struct imp_format format = {.name = "fake", .write = {write}};
	struct imp_output_request output = {.format = &format, .file = path};
	struct imp_report report = {.kind = IMP_REPORT_PROFILE};

	return imp_output_write(&output, &report, NULL, &err);
}

CASE(a_file_takes_the_place_of_the_old_one)
{
	make_folder();
	put(path_of("report"), "old and longer");
	assert_ok(write_to(path_of("report"), write_new), &err);
	expect(path_of("report"), "new");
	assert_int_equal(remove_folder(), 1);
}

CASE(a_failed_format_leaves_the_old_file)
{
	make_folder();
	put(path_of("report"), "old");
	assert_fails(write_to(path_of("report"), write_and_fail), IMP_E_USAGE,
		     "no such path", &err);
	expect(path_of("report"), "old");
	assert_int_equal(remove_folder(), 1);
}

CASE(a_failed_format_makes_no_file)
{
	make_folder();
	assert_fails(write_to(path_of("report"), write_and_fail), IMP_E_USAGE,
		     "no such path", &err);
	assert_int_equal(remove_folder(), 0);
}

CASE(modes_follow_the_umask)
{
	struct stat st;

	make_folder();
	mode_t before = umask(027);
	assert_ok(write_to(path_of("report"), write_new), &err);
	umask(before);
	assert_int_equal(stat(path_of("report"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	remove_folder();
}

CASE(a_folder_that_is_not_there)
{
	make_folder();
	assert_fails(write_to(path_of("absent/report"), write_new), IMP_E_SYSTEM,
		     "absent/report: No such file", &err);
	remove_folder();
}

CASE(devices_are_written_in_place)
{
	struct stat st;

	assert_ok(write_to("/dev/null", write_new), &err);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

CASE(a_full_device_is_an_error_of_the_system)
{
	assert_fails(write_to("/dev/full", write_new), IMP_E_SYSTEM, "/dev/full", &err);
	assert_fails(write_to("/dev/full", write_much), IMP_E_SYSTEM, "/dev/full", &err);
}

/* Standard output is PATH while WHAT runs. */
static int with_stdout(int fd, int (*what)(void))
{
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);

	dup2(fd, STDOUT_FILENO);
	close(fd);
	int rc = what();
	/* What could not be written must not come out later. */
	fflush(stdout);
	clearerr(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	return rc;
}

static int write_new_to_stdout(void)
{
	return write_to(NULL, write_new);
}

static int write_much_to_stdout(void)
{
	return write_to(NULL, write_much);
}

static int write_text_to_stdout(void)
{
	return imp_output_text(IMP_SLICE("text\n"), &err);
}

static int closed_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	return ends[1];
}

CASE(standard_output_that_is_full)
{
	assert_int_equal(with_stdout(open("/dev/full", O_WRONLY), write_new_to_stdout),
			 IMP_E_SYSTEM);
	assert_int_equal(with_stdout(open("/dev/full", O_WRONLY), write_much_to_stdout),
			 IMP_E_SYSTEM);
	assert_int_equal(with_stdout(open("/dev/full", O_WRONLY), write_text_to_stdout),
			 IMP_E_SYSTEM);
	assert_non_null(strstr(err.message, "standard output"));
}

CASE(standard_output_that_nobody_reads)
{
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(with_stdout(closed_pipe(), write_new_to_stdout),
			 IMP_E_CLOSED_PIPE);
	assert_int_equal(with_stdout(closed_pipe(), write_much_to_stdout),
			 IMP_E_CLOSED_PIPE);
	assert_int_equal(with_stdout(closed_pipe(), write_text_to_stdout),
			 IMP_E_CLOSED_PIPE);
}

CASE(one_output_at_most_goes_to_standard_output)
{
	static struct imp_settings settings;

	imp_settings_init(&settings);
	assert_ok(imp_outputs_check(&settings, IMP_REPORT_PROFILE, &err), &err);
	settings.output_count = 3;
	for (size_t i = 0; i < 3; i++)
		settings.outputs[i].format = imp_format_find("json");
	settings.outputs[0].file = "a";
	settings.outputs[2].file = "b";
	assert_ok(imp_outputs_check(&settings, IMP_REPORT_PROFILE, &err), &err);
	settings.outputs[2].file = NULL;
	assert_fails(imp_outputs_check(&settings, IMP_REPORT_PROFILE, &err), IMP_E_USAGE,
		     "2 outputs on standard output", &err);
	assert_non_null(strstr(err.hint, "-o json="));
}

CASE(a_format_without_such_a_report_is_refused)
{
	static struct imp_settings settings;

	imp_settings_init(&settings);
	settings.output_count = 1;
	settings.outputs[0].format = imp_format_find("markdown");
	assert_ok(imp_outputs_check(&settings, IMP_REPORT_DIFF, &err), &err);
	assert_fails(imp_outputs_check(&settings, IMP_REPORT_PROFILE, &err), IMP_E_USAGE,
		     "no profile as markdown", &err);
	assert_non_null(strstr(err.hint, " json"));
}
