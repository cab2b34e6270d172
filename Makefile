# The door to building, checking and installing; the work is in the parts.
# SPDX-License-Identifier: GPL-2.0-only
#
#   make              the module for KVER (default: the running kernel) and the tools
#   make build-all    the module for every installed 6.1 and 6.12, warnings = failure
#   make check        everything: build, style, unit, scenarios; what CI runs
#   make explore [DEPTH=quick|deep]     every order of events on two nodes
#   make cluster      the cluster manager: haclusterd, hactl, what they run
#   make cluster-net  haclusterd on real corosync, nodes in network namespaces
#   make cluster-sim [RUNS=20] [SEED=1]    the cluster manager's core, simulated
#   make vm [T=name] [KERNEL=6.1|6.12|all]     scenarios in virtual machines
#   make policy-cases DIR=folder     the policy engine beside the cases of a folder
#   make fuzz [SECONDS=20] [T="wire meta"]    fuzz what reads untrusted bytes
#   make power [ROUNDS=N] [SEED=N] [FAST=1]     power losses under User Mode Linux
#   make soak [MINUTES=N] [SEED=N] [FAST=1]     random operations and faults, likewise
#   make bench [QUICK=1] [KERNEL=6.1|6.12] [SMP=1] [DOC=1]    figures beside others'
#   make demo         two machines, one of them is killed
#   make demo-cluster    three machines: MariaDB, HAProxy, the active one is lost
#   make install [DESTDIR=] [KVER=]

KVER	?= $(shell scripts/kernels --default)
DESTDIR	?=
KERNEL	?= all
T	?=
DEPTH	?= quick

moddir	 = $(DESTDIR)/lib/modules/$(KVER)/updates

all: module tools

module:
	scripts/build-module $(KVER)

build-all:
	scripts/build-module --strict $$(scripts/kernels)

tools:
	+$(if $(wildcard tools/Makefile),$(MAKE) --no-print-directory -C tools,@echo "tools: none yet")

cluster:
	+$(MAKE) --no-print-directory -C cluster

cluster-net: cluster
	tests/cluster-net/services.py $(if $(T),-k "$(T)")

unit: unit-kernel unit-tools unit-policy unit-cluster unit-exec unit-daemon unit-watchd

unit-kernel:
	+$(MAKE) --no-print-directory -C tests/unit check

unit-tools:
	+$(MAKE) --no-print-directory -C tests/unit-tools check

unit-policy:
	+$(MAKE) --no-print-directory -C tests/policy check $(if $(DIR),DIR="$(abspath $(DIR))")

unit-cluster:
	+$(MAKE) --no-print-directory -C tests/unit-cluster check

unit-exec unit-daemon unit-watchd: unit-%:
	+$(MAKE) --no-print-directory -C cluster/$* check

policy-cases:
	+$(MAKE) --no-print-directory -C tests/policy cases DIR="$(abspath $(DIR))"

fuzz:
	+$(MAKE) --no-print-directory -C tests/fuzz check $(if $(T),T="$(T)")

style:
	scripts/style

explore:
	+tests/explore/run.py --depth $(DEPTH)

cluster-sim:
	+tests/cluster-sim/run.py $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED))

vm:
	tests/vm/runner.py --kernel $(KERNEL) $(if $(T),-k $(T))

power:
	FAST=$(FAST) scripts/power $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

soak:
	FAST=$(FAST) scripts/soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

bench: setup-bench
	scripts/bench $(if $(SCALE),--scale) --kernel $(or $(filter 6.1 6.12,$(KERNEL)),6.12) \
		$(if $(QUICK),--quick) $(if $(SMP),--smp $(SMP)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DOC),--document)

demo: setup-demo
	scripts/demo

demo-cluster: setup-demo-cluster
	scripts/demo-cluster

setup-demo-cluster:
	scripts/setup build demo demo-cluster

setup setup-demo:
	scripts/setup $(or $(patsubst setup-%,build %,$(filter setup-%,$@)),all)

setup-bench:
	scripts/setup build demo bench

check:
	scripts/check

install: install-module install-tools install-cluster

install-module: module
	install -D -m 644 build/$(KVER)/ha.ko $(moddir)/ha.ko
	$(if $(DESTDIR),,depmod $(KVER))

install-tools: tools
	scripts/install-tools "$(DESTDIR)"

install-cluster: cluster
	+$(MAKE) --no-print-directory -C cluster/exec install DESTDIR="$(DESTDIR)"
	scripts/install-cluster "$(DESTDIR)"

clean:
	rm -rf build
	+$(if $(wildcard tools/Makefile),$(MAKE) --no-print-directory -C tools clean)
	+$(MAKE) --no-print-directory -C cluster clean
	+for dir in tests/unit tests/unit-tools tests/policy; do \
		[ ! -e $$dir/Makefile ] || $(MAKE) -C $$dir clean || exit; done

.PHONY: all module build-all tools unit unit-kernel unit-tools unit-policy \
	unit-cluster unit-exec unit-daemon unit-watchd \
	policy-cases cluster cluster-net cluster-sim fuzz style vm install-cluster \
	power soak explore demo demo-cluster bench \
	setup setup-demo setup-demo-cluster setup-bench check install install-module install-tools clean
