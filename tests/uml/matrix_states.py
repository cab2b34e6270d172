"""The images that a loss of power may leave at each moment of a recorded life."""
# SPDX-License-Identifier: GPL-2.0-only
import itertools

from matrix_damage import Damage
from matrix_log import BEGUN, MARK, image

DATA, META = (0, 2), (1, 3)
EXHAUSTIVE = 3                  # lost writes, up to which all subsets are tried
SAMPLES = 3
SITES = 2                       # of each moment, with both nodes without power


class State:
    """Images of the four devices, and each way in which a loss of power leaves them."""

    def __init__(self, images):
        self.images, self.claims, self.kinds = images, [], set()
        self.may_refuse = True
        self.young = False      # both are just created: connected, and nothing to say

    def claim(self, kind, moment, lossy, may_refuse, note):
        """lossy: a cache has lost something, so that only flushes promise anything."""
        self.claims.append((moment, lossy, note))
        self.kinds.add(kind)
        self.may_refuse = self.may_refuse and may_refuse

    def whole(self):
        """Nothing is damaged: what it leaves is what a disk may leave."""
        return not self.young and \
            not any(kind.startswith(("damaged", "stale")) for kind in self.kinds)

    def refused(self, outcome):
        """What is wrong with an outcome that is not "in sync"."""
        if not self.may_refuse:
            return "it must come in sync"
        return "" if self.young or not outcome.endswith(": ") else "no reason is given"

    def __str__(self):
        moment, _, note = self.claims[-1]
        return f"{'/'.join(sorted(self.kinds))} at event {moment} {note}"


class States:
    """All of a life, without those that equal an earlier one."""

    def __init__(self, life, random):
        self.life, self.random = life, random
        self.found = {}
        self.born = next(place for place, text in life.marks()
                         if text == "= attach and connect")
        self.begun = next(place for place, text in life.marks() if text == "= begin")
        self.sure = next(place for place, text in life.marks() if text == "= in sync")

    def all(self):
        for moment in range(self.born, len(self.life.events)):
            kind, device, write = self.life.events[moment - 1]
            if kind == MARK or not write.blocks:
                continue
            self.plain(moment)
            for node in (0, 1):
                self.dropped(moment, node)
            for _ in range(SITES):
                self.site(moment)
            if kind == BEGUN and device in META:
                self.torn(moment, device, write)
        Damage(self, self.random).all()
        return list(self.found.values())

    def add(self, kind, moment, images, lossy, note="", may_refuse=False):
        key = hash(tuple(tuple(sorted(blocks.items())) for blocks in images))
        state = self.found.setdefault(key, State(images))
        state.young = state.young or moment < self.sure
        state.claim(kind, moment, lossy, may_refuse or moment < self.sure, note)

    def images(self, moment):
        """As if every cache had been written out: what is under way is not there."""
        return [image({}, stable + cached) for stable, cached, _ in
                (self.life.at(device, moment) for device in range(4))]

    def plain(self, moment):
        self.add("prefix", moment, self.images(moment), False)

    def dropped(self, moment, node):
        """One node loses power: any part of what is not stable is lost there."""
        devices = 2 * node, 2 * node + 1
        parts = [self.life.at(device, moment) for device in devices]
        loose = [(i, w) for i, (_, cached, flying) in enumerate(parts)
                 for w in cached + flying]
        for subset in self.subsets(loose):
            images = self.images(moment)
            for i, device in enumerate(devices):
                kept = [w for j, w in subset if j == i]
                images[device] = image({}, parts[i][0] + kept)
            self.add("dropped", moment, images, True,
                     f"node{node + 1} keeps {len(subset)} of {len(loose)}")

    def site(self, moment):
        """Both lose power: what chance leaves on each of the four disks."""
        images, loose, left = [], 0, 0
        for device in range(4):
            stable, cached, flying = self.life.at(device, moment)
            share = self.random.choice((0, 0.5, 1))
            kept = [w for w in cached + flying if self.random.random() < share]
            images.append(image({}, stable + kept))
            loose, left = loose + len(cached) + len(flying), left + len(kept)
        if left < loose:
            self.add("site", moment, images, True, f"keeps {left} of {loose}")

    def subsets(self, loose):
        if len(loose) <= EXHAUSTIVE:
            return [s for n in range(len(loose) + 1)
                    for s in itertools.combinations(loose, n)]
        some = [[], loose]
        some += [[w for w in loose if self.random.random() < 0.5]
                 for _ in range(SAMPLES)]
        some.append([w for w in loose if w[0] == 1])    # data lost, metadata kept
        some.append([w for w in loose if w[0] == 0])
        until = self.random.choice(loose)[1].begun      # the one is older than the other
        for old in (0, 1):
            some.append([w for w in loose if w[0] != old or w[1].begun < until])
        return some

    def torn(self, moment, device, write):
        stable, cached, _ = self.life.at(device, moment)
        for sectors in range(1, 8):
            images = self.images(moment)
            images[device] = image({}, stable + cached + [write], (write, sectors))
            self.add("torn", moment, images, False, f"device {device}, {sectors} new")
