/* Engines behind a socket (formats.md 7.10), played by a thread. */
#include "case.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "archive_fixture.h"

/* Answers one request with BYTES and hangs up. */
struct engine {
	int listening;
	struct imp_slice head, body;
	char request[1024]; /* its first line */
	pthread_t thread;
};

struct world {
	struct fixture_run run;
	struct fixture_image image;
	struct imp_strbuf tar;
	struct engine engine;
};

static void send_all(int fd, struct imp_slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		bytes = imp_slice_skip(bytes, (size_t)n);
	}
}

static void *serve(void *user)
{
	struct engine *engine = user;
	int fd = accept(engine->listening, NULL, NULL);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, engine->request, sizeof(engine->request) - 1);
	engine->request[n > 0 ? n : 0] = '\0';
	*strchrnul(engine->request, '\r') = '\0';
	send_all(fd, engine->head);
	send_all(fd, engine->body);
	close(fd);
	return NULL;
}

static void listen_at(struct world *world, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct engine *engine = &world->engine;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", world->run.folder,
		 name);
	engine->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(engine->listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(engine->listening, 1), 0);
	assert_int_equal(pthread_create(&engine->thread, NULL, serve, engine), 0);
}

static void start(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->engine.listening = -1;
	fixture_image_make(&world->image, &(struct fixture_spec){.seed = "one"});
	fixture_run_start(&world->run);
}

static void start_engine(struct world *world, const char *head, struct imp_slice body)
{
	world->engine.head = imp_slice_of(head);
	world->engine.body = body;
	listen_at(world, "engine.sock");
	fixture_set(&world->run, "DOCKER_HOST",
		    fixture_text("unix://%s/engine.sock", world->run.folder));
}

static void finish(struct world *world)
{
	if (world->engine.listening >= 0) {
		shutdown(world->engine.listening, SHUT_RDWR);
		pthread_join(world->engine.thread, NULL);
		close(world->engine.listening);
	}
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->image);
	imp_strbuf_finish(&world->tar);
}

#define OK_HEAD \
	"HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n" \
	"Connection: close\r\n\r\n"

CASE(image_of_an_engine)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	start_engine(&world, OK_HEAD, imp_strbuf_slice(&world.tar));
	assert_ok(fixture_open(&world.run, "docker-daemon:x:y"), &world.run.err);
	assert_true(imp_source_is_one_pass(world.run.source));
	fixture_expect_layers(&world.run, 0, &world.image);
	assert_string_equal(world.engine.request,
			    "GET /images/docker.io/library/x:y/get HTTP/1.1");
	finish(&world);
}

CASE(image_of_an_engine_by_its_id)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, NULL);
	start_engine(&world, OK_HEAD, imp_strbuf_slice(&world.tar));
	assert_ok(fixture_open(&world.run, "docker-daemon:sha256:0123456789ab"),
		  &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	assert_string_equal(world.engine.request,
			    "GET /images/sha256:0123456789ab/get HTTP/1.1");
	finish(&world);
}

CASE(image_that_the_engine_lacks)
{
	struct world world;

	start(&world);
	start_engine(&world, "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n",
		     IMP_SLICE("{\"message\":\"reference does not exist\"}\n"));
	assert_fails(
		fixture_open(&world.run, "docker-daemon:x"), IMP_E_NOT_FOUND,
		"docker-daemon:x: the engine has no such image: reference does not exist",
		&world.run.err);
	finish(&world);
}

CASE(engine_that_refuses_without_words)
{
	struct world world;

	start(&world);
	start_engine(&world, "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n",
		     IMP_SLICE("<html>"));
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_NETWORK,
		     "the engine refuses: status 500", &world.run.err);
	finish(&world);
}

CASE(engine_that_fails_in_the_middle)
{
	struct world world;

	start(&world);
	fixture_add_docker_files(&world.tar, &world.image, "");
	imp_strbuf_add_text(&world.tar, "{\"message\":\"disk full\"}\n");
	start_engine(&world, OK_HEAD, imp_strbuf_slice(&world.tar));
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_FORMAT,
		     "damaged tar", &world.run.err);
	finish(&world);
}

CASE(engine_that_hangs_up)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	start_engine(&world, "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n",
		     imp_strbuf_slice(&world.tar));
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_NETWORK,
		     "the connection broke", &world.run.err);
	finish(&world);
}

CASE(no_engine_listens)
{
	struct world world;

	start(&world);
	fixture_set(&world.run, "DOCKER_HOST",
		    fixture_text("unix://%s/none.sock", world.run.folder));
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_SYSTEM,
		     "no docker engine listens at", &world.run.err);
	assert_non_null(strstr(world.run.err.hint, "docker save"));
	finish(&world);
}

CASE(socket_that_nobody_serves)
{
	struct world world;

	start(&world);
	start_engine(&world, "", IMP_SLICE(""));
	shutdown(world.engine.listening, SHUT_RDWR);
	pthread_join(world.engine.thread, NULL);
	close(world.engine.listening);
	world.engine.listening = -1;
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_NETWORK,
		     "engine.sock: connection refused", &world.run.err);
	finish(&world);
}

CASE(engine_elsewhere_is_not_asked)
{
	struct world world;

	start(&world);
	fixture_set(&world.run, "DOCKER_HOST", "ssh://somebody@example.org");
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_UNSUPPORTED,
		     "at ssh", &world.run.err);
	assert_null(strstr(world.run.err.message, "somebody"));
	finish(&world);
}

/* ~/.docker/contexts/meta/<sha256 of the name>/meta.json */
static void save_context(struct world *world, const char *name)
{
	struct imp_digest digest;

	imp_digest_of(IMP_DIGEST_SHA256, imp_slice_of(name), &digest);
	fixture_save_text(
		&world->run,
		fixture_text("docker/contexts/meta/%s/meta.json", fixture_hex(&digest)),
		fixture_text("{\"Name\":\"%s\",\"Endpoints\":{\"docker\":{\"Host\":"
			     "\"unix://%s/context.sock\"}}}",
			     name, world->run.folder));
	fixture_set(&world->run, "DOCKER_CONFIG",
		    fixture_text("%s/docker", world->run.folder));
}

static void expect_context(struct world *world)
{
	fixture_docker_archive(&world->tar, &world->image, "x");
	world->engine.head = IMP_SLICE(OK_HEAD);
	world->engine.body = imp_strbuf_slice(&world->tar);
	listen_at(world, "context.sock");
	assert_ok(fixture_open(&world->run, "docker-daemon:x"), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->image);
}

CASE(context_by_the_environment)
{
	struct world world;

	start(&world);
	save_context(&world, "remote");
	fixture_set(&world.run, "DOCKER_CONTEXT", "remote");
	expect_context(&world);
	finish(&world);
}

CASE(context_by_docker_s_configuration)
{
	struct world world;

	start(&world);
	save_context(&world, "remote");
	fixture_save_text(&world.run, "docker/config.json",
			  "{\"auths\":{},\"currentContext\":\"remote\"}");
	expect_context(&world);
	finish(&world);
}

CASE(context_that_there_is_not)
{
	struct world world;

	start(&world);
	save_context(&world, "remote");
	fixture_set(&world.run, "DOCKER_CONTEXT", "local");
	assert_fails(fixture_open(&world.run, "docker-daemon:x"), IMP_E_USAGE,
		     "docker context local: no such context", &world.run.err);
	finish(&world);
}

CASE(default_context_is_docker_s_usual_socket)
{
	struct world world;

	start(&world);
	save_context(&world, "remote");
	fixture_set(&world.run, "DOCKER_CONTEXT", "default");
	/* Whether an engine listens there is up to the machine; if so it lacks this. */
	assert_int_not_equal(fixture_open(&world.run, "docker-daemon:imgprof-test/none"),
			     0);
	assert_null(strstr(world.run.err.message, "context"));
	finish(&world);
}

CASE(podman_below_the_runtime_folder)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "localhost/x:latest");
	assert_int_equal(mkdir(fixture_text("%s/podman", world.run.folder), 0700), 0);
	world.engine.head = IMP_SLICE(OK_HEAD);
	world.engine.body = imp_strbuf_slice(&world.tar);
	listen_at(&world, "podman/podman.sock");
	fixture_set(&world.run, "XDG_RUNTIME_DIR", world.run.folder);
	assert_ok(fixture_open(&world.run, "podman:localhost/x"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	assert_string_equal(world.engine.request,
			    "GET /images/localhost/x:latest/get HTTP/1.1");
	finish(&world);
}

CASE(podman_by_the_environment)
{
	struct world world;

	start(&world);
	fixture_set(&world.run, "CONTAINER_HOST",
		    fixture_text("unix://%s/none.sock", world.run.folder));
	assert_fails(fixture_open(&world.run, "podman:x"), IMP_E_SYSTEM,
		     "no podman engine listens at", &world.run.err);
	finish(&world);
}
