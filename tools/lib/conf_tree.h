/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration as written: statements of words with their places.  What
 * the words mean is the business of conf_build.c.
 */
#ifndef HA_CONF_TREE_H
#define HA_CONF_TREE_H

#include <stdbool.h>
#include <stdio.h>

#define CONF_ERRORS_MAX	10

/**
 * struct conf_place - where something is written
 * @file: owned by the configuration that was loaded
 */
struct conf_place {
	const char *file;
	unsigned int line, column;
};

/**
 * struct conf_errors - what is wrong, the first ten of it
 */
struct conf_errors {
	char *text[CONF_ERRORS_MAX];
	unsigned int count;
};

void conf_error(struct conf_errors *errors, const struct conf_place *place,
		const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void conf_errors_print(const struct conf_errors *errors, FILE *out);
void conf_errors_free(struct conf_errors *errors);

/**
 * struct conf_word - one word of a statement
 * @before: blanks and comments that precede it, if they are kept
 * @quoted: it was written as a string
 */
struct conf_word {
	char *text;
	char *before;
	bool quoted;
	struct conf_place place;
	struct conf_word *next;
};

/**
 * struct conf_node - a statement: "words;" or "words { children }"
 * @before_end: blanks and comments before the ';' or '{', if they are kept
 * @before_close: likewise before the '}'
 */
struct conf_node {
	struct conf_word *words;
	char *before_end, *before_close;
	bool block;
	struct conf_node *children;
	struct conf_node *next;
};

/**
 * struct conf_parser - one file being parsed
 * @in: what is read
 * @place: of the token being read
 * @token: its text, for messages
 * @column: where the next token begins
 * @string: contents of the string being read
 * @keep: blanks and comments are kept
 * @blank: those read since the last token, @blank_length bytes
 * @root: out, the statements
 */
struct conf_parser {
	FILE *in;
	struct conf_errors *errors;
	struct conf_place place;
	const char *token;
	unsigned int column;
	char *string;
	bool keep;
	char *blank;
	size_t blank_length;
	struct conf_node *root;
};

/**
 * conf_tree_parse() - parse one file; syntax errors are added to @errors
 *
 * Return: the statements that could be read.
 */
struct conf_node *conf_tree_parse(FILE *in, const char *file,
				  struct conf_errors *errors);

/**
 * conf_tree_parse_kept() - as conf_tree_parse(), and nothing is lost
 * @tail: out, the blanks and comments at the end of the file
 *
 * What conf_tree_print() writes of the result is the file, byte by byte, when
 * there was no error.
 */
struct conf_node *conf_tree_parse_kept(FILE *in, const char *file,
				       struct conf_errors *errors, char **tail);
void conf_tree_print(const struct conf_node *node, FILE *out);
void conf_tree_free(struct conf_node *node);

/* For the grammar only. */
struct conf_word *conf_word_append(struct conf_word *list,
				   struct conf_word *word);
struct conf_node *conf_node_append(struct conf_node *list,
				   struct conf_node *node);
struct conf_node *conf_node_new(struct conf_word *words, bool block,
				struct conf_node *children);
struct conf_node *conf_node_close(struct conf_node *node, char *before_end,
				  char *before_close);
void conf_words_free(struct conf_word *word);

#endif
