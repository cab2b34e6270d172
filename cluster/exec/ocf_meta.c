// SPDX-License-Identifier: GPL-2.0-only
/* Reads the XML that agents print about themselves. Pure. */
#include <ctype.h>
#include <errno.h>
#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ocf_meta.h"
#include "util.h"

#define TEXT_MAX	4096
#define LIST_MAX	1000

/**
 * struct reader - state of the parser
 * @target: where the text of the element under way goes, or NULL
 * @text: what came of it
 */
struct reader {
	struct ocf_meta *meta;
	XML_Parser parser;
	int depth;
	bool in_param, refused;
	const char *what;
	char **target;
	char text[TEXT_MAX];
	size_t text_len;
};

int64_t ocf_time(const char *text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "", 1000 }, { "s", 1000 }, { "sec", 1000 }, { "ms", 1 },
		{ "msec", 1 }, { "m", 60000 }, { "min", 60000 },
		{ "h", 3600000 }, { "hr", 3600000 },
	};
	char *end;
	long long value;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || value > INT_MAX)
		return -1;
	end += strspn(end, " ");
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(end, units[i].name))
			return value * units[i].ms;
	return -1;
}

static const char *attribute(const char **attrs, const char *name)
{
	for (; *attrs; attrs += 2)
		if (!strcmp(attrs[0], name))
			return attrs[1];
	return NULL;
}

static bool truth(const char *value)
{
	return value && (!strcmp(value, "1") || !strcmp(value, "true") ||
			 !strcmp(value, "yes"));
}

static void refuse(struct reader *reader, const char *what)
{
	if (!reader->refused)
		reader->what = what;
	reader->refused = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void begin_param(struct reader *reader, const char **attrs)
{
	struct ocf_meta *meta = reader->meta;
	const char *name = attribute(attrs, "name");
	struct ocf_meta_param *param;

	if (!name || !*name || meta->n_params == LIST_MAX) {
		refuse(reader, "a parameter without name, or too many");
		return;
	}
	meta->params = xreallocarray(meta->params, meta->n_params + 1,
				     sizeof(*meta->params));
	param = &meta->params[meta->n_params++];
	*param = (struct ocf_meta_param){
		.name = xstrdup(name), .type = xstrdup("string"),
		.required = truth(attribute(attrs, "required")),
		.unique = truth(attribute(attrs, "unique")) ||
			  attribute(attrs, "unique-group"),
		.deprecated = truth(attribute(attrs, "deprecated")),
		.reloadable = truth(attribute(attrs, "reloadable")),
	};
	reader->in_param = true;
}

static int64_t time_of(const char **attrs, const char *name)
{
	const char *value = attribute(attrs, name);

	return value ? ocf_time(value) : -1;
}

static void take_action(struct reader *reader, const char **attrs)
{
	struct ocf_meta *meta = reader->meta;
	const char *name = attribute(attrs, "name");
	const char *role = attribute(attrs, "role");
	const char *depth = attribute(attrs, "depth");

	if (!name || !*name || meta->n_actions == LIST_MAX) {
		refuse(reader, "an action without name, or too many");
		return;
	}
	meta->actions = xreallocarray(meta->actions, meta->n_actions + 1,
				      sizeof(*meta->actions));
	meta->actions[meta->n_actions++] = (struct ocf_meta_action){
		.name = xstrdup(name), .role = role ? xstrdup(role) : NULL,
		.timeout_ms = time_of(attrs, "timeout"),
		.interval_ms = time_of(attrs, "interval"),
		.depth = depth ? atoi(depth) : 0,
	};
}

static void take_text_into(struct reader *reader, char **target)
{
	reader->target = *target ? NULL : target;	/* the first language */
	reader->text_len = 0;
}

static void begin_inner(struct reader *reader, const char *name,
			const char **attrs)
{
	struct ocf_meta *meta = reader->meta;
	struct ocf_meta_param *param = reader->in_param ?
		&meta->params[meta->n_params - 1] : NULL;
	const char *value;

	if (param && !strcmp(name, "content")) {
		value = attribute(attrs, "type");
		if (value)
			ha_replace(&param->type, value);
		value = attribute(attrs, "default");
		if (value)
			ha_replace(&param->preset, value);
	} else if (param && !strcmp(name, "deprecated")) {
		param->deprecated = true;
	} else if (!strcmp(name, "shortdesc")) {
		take_text_into(reader, param ? &param->text : &meta->text);
	} else if (!param && !strcmp(name, "version")) {
		take_text_into(reader, &meta->version);
	} else if (!param && !strcmp(name, "action")) {
		take_action(reader, attrs);
	}
}

static void on_begin(void *arg, const char *name, const char **attrs)
{
	struct reader *reader = arg;
	const char *value;

	if (reader->depth++ == 0) {
		value = attribute(attrs, "name");
		if (strcmp(name, "resource-agent"))
			refuse(reader, "it is not a <resource-agent>");
		else
			reader->meta->name = xstrdup(value ? value : "");
		value = attribute(attrs, "shortdesc");	/* fence agents */
		if (value)
			ha_replace(&reader->meta->text, value);
	} else if (!strcmp(name, "parameter")) {
		begin_param(reader, attrs);
	} else {
		begin_inner(reader, name, attrs);
	}
}

static void on_text(void *arg, const char *text, int length)
{
	struct reader *reader = arg;
	size_t room = TEXT_MAX - 1 - reader->text_len;
	size_t part = (size_t)length < room ? (size_t)length : room;

	if (!reader->target)
		return;
	memcpy(reader->text + reader->text_len, text, part);
	reader->text_len += part;
}

static void on_end(void *arg, const char *name)
{
	struct reader *reader = arg;
	char *text = reader->text;

	reader->depth--;
	if (!strcmp(name, "parameter"))
		reader->in_param = false;
	if (!reader->target)
		return;
	while (reader->text_len &&
	       isspace((unsigned char)text[reader->text_len - 1]))
		reader->text_len--;
	text[reader->text_len] = '\0';
	*reader->target = xstrdup(text + strspn(text, " \t\n"));
	reader->target = NULL;
}

/* No agent declares entities; who does is after our memory. */
static void on_entity(void *arg, const XML_Char *name, int is_parameter,
		      const XML_Char *value, int length, const XML_Char *base,
		      const XML_Char *system, const XML_Char *public,
		      const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)length, (void)base;
	(void)system, (void)public, (void)notation;
	refuse(arg, "it declares an entity");
}

int ocf_meta_parse(const char *xml, size_t length, struct ocf_meta *meta,
		   char **error)
{
	struct reader reader = { .meta = meta };
	XML_Parser parser = XML_ParserCreate(NULL);
	bool good;

	memset(meta, 0, sizeof(*meta));
	if (!parser || length > INT_MAX)
		abort();
	reader.parser = parser;
	XML_SetUserData(parser, &reader);
	XML_SetElementHandler(parser, on_begin, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetEntityDeclHandler(parser, on_entity);
	good = XML_Parse(parser, xml, length, XML_TRUE) == XML_STATUS_OK;
	if (!good) {
		*error = xasprintf("meta-data, line %lu: %s",
				   (unsigned long)XML_GetCurrentLineNumber(parser),
				   reader.refused ? reader.what :
				   XML_ErrorString(XML_GetErrorCode(parser)));
		ocf_meta_free(meta);
	}
	XML_ParserFree(parser);
	return good ? 0 : -EBADMSG;
}

void ocf_meta_free(struct ocf_meta *meta)
{
	for (size_t i = 0; i < meta->n_params; i++) {
		free(meta->params[i].name);
		free(meta->params[i].type);
		free(meta->params[i].preset);
		free(meta->params[i].text);
	}
	for (size_t i = 0; i < meta->n_actions; i++) {
		free(meta->actions[i].name);
		free(meta->actions[i].role);
	}
	free(meta->params);
	free(meta->actions);
	free(meta->name);
	free(meta->version);
	free(meta->text);
	memset(meta, 0, sizeof(*meta));
}

const struct ocf_meta_param *ocf_meta_param(const struct ocf_meta *meta,
					    const char *name)
{
	for (size_t i = 0; i < meta->n_params; i++)
		if (!strcmp(meta->params[i].name, name))
			return &meta->params[i];
	return NULL;
}

const struct ocf_meta_action *ocf_meta_action(const struct ocf_meta *meta,
					      const char *name,
					      const char *role)
{
	for (size_t i = 0; i < meta->n_actions; i++) {
		const struct ocf_meta_action *action = &meta->actions[i];

		if (strcmp(action->name, name))
			continue;
		if (!role || (action->role && !strcmp(action->role, role)))
			return action;
	}
	return NULL;
}
