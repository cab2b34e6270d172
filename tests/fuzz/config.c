// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: a configuration file. Refused in words, or accepted; what was
 * accepted must be printed so that it is read back as the same.
 *
 * Includes are passed over: a fuzzer has no business with the files of its host.
 */
#include "conf.h"
#include "fuzz.h"

static struct ha_conf *load(const char *text, size_t size,
			    struct conf_errors *errors)
{
	FILE *in = size ? fmemopen((void *)text, size, "r") :
			  fopen("/dev/null", "r");
	struct ha_conf *conf = ha_conf_load("fuzz.conf", in, errors);

	fclose(in);
	return conf;
}

static void check_printed(const struct ha_conf *conf)
{
	struct conf_errors errors = { 0 };
	struct ha_conf *again;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_conf_print(conf, out);
	fclose(out);
	again = load(text, size, &errors);
	conf_errors_print(&errors, stderr);
	MUST(again);
	MUST(ha_conf_equal(conf, again));
	ha_conf_free(again);
	conf_errors_free(&errors);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = { 0 };
	struct ha_conf *conf;

	if (size > 8192 || memmem(data, size, "include", 7))
		return -1;
	conf = load((const char *)data, size, &errors);
	MUST(!conf == (errors.count > 0));
	if (conf)
		check_printed(conf);
	ha_conf_free(conf);
	conf_errors_free(&errors);
	return 0;
}
