// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module is told, and when. The module, the loop's descriptor for its events
 * and the core are made up here (the linker puts these in place of the real ones).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "config.h"
#include "devices.h"
#include "engine.h"
#include "request.h"
#include "tests.h"
#include "view.h"

#define CONFIG "cluster c {\n  format 1;\n  node n1 { id 1; link 10.0.0.1; }\n" \
	"  node n2 { id 2; link 10.0.0.2; }\n  device r0 { hadm disk; }\n}\n"

static struct {
	int fd;				/* readable: the module has news */
	struct ha_state news;
	bool gone;			/* the news is that the device is down */
	bool excluded;			/* this node, says the core */
	unsigned int orders;
	uint8_t order;
	int answer;			/* of the module, to orders */
} world;

struct ha_genl *__wrap_ha_genl_open(char **error);
void __wrap_ha_genl_close(struct ha_genl *genl);
const char *__wrap_ha_genl_error(const struct ha_genl *genl);
int __wrap_ha_genl_subscribe(struct ha_genl *genl);
int __wrap_ha_view_load(struct ha_view *view, struct ha_genl *genl);
int __wrap_ha_view_wait(struct ha_view *view, struct ha_genl *genl, int fd, int ms);
int __wrap_ha_request_send(const struct ha_request *req, struct ha_genl *genl);
void __wrap_engine_feed(struct daemon *d, const struct core_event *event);
bool __wrap_core_outdated(const struct core *core, const char *device);

struct ha_genl *__wrap_ha_genl_open(char **error)
{
	*error = NULL;
	return (struct ha_genl *)&world;
}

void __wrap_ha_genl_close(struct ha_genl *genl)
{
	(void)genl;
}

const char *__wrap_ha_genl_error(const struct ha_genl *genl)
{
	(void)genl;
	return "refused by the test";
}

int __wrap_ha_genl_subscribe(struct ha_genl *genl)
{
	(void)genl;
	return world.fd;
}

int __wrap_ha_view_load(struct ha_view *view, struct ha_genl *genl)
{
	(void)view;
	(void)genl;
	return 0;
}

int __wrap_ha_view_wait(struct ha_view *view, struct ha_genl *genl, int fd, int ms)
{
	eventfd_t count;

	(void)genl;
	(void)ms;
	if (eventfd_read(fd, &count))
		return 0;
	if (world.gone)
		ha_view_remove(view, "disk");
	else
		ha_view_put(view, &world.news);
	return 1;
}

int __wrap_ha_request_send(const struct ha_request *req, struct ha_genl *genl)
{
	(void)genl;
	assert_string_equal(req->name, "disk");
	world.orders++;
	world.order = req->kind->cmd;
	return world.answer;
}

void __wrap_engine_feed(struct daemon *d, const struct core_event *event)
{
	(void)d;
	(void)event;
}

bool __wrap_core_outdated(const struct core *core, const char *device)
{
	(void)core;
	assert_string_equal(device, "r0");
	return world.excluded;
}

struct bench {
	struct daemon d;
	struct devices *devices;
};

static void settle(struct bench *b)
{
	while (sd_event_run(b->d.event, 0) > 0)
		;
}

static void begin(struct bench *b)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("t", CONFIG, &errors);
	struct model *model = model_new(conf);

	conf_errors_free(&errors);
	memset(&world, 0, sizeof(world));
	world.fd = eventfd(0, EFD_NONBLOCK);
	*b = (struct bench){ .d = { .id = 2 } };
	assert_return_code(sd_event_new(&b->d.event), 0);
	b->devices = devices_new(&b->d);
	devices_configure(b->devices, model);
	model_put(model);
	settle(b);
}

static void end(struct bench *b)
{
	devices_free(b->devices);
	sd_event_unref(b->d.event);
	close(world.fd);
}

/* The module says how its device is now. Return: orders that it got for that. */
static unsigned int news(struct bench *b, uint32_t role, uint32_t disk,
			 uint32_t connection)
{
	unsigned int before = world.orders;

	memset(&world.news, 0, sizeof(world.news));
	strcpy(world.news.name, "disk");
	world.news.role = role;
	world.news.disk = disk;
	world.news.n_peers = 1;
	strcpy(world.news.peers[0].name, "n1");
	world.news.peers[0].connection = connection;
	eventfd_write(world.fd, 1);
	settle(b);
	return world.orders - before;
}

#define SECOND		HA_ROLE_SECONDARY
#define ALONE		HA_CONN_STATE_CONNECTING
#define TOGETHER	HA_CONN_STATE_CONNECTED

static void told_before_it_is_up(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	world.excluded = true;
	devices_answer(b.devices, "r0", 2, CORE_ANSWER_OUTDATE);
	assert_int_equal(world.orders, 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_DISKLESS, ALONE), 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_ATTACHING, ALONE), 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	assert_int_equal(world.order, HA_CMD_OUTDATE);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_OUTDATED, ALONE), 0);
	end(&b);
}

static void told_while_it_is_up(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_UPTODATE, ALONE), 0);
	world.excluded = true;
	devices_answer(b.devices, "r0", 2, CORE_ANSWER_OUTDATE);
	assert_int_equal(world.orders, 1);
	end(&b);
}

/* The module refused, because something else was under way: not the last word. */
static void refused_once(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	world.excluded = true;
	world.answer = -16;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	world.answer = 0;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	end(&b);
}

/* The peer brings it up to date; if it goes before all know, it is old again. */
static void with_its_peer(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	world.excluded = true;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, TOGETHER), 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_INCONSISTENT, TOGETHER), 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_UPTODATE, TOGETHER), 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_UPTODATE, ALONE), 1);
	world.excluded = false;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_UPTODATE, ALONE), 0);
	end(&b);
}

/* A Primary's disk is not outdated; when it has let go, it is. */
static void was_primary(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	assert_int_equal(news(&b, HA_ROLE_PRIMARY, HA_DISK_STATE_UPTODATE, ALONE), 0);
	world.excluded = true;
	devices_answer(b.devices, "r0", 2, CORE_ANSWER_OUTDATE);
	assert_int_equal(world.orders, 0);
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	end(&b);
}

/* Down and up again, with the metadata of before: an image was put back. */
static void up_again(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	world.excluded = true;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	world.gone = true;
	eventfd_write(world.fd, 1);
	settle(&b);
	world.gone = false;
	assert_int_equal(news(&b, SECOND, HA_DISK_STATE_CONSISTENT, ALONE), 1);
	end(&b);
}

int test_devices(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_before_it_is_up),
		cmocka_unit_test(told_while_it_is_up),
		cmocka_unit_test(refused_once),
		cmocka_unit_test(with_its_peer),
		cmocka_unit_test(was_primary),
		cmocka_unit_test(up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
