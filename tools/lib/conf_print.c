// SPDX-License-Identifier: GPL-2.0-only
/* Writing the model as a configuration file, all inheritance resolved. */
#include "address.h"
#include "conf.h"
#include "util.h"

static void print_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void print_options(const struct ha_values *values, const int *ids,
			  unsigned int n, FILE *out)
{
	char text[64];

	for (unsigned int i = 0; i < n; i++) {
		const struct ha_option *opt = &ha_options[ids[i]];

		if (!(values->set & (1u << ids[i])))
			continue;
		ha_option_format(opt, values->value[ids[i]], text,
				 sizeof(text));
		fprintf(out, "\t\t%s %s;\n", opt->name, text);
	}
}

static bool any_set(const struct ha_values *values, const int *ids,
		    unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (values->set & (1u << ids[i]))
			return true;
	return false;
}

static void print_settings(const struct ha_conf_settings *settings, FILE *out)
{
	static const int options[] = {
		HA_OPT_ON_NO_DATA, HA_OPT_FENCING, HA_OPT_TRUST_BUFFERS,
	};
	static const int disk[] = { HA_OPT_ON_IO_ERROR, HA_OPT_RESYNC_RATE };
	static const int net[] = {
		HA_OPT_TIMEOUT, HA_OPT_PING_INTERVAL, HA_OPT_PING_TIMEOUT,
		HA_OPT_CONNECT_INTERVAL, HA_OPT_KO_COUNT, HA_OPT_DATA_STREAMS,
		HA_OPT_AFTER_SB_0PRI, HA_OPT_AFTER_SB_1PRI, HA_OPT_AFTER_SB_2PRI,
	};
	const struct ha_values *values = &settings->values;

	if (any_set(values, options, ARRAY_SIZE(options))) {
		fputs("\toptions {\n", out);
		print_options(values, options, ARRAY_SIZE(options), out);
		fputs("\t}\n", out);
	}
	fputs("\tnet {\n", out);
	if (settings->auth_none) {
		fputs("\t\tauth none;\n", out);
	} else if (settings->secret) {
		fputs("\t\tshared-secret ", out);
		print_string(out, settings->secret);
		fputs(";\n", out);
	}
	print_options(values, net, ARRAY_SIZE(net), out);
	fputs("\t}\n", out);
	if (any_set(values, disk, ARRAY_SIZE(disk))) {
		fputs("\tdisk {\n", out);
		print_options(values, disk, ARRAY_SIZE(disk), out);
		fputs("\t}\n", out);
	}
	if (!settings->n_handlers)
		return;
	fputs("\thandlers {\n", out);
	for (unsigned int i = 0; i < settings->n_handlers; i++) {
		fprintf(out, "\t\t%s ", settings->handlers[i].name);
		print_string(out, settings->handlers[i].command);
		fputs(";\n", out);
	}
	fputs("\t}\n", out);
}

static void print_host(const struct ha_conf_host *host, FILE *out)
{
	char address[HA_ADDRESS_TEXT];

	ha_address_format(&host->address, address);
	fprintf(out, "\ton %s {\n\t\tnode-id %d;\n\t\tdevice /dev/ha%d;\n",
		host->name, host->node_id, host->minor);
	fputs("\t\tdisk ", out);
	print_string(out, host->disk);
	fputs(";\n\t\tmeta-disk ", out);
	if (host->meta_disk)
		print_string(out, host->meta_disk);
	else
		fputs("internal", out);
	fprintf(out, ";\n\t\taddress %s%s;\n\t}\n",
		host->address.ss_family == AF_INET6 ? "ipv6 " : "", address);
}

void ha_conf_print_resource(const struct ha_conf_resource *res, FILE *out)
{
	fprintf(out, "resource %s {\n\tprotocol C;\n", res->name);
	print_settings(&res->settings, out);
	for (unsigned int i = 0; i < res->n_hosts; i++)
		print_host(&res->hosts[i], out);
	fputs("}\n", out);
}

void ha_conf_print(const struct ha_conf *conf, FILE *out)
{
	for (unsigned int i = 0; i < conf->n_resources; i++) {
		if (i)
			fputc('\n', out);
		ha_conf_print_resource(&conf->resources[i], out);
	}
}
