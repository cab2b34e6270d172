// SPDX-License-Identifier: GPL-2.0-only
/* A result as JSON. Pure. */
#include "exec.h"

json_t *ex_result_json(const struct ex_result *result)
{
	const char *word = ex_code_word(result->code);
	json_t *object = json_object();

	json_object_set_new(object, "code", json_integer(result->code));
	json_object_set_new(object, "code_word",
			    word ? json_string(word) : json_null());
	json_object_set_new(object, "end",
			    json_string(ex_end_word(result->end)));
	json_object_set_new(object, "verdict",
			    json_string(ex_verdict_word(result->verdict)));
	json_object_set_new(object, "role",
			    json_string(ex_role_word(result->role)));
	json_object_set_new(object, "reason", json_string(result->reason));
	json_object_set_new(object, "output", json_string(result->output));
	json_object_set_new(object, "duration_ms",
			    json_integer(result->duration_ms));
	if (result->facts)
		json_object_set(object, "facts", result->facts);
	return object;
}
