/* SPDX-License-Identifier: GPL-2.0-only */
/* Times and colours as people read them, and access to replies. */
#ifndef HACTL_TEXT_H
#define HACTL_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_SIZE	32

#define BOLD	"\033[1m"
#define RED	"\033[31m"
#define GREEN	"\033[32m"
#define YELLOW	"\033[33m"
#define RESET	"\033[0m"

/**
 * text_age() - a length of time, as "3d04h", "1h12m", "12m", "45s"
 */
const char *text_age(int64_t ms, char text[TEXT_SIZE]);

/**
 * text_seconds() - as "2.4 s", rounded up: nothing is promised too short
 */
const char *text_seconds(int64_t ms, char text[TEXT_SIZE]);

/**
 * text_clock() - local time as "14:20", or with milliseconds
 */
const char *text_clock(int64_t ms, bool exact, char text[TEXT_SIZE]);

/**
 * text_paint() - print in a colour, if there are colours
 */
void text_paint(FILE *out, bool colour, const char *with, const char *text);

/**
 * text_trimmed() - print lines without the blanks at their ends
 * @text: is taken apart
 */
void text_trimmed(char *text, FILE *out);

/* Members of replies; what is missing is "", 0 or an empty array. */
const char *get_text(const json_t *object, const char *key);
int64_t get_number(const json_t *object, const char *key);
bool get_flag(const json_t *object, const char *key);
const json_t *get_list(const json_t *object, const char *key);

/**
 * text_join() - print the strings of an array with something between
 */
void text_join(FILE *out, const json_t *list, const char *between);

#endif
