/* SPDX-License-Identifier: GPL-2.0-only */
/* The grammar: a statement is words and then ';' or a block of statements. */
%define api.pure full
%define api.prefix {conf_yy}
%param { void *scanner }
%parse-param { struct conf_parser *parser }

%code requires {
#include "conf_tree.h"
}

%union {
	struct conf_word *word;
	struct conf_node *node;
	char *text;
}

%token <word> WORD
%token <text> ';' '{' '}'
%type <word> words
%type <node> statement statements
%destructor { conf_words_free($$); } <word>
%destructor { conf_tree_free($$); } <node>
%destructor { free($$); } <text>

%code {
#include <stdlib.h>
#include <string.h>

#include "conf_lex.h"

static void conf_yyerror(void *scanner, struct conf_parser *parser,
			 const char *msg)
{
	(void)scanner;
	if (strcmp(msg, "syntax error"))
		conf_error(parser->errors, &parser->place, "%s", msg);
	else if (!parser->token)
		conf_error(parser->errors, &parser->place,
			   "unexpected end of the file: a '}' or ';' is missing");
	else
		conf_error(parser->errors, &parser->place,
			   "unexpected '%s'", parser->token);
}
}

%%

file: statements			{ parser->root = $1; }
    ;

statements: %empty			{ $$ = NULL; }
	  | statements statement	{ $$ = conf_node_append($1, $2); }
	  ;

statement: words ';'			{
						$$ = conf_node_new($1, false, NULL);
						conf_node_close($$, $2, NULL);
					}
	 | words '{' statements '}'	{
						$$ = conf_node_new($1, true, $3);
						conf_node_close($$, $2, $4);
					}
	 | error ';'			{ $$ = NULL; free($2); }
	 | error '}'			{ $$ = NULL; free($2); }
	 ;

words: WORD				{ $$ = $1; }
     | words WORD			{ $$ = conf_word_append($1, $2); }
     ;

%%

static struct conf_node *parse(FILE *in, const char *file,
			       struct conf_errors *errors, bool keep,
			       char **tail)
{
	struct conf_parser parser = {
		.in = in,
		.errors = errors,
		.place = { .file = file, .line = 1, .column = 1 },
		.column = 1,
		.keep = keep,
	};
	yyscan_t scanner;

	if (conf_yylex_init_extra(&parser, &scanner)) {
		conf_error(errors, &parser.place, "out of memory");
		return NULL;
	}
	conf_yyset_in(in, scanner);
	conf_yyparse(scanner, &parser);
	conf_yylex_destroy(scanner);
	if (tail)
		*tail = parser.blank;
	else
		free(parser.blank);
	return parser.root;
}

struct conf_node *conf_tree_parse(FILE *in, const char *file,
				  struct conf_errors *errors)
{
	return parse(in, file, errors, false, NULL);
}

struct conf_node *conf_tree_parse_kept(FILE *in, const char *file,
				       struct conf_errors *errors, char **tail)
{
	return parse(in, file, errors, true, tail);
}
