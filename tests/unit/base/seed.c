#include "case.h"

#include <sys/wait.h>
#include <unistd.h>

#include "imgprof/map.h"

/* The seed that a process draws that has none yet. */
static uint64_t seed_of_child(void)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		uint64_t seed = imp_hash_seed();
		_exit(write(ends[1], &seed, sizeof(seed)) != (ssize_t)sizeof(seed));
	}
	close(ends[1]);
	uint64_t seed = 0;
	assert_int_equal(read(ends[0], &seed, sizeof(seed)), sizeof(seed));
	close(ends[0]);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return seed;
}

/* A program of its own: its parent must not have drawn a seed that the children inherit. */
CASE(seed_differs_between_processes)
{
	uint64_t first = seed_of_child();
	uint64_t second = seed_of_child();
	assert_true(first != second);
}
