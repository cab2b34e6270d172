/* SPDX-License-Identifier: GPL-2.0-only */
/* A device that only writes down what is done to it. */
#ifndef FAKE_DOG_H
#define FAKE_DOG_H

#include <stdbool.h>

struct fake_dog {
	unsigned int opened, fed, disarmed, timeout, least;
	bool stubborn;	/* cannot be stopped */
};

extern struct fake_dog fake_dog;

#endif
