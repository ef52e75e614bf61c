# SPDX-License-Identifier: Apache-2.0
# The front door; Meson does the work.  `make help` lists the targets.
BUILD ?= build
SANITIZED ?= build-san
FUZZED ?= build-fuzz
PREFIX ?= /usr/local
MESON_FLAGS ?=
comma := ,
# Under the sanitizers gcc sees ghosts in these: warnings there, errors in the normal build.
GHOSTS := -Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=stringop-overflow

# A folder's own time changes when a file comes or goes: then the list of sources is stale.
LISTED := meson.build meson_options.txt tools/list-sources tools/debian-packages.txt \
    $(wildcard src/. src/*/. apps/quipu/. bench/. data/. charts/. \
    src/*/meson.build apps/meson.build)
FORMATTED = $(wildcard include/*.h include/quipu/*.h src/*/*.[ch] apps/quipu/*.[ch] bench/*.[ch] \
    bindings/r/src/*.[ch])

.PHONY: all setup setup-test setup-fuzz demo test bench fuzz docs install format lint clean help

all: setup $(BUILD)/build.ninja ## build the program: build/quipu
	@ninja -C $(BUILD) --quiet products

setup: ## install what the build needs (Debian)
	@tools/setup

# Meson's account of the machine is kept in DIR.log and shown only when it fails.
define configure
@if [ -f $(1)/build.ninja ]; then set -- --reconfigure $(1); else set -- $(1) $(2); fi; \
    meson setup "$$@" >$(1).log 2>&1 || { cat $(1).log; exit 1; }
@touch $(1)/build.ninja
endef

$(BUILD)/build.ninja: $(LISTED) | setup
	$(call configure,$(BUILD),--prefix $(PREFIX) $(MESON_FLAGS))

$(SANITIZED)/build.ninja: $(LISTED) | setup
	$(call configure,$(SANITIZED),-Db_sanitize=address$(comma)undefined -Doptimization=1 \
	    -Db_lundef=false "-Dc_args=$(GHOSTS)" $(MESON_FLAGS))

demo: all ## the study of Peru and Asia, from the tables that come with the program
	@QUIPU=$(BUILD)/quipu OUT=$(BUILD)/demo examples/demo.sh

setup-test: setup
	@tools/setup $$(grep -v '^#' tools/debian-packages-test.txt)

test: all setup-test $(SANITIZED)/build.ninja ## every test, unit tests under the sanitizers
	@tools/run-tests $(SANITIZED):unit $(BUILD):cli $(BUILD):house

bench: all ## measure speed
	@ninja -C $(BUILD) --quiet bench
	@if [ -x bench/run ]; then BUILD=$(BUILD) bench/run; \
	else echo "built: $(BUILD)/bench-*; how to run them: bench/README.md"; fi

$(FUZZED)/build.ninja: export CC = clang
$(FUZZED)/build.ninja: $(LISTED) | setup-fuzz
	$(call configure,$(FUZZED),-Dfuzz=true -Db_sanitize=address$(comma)undefined \
	    -Db_lundef=false -Doptimization=1 -Dtests=disabled -Dman=disabled \
	    -Dc_args=-fsanitize=fuzzer-no-link)

setup-fuzz:
	@tools/setup clang libclang-rt-14-dev

fuzz: $(FUZZED)/build.ninja ## build the fuzz targets with clang, into build-fuzz
	@ninja -C $(FUZZED) --quiet

docs: all ## write the reference pages of the measures again
	@$(BUILD)/quipu docs docs/measures
	@sed -i '/^<!-- From here on/q' docs/study.md
	@{ echo; $(BUILD)/quipu study --schema --format markdown; } >>docs/study.md

install: all ## install program, library, headers and man pages below PREFIX
	@meson install -C $(BUILD) --no-rebuild --quiet

format: ## lay out the C files (clang-format 14)
	@tools/setup clang-format
	@clang-format -i $(FORMATTED)

lint: all ## clang-tidy over the C files
	@tools/setup clang-tidy
	@clang-tidy -p $(BUILD) --quiet $(filter src/%.c apps/%.c,$(FORMATTED))

clean: ## remove what was built
	rm -rf $(BUILD) $(SANITIZED) $(FUZZED) $(BUILD).log $(SANITIZED).log

help:
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16
