# Makefile - builds ikespec, proves it, and runs it. `make help` lists the targets.
#   V=dev|release|asan|clang|cov|fuzz|afl|msan|mut   the variant; each has its own folder build/$(V), a mirror of the tree
#   VERBOSE=1                           whole command lines
VERSION := 0.1.0
V       ?= dev
BUILD   ?= build
PREFIX  ?= /usr/local
DUT     ?= self
ONLY    ?= suite:full
SECONDS ?= 60
O       := $(BUILD)/$(V)

# All cores, unless the caller has said otherwise.
ifeq ($(filter -j% --jobserver%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
.DELETE_ON_ERROR:
.SUFFIXES:

# --- variants --------------------------------------------------------------------------------------
SANITIZE      := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CC.dev        := gcc
FLAGS.dev     := -O1 -g
CC.release    := gcc
FLAGS.release := -O2 -g -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
LINK.release  := -pie -Wl,-z,relro,-z,now
CC.asan       := gcc
FLAGS.asan    := -O1 -g $(SANITIZE)
CC.clang      := clang
FLAGS.clang   := -O1 -g $(SANITIZE)
CC.cov        := gcc
FLAGS.cov     := -O0 -g --coverage
CC.prof       := clang
FLAGS.prof    := -O1 -g -fprofile-instr-generate -fcoverage-mapping -DIKESPEC_FUZZ
CC.fuzz       := clang
FLAGS.fuzz    := -O2 -g $(SANITIZE) -fsanitize=fuzzer-no-link -DIKESPEC_FUZZ
CC.afl        := afl-clang-fast
FLAGS.afl     := -O2 -g -DIKESPEC_FUZZ
# libcrypto is not instrumented: fuzz/msan_wrap.c stands between
CC.msan       := clang
FLAGS.msan    := -O1 -g -fsanitize=memory -fsanitize-memory-track-origins=2 -fno-omit-frame-pointer
comma         := ,
LINK.msan      = $(patsubst %,-Wl$(comma)--wrap=%,$(MSAN_WRAPPED))
# the mutator with an engine of its own, not instrumented, as one object whose names nobody sees
CC.mut        := clang
FLAGS.mut     := -O2 -g -fPIC -fvisibility=hidden

# `origin`: CC given on the command line or in the environment wins, make's own default does not.
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(CC.$(V))
endif
ifeq ($(CC),)
$(error V=$(V): there are dev release asan clang cov fuzz afl msan mut)
endif

# Libraries are looked up when the first compile needs them, so after `deps` could install them.
pkg = $(shell pkg-config $(1) $(2) || echo missing-$(2))
TCL_CFLAGS  = $(eval TCL_CFLAGS := $(call pkg,--cflags,tcl))$(TCL_CFLAGS)
ENGINE_LIBS = $(eval ENGINE_LIBS := $(call pkg,--libs,libcrypto))$(ENGINE_LIBS)
LIBS        = $(eval LIBS := $(call pkg,--libs,tcl) $(call pkg,--libs,libpcap))$(LIBS)
TEST_LIBS   = $(eval TEST_LIBS := $(call pkg,--libs,cmocka))$(TEST_LIBS)

OBJCOPY ?= objcopy
WARN       := -Wall -Wextra -Werror
ALL_CFLAGS  = -std=c11 -I. -MMD -MP $(WARN) $(FLAGS.$(V)) $(CFLAGS)
ALL_LDFLAGS = $(FLAGS.$(V)) $(LINK.$(V)) $(LDFLAGS)

# --- what is built from what -------------------------------------------------------------------------
apart        = $(filter-out %_test.c %_bench.c,$(1))
ENGINE_C    := $(call apart,$(sort $(wildcard engine/*.c engine/*/*.c)))
HARNESS_C   := $(call apart,$(sort $(wildcard harness/*.c harness/cmd/*.c harness/net/*.c harness/evidence/*.c harness/edit/*.c harness/volley/*.c)))
TEST_C      := $(sort $(wildcard engine/*_test.c engine/*/*_test.c harness/*/*_test.c fuzz/*_test.c fuzz/*/*_test.c))
BENCH_C     := $(sort $(wildcard engine/*_bench.c engine/*/*_bench.c harness/*/*_bench.c))
FUZZ_C      := $(sort $(wildcard fuzz/*_fuzz.c))
# Files of fuzz/ that are neither an entry point nor the plain main: the mutator and other helpers.
FUZZ_LIB_C  := $(filter-out $(FUZZ_C) fuzz/replay.c %_test.c,$(sort $(wildcard fuzz/*.c)))

ENGINE_O    := $(ENGINE_C:%.c=$(O)/%.o)
HARNESS_O   := $(HARNESS_C:%.c=$(O)/%.o)
FUZZ_LIB_O  := $(FUZZ_LIB_C:%.c=$(O)/%.o)
TESTS       := $(TEST_C:%.c=$(O)/%)
BENCHES     := $(BENCH_C:%.c=$(O)/%)
FUZZERS     := $(FUZZ_C:fuzz/%_fuzz.c=%)
REPLAYS     := $(FUZZERS:%=$(O)/fuzz/%_replay)
# calls of the engine that go to fuzz/crypto_wrap.c, fuzz/identity.c, fuzz/heap.c and fuzz/edge.c
WRAPPED     := ke_new ke_free ke_shared prf_run prf_plus sha1_run hmac_sha256 crypt_seal crypt_open crypt_open_unchecked \
               sign_key_load sign_key_free raw_key_load raw_key_free chain_decode malloc calloc realloc free
MSAN_WRAPPED = $(shell awk -F'[(,)] *' '$$1 == "WRAP" { print $$3 } $$1 == "WRAP_DER" { print "d2i_" $$3, "i2d_" $$3 }' fuzz/msan_wrap.c)
FUZZ_LINK    = $(ALL_LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%)
MUTATOR_C   := $(call apart,$(sort $(wildcard fuzz/mutator/*.c)))
MUTATOR     := $(BUILD)/mut/fuzz/mutator
IKESPEC     := $(O)/ikespec

Q := $(if $(VERBOSE),,@)
say = $(if $(VERBOSE),,@printf '  %-5s %s\n' $(1) $(2))

all: $(IKESPEC) ## build build/$(V)/ikespec

$(O)/%.o: %.c Makefile | deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -c -o $@ $<

# main.o holds PREFIX: another one makes it anew
$(O)/harness/main.o: $(O)/prefix
$(O)/prefix: FORCE
	@mkdir -p $(@D); echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

# Tcl's headers only where Tcl may be seen: the engine would not compile with it.
$(O)/harness/%.o: EXTRA_CFLAGS = $(TCL_CFLAGS) -DIKESPEC_VERSION='"$(VERSION)"' -DIKESPEC_PREFIX='"$(PREFIX)"'

$(O)/libengine.a: $(ENGINE_O)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcsD $@ $(ENGINE_O)

$(IKESPEC): $(HARNESS_O) $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(HARNESS_O) $(O)/libengine.a $(LIBS) $(ENGINE_LIBS)

$(O)/engine/%_test: $(O)/engine/%_test.o $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ENGINE_LIBS) $(TEST_LIBS)

$(O)/harness/%_test: $(O)/harness/%_test.o $(filter-out $(O)/harness/main.o,$(HARNESS_O)) $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(ENGINE_LIBS) $(TEST_LIBS)

$(O)/fuzz/%_test: $(O)/fuzz/%_test.o $(FUZZ_LIB_O) $(O)/fuzz/mutator/mutate.o $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(FUZZ_LINK) -o $@ $^ $(ENGINE_LIBS) $(TEST_LIBS)

$(O)/engine/%_bench: $(O)/engine/%_bench.o $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ENGINE_LIBS) $(TEST_LIBS)

$(O)/harness/%_bench: $(O)/harness/%_bench.o $(filter-out $(O)/harness/main.o,$(HARNESS_O)) $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(ENGINE_LIBS)

$(O)/fuzz/%_replay: $(O)/fuzz/%_fuzz.o $(O)/fuzz/replay.o $(FUZZ_LIB_O) $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(FUZZ_LINK) -o $@ $^ $(ENGINE_LIBS)

# Comparisons are not watched in what reads and writes the tree, nor in the targets themselves: the mutator has the values of the
# fields from the same tables, and the watching took half of a run.
UNWATCHED   := -fno-sanitize-coverage=trace-cmp
TREE_O      := $(patsubst %,$(O)/engine/wire/%.o,decode encode field message registry rules lint) \
               $(patsubst engine/%.c,$(O)/engine/%.o,$(wildcard engine/wire/payload_*.c)) $(O)/engine/sa/protect.o
ifeq ($(V),fuzz)
$(TREE_O) $(O)/fuzz/%.o: EXTRA_CFLAGS += $(UNWATCHED)
endif

# The helpers as a library: what a target does not use would only make its map longer. It and the engine call each other.
together     = -Wl,--start-group $1 -Wl,--end-group

$(O)/fuzz/libfuzz.a: $(FUZZ_LIB_O)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/fuzz/fuzz/%_fuzzer: $(BUILD)/fuzz/fuzz/%_fuzz.o $(MUTATOR).o $(BUILD)/fuzz/fuzz/libfuzz.a $(BUILD)/fuzz/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(FUZZ_LINK) -fsanitize=fuzzer -o $@ $(call together,$^) $(ENGINE_LIBS)

ifeq ($(V),mut)
$(MUTATOR).o: $(MUTATOR_C:%.c=$(O)/%.o) $(O)/fuzz/sealing.o $(O)/libengine.a
	$(call say,LINK,$@)
	$(Q)$(LD) -r -o $@ $^
	$(Q)$(OBJCOPY) --localize-hidden $@
else
$(MUTATOR).o: FORCE
	$(Q)$(MAKE) --no-print-directory V=mut $@
endif

# AFL_CUSTOM_MUTATOR_LIBRARY
$(MUTATOR).so: $(MUTATOR).o
	$(call say,LINK,$@)
	$(Q)clang -shared -o $@ $< $(ENGINE_LIBS)

FORCE:

# Persistent mode: here -fsanitize=fuzzer means AFL++'s own loop around the same entry point.
$(BUILD)/afl/fuzz/%_afl: $(BUILD)/afl/fuzz/%_fuzz.o $(BUILD)/afl/fuzz/libfuzz.a $(BUILD)/afl/libengine.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(FUZZ_LINK) -fsanitize=fuzzer -o $@ $(call together,$^) $(ENGINE_LIBS)

# what AFL++ does by itself (harness/build/afl-check)
$(BUILD)/afl/fuzz/empty_afl: $(BUILD)/afl/fuzz/bench/empty.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^

.SECONDARY:
-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d)

# --- the two commands of the README -------------------------------------------------------------------
demo: all ## a good and a bent device on loopback; no root, under a minute
	$(Q)$(IKESPEC) demo

test: ## everything that proves the project itself: last line N passed, N failed, N skipped
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL MAKE='$(MAKE_COMMAND)' BUILD='$(BUILD)' harness/build/test

# --- parts of it, for work by hand ---------------------------------------------------------------------
tests: $(TESTS) ## build the unit tests (V=dev|asan|clang|cov)

check: $(TESTS) all ## run the unit tests and the Tcl tests
	$(Q)harness/build/unit $(TESTS)
	$(Q)harness/build/tcltests $(IKESPEC)

# Tcl keeps pointers into its pools, which look like lost memory: only what is lost for certain counts.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect

valgrind: ## the unit tests under memcheck, leaks included; some minutes
	$(Q)harness/build/deps test valgrind
	$(Q)$(MAKE) --no-print-directory V=dev tests
	$(Q)UNIT_TIMEOUT=600 UNIT_UNDER='$(VALGRIND)' harness/build/unit $(TEST_C:%.c=$(BUILD)/dev/%)

page: all ## report.html tested in Chromium; PICTURES=DIR keeps what it looks like
	$(Q)harness/build/deps test browser
	$(Q)$(if $(PICTURES),PICTURES='$(abspath $(PICTURES))') harness/build/tcltests $(IKESPEC) reports/browser.test

lint: all ## headers, comments, white space, cases, requirement ids
	$(Q)CC='$(CC)' harness/build/lint
	$(Q)$(IKESPEC) lint

layers: ## who may include whom (engine/LAYERS)
	$(Q)harness/build/layers

format: ## clang-format over all C files
	$(Q)harness/build/deps format
	$(Q)clang-format -i $(ENGINE_C) $(HARNESS_C) $(TEST_C) $(BENCH_C) $(wildcard fuzz/*.c fuzz/*.h \
	    engine/*.h engine/*/*.h harness/*.h harness/*/*.h)

cases: all ## run cases: DUT=self|strongswan|FILE ONLY='rekey cookie'
	$(Q)$(IKESPEC) run $(ONLY) --dut $(DUT)

prove: all ## each case must fail against the bent devices it names, each ruling turned round be noticed; writes the README's figures
	$(Q)$(IKESPEC) prove --jobs $$(nproc) --to reports/proven.svg
odd: all ## no case may fail a device that is odd and good (cases/odd)
	$(Q)$(IKESPEC) prove --odd --jobs $$(nproc)

DEVICES := strongswan strongswan:trixie libreswan libreswan:trixie openiked openiked:trixie
interop: all ## the suite against real daemons, one report (root): DEVICES='strongswan libreswan:trixie' ONLY=suite:core
	$(Q)harness/build/deps interop $(if $(filter-out strongswan,$(DEVICES)),lab)
	$(Q)harness/build/interop $(IKESPEC) $(DEVICES) -- $(if $(filter file,$(origin ONLY)),suite:core,$(ONLY))

coverage: all ## requirements covered by the suite
	$(Q)$(IKESPEC) coverage

report: all ## write the reports of RUN=latest again
	$(Q)$(IKESPEC) report $(or $(RUN),latest)

bench: ## speed, with the limits we hold ourselves to (BENCH_STRICT=1 fails when over)
	$(Q)$(MAKE) --no-print-directory V=release benches
	$(Q)harness/build/bench $(BENCH_C:%.c=$(BUILD)/release/%)

benches: $(BENCHES) all

replays: $(REPLAYS)

replay: $(REPLAYS) ## run every saved input through its fuzz target (V=asan|clang)
	$(Q)harness/build/replay $(O)/fuzz $(FUZZERS)

msan: ## the same with MemorySanitizer: nothing that was never written is looked at, sealed, hashed or sent
	$(Q)harness/build/deps test
	$(Q)$(MAKE) --no-print-directory V=msan replay

fuzz: ## every fuzz target in turn for SECONDS=60 each; inputs that it grew stay for the next time
	$(Q)harness/build/fuzz-all '$(MAKE)' $(SECONDS) $(FUZZERS)

fuzz-cov: ## what the committed corpora reach: build/fuzz-cov/html, and the floor of each file (fuzz/coverage.floor)
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=prof replays
	$(Q)harness/build/fuzz-cov $(BUILD) $(FUZZERS)

fuzz-six: ## how much of the codec sixty CPU seconds find from six seeds
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=fuzz $(patsubst %,$(BUILD)/fuzz/fuzz/%_fuzzer,message edit text encap)
	$(Q)$(MAKE) --no-print-directory V=prof replays
	$(Q)harness/build/fuzz-six $(BUILD) $(SECONDS) $(FUZZERS)

fuzz-pairs: $(O)/fuzz/machine_replay ## which rows of the step table the plays meet, and why not the others (fuzz/pairs.never)
	$(Q)harness/build/fuzz-pairs $< $(BUILD)

fuzz-grow: ## the committed corpora take over what fuzzing has grown, minimised; FROM=FOLDER: and what is there (harness/build/fuzz-harvest)
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=fuzz fuzzers
	$(Q)FROM='$(FROM)' harness/build/fuzz-grow $(BUILD) $(if $(TARGETS),$(TARGETS),$(FUZZERS))

fuzz-nightly: all ## all targets and DUTS='self strongswan' within SECONDS; a report page; exit 0 nothing new, 1 a finding, 7 a device lost
	$(Q)harness/build/fuzz-nightly '$(MAKE)' $(BUILD) $(if $(filter file,$(origin SECONDS)),3600,$(SECONDS)) '$(or $(DUTS),self)' $(FUZZERS)

fuzzers: $(FUZZERS:%=$(BUILD)/fuzz/fuzz/%_fuzzer)   # (with V=fuzz; .clusterfuzzlite/build.sh)

fuzz-%: ## one target with libFuzzer, e.g. make fuzz-message
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=fuzz $(BUILD)/fuzz/fuzz/$*_fuzzer
	$(Q)harness/build/fuzz libfuzzer $* $(BUILD) $(SECONDS)

afl-%: ## one target with AFL++, persistent
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=afl $(BUILD)/afl/fuzz/$*_afl $(MUTATOR).so
	$(Q)harness/build/fuzz afl $* $(BUILD) $(SECONDS)

afl-check: ## is each target stable under AFL++, and the clear parser as fast as nothing at all? SECONDS for each
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=afl $(patsubst %,$(BUILD)/afl/fuzz/%_afl,$(FUZZERS) empty)
	$(Q)harness/build/afl-check $(BUILD) $(SECONDS) $(FUZZERS)

ifeq ($(V),fuzz)
plants:
	$(Q)UNWATCHED='$(UNWATCHED)' CC='$(CC) $(ALL_CFLAGS) -Wno-error' LINK='$(CC) $(FUZZ_LINK) -fsanitize=fuzzer' LIBS='$(ENGINE_LIBS)' \
	    harness/build/plants '$(BUILD)' '$(SECONDS)' $(PLANTS)
bench-fuzz:
	$(Q)CC='$(CC) $(ALL_CFLAGS) $(UNWATCHED)' LINK='$(CC) $(FUZZ_LINK) -fsanitize=fuzzer' LIBS='$(ENGINE_LIBS)' \
	    harness/build/bench-fuzz '$(BUILD)' $(if $(filter file,$(origin SECONDS)),5,$(SECONDS))
else
bench-fuzz: ## speed of the fuzz targets, with the limits we hold ourselves to (BENCH_STRICT=1 fails when under)
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=release all $(BUILD)/release/fuzz/machine_replay $(BUILD)/release/fuzz/engine_replay
	$(Q)$(MAKE) --no-print-directory V=fuzz fuzzers $(BUILD)/fuzz/fuzz/machine_replay $(BUILD)/fuzz/fuzz/engine_replay
	$(Q)$(MAKE) --no-print-directory V=fuzz bench-fuzz
plants: ## does fuzzing find defects planted on purpose? SECONDS=60 of CPU time each, PLANTS='fuzz/plants/state-*'
	$(Q)harness/build/deps fuzz
	$(Q)$(MAKE) --no-print-directory V=fuzz fuzzers
	$(Q)$(MAKE) --no-print-directory V=fuzz plants
endif

install: ## DESTDIR= PREFIX=/usr/local
	$(Q)$(MAKE) --no-print-directory V=release all
	$(Q)harness/build/install $(BUILD)/release/ikespec '$(PREFIX)' '$(DESTDIR)'

deb: ## a Debian package of this tree: build/deb/*.deb
	$(Q)harness/build/deps package
	$(Q)harness/build/deb '$(BUILD)' '$(VERSION)'

deb-test: deb ## what lintian says of it; installed, run and removed in a fresh Debian (root, network; about a minute)
	$(Q)harness/build/deb-test '$(BUILD)'/deb/ikespec_*.deb

clean: ## remove build/
	rm -rf $(BUILD)

deps: ## what this machine lacks; installs it when it may
	$(Q)harness/build/deps build $(if $(TESTING),test)

help: ## list the targets
	@awk -F':.*## ' '/^[a-z%-]+:.*## /{printf "  %-10s %s\n",$$1,$$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: all demo test tests check valgrind lint layers format cases prove odd interop coverage report bench benches \
        replays replay msan fuzz fuzz-cov fuzz-six fuzz-pairs fuzz-grow fuzz-nightly fuzzers afl-check plants bench-fuzz install deb deb-test clean \
        deps help
.DEFAULT_GOAL := all
