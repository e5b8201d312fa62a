# soroban-pipes. `make demo` shows what it does, `make test` checks that it works, `make help` lists the rest.

SWIFT ?= swift
# The Swift runtime is linked statically, so that the tools run without a Swift installation.
SWIFT_BUILD_FLAGS ?= --static-swift-stdlib
STRIP ?= strip

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
# soroban-replay finds its modules there.
libexecdir = $(bindir)/../libexec/soroban-pipes
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man
docdir ?= $(datarootdir)/doc/soroban-pipes
bashcompletiondir ?= $(datarootdir)/bash-completion/completions
zshcompletiondir ?= $(datarootdir)/zsh/site-functions
fishcompletiondir ?= $(datarootdir)/fish/vendor_completions.d
systemdunitdir ?= $(prefix)/lib/systemd/system
sysusersdir ?= $(prefix)/lib/sysusers.d

FUZZ_SECONDS ?= 60
# The minimum line coverage of Sources, in per cent.
COVERAGE ?= 90
IMAGE ?= soroban-pipes
ENVIRONMENT ?= staging
SOAK_SECONDS ?= 1800

tools := ledger-split invocation-extract event-filter scval-json
# Optional programs of the tests.
testneeds := jq zstd sqlite3 jsonschema duckdb prometheus lighttpd grpc rclone moto parallel sshd deploy shellcheck mandoc aspell \
  style
pages := $(wildcard man/*.[157])
# Scripts that are installed as programs. Their names get the prefix soroban- unless they have it.
programs := scripts/resume scripts/replay scripts/deploy/systemd/soroban-range scripts/deploy/backfill \
  scripts/deploy/flowctl/soroban-flowctl
installed = $(bindir)/soroban-$(patsubst soroban-%,%,$(notdir $(1)))
units := $(wildcard scripts/deploy/systemd/*.service scripts/deploy/systemd/*.timer)
version := $(shell sed -n 's/.*static let number = "\(.*\)"/\1/p' Sources/CommandLine/Version.swift)
# What --version names; Package.swift reads it.
export SOROBAN_PIPES_COMMIT ?= $(shell [ -e .git ] && git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null)
# The output folder of `swift build -c release`.
built := .build/release
dist := .build/dist
# The tests start the tools many thousand times: optimised ones save much more time than it takes to optimise them. Assertions and
# checks of exclusivity remain.
fortests := -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug
# The time of the last commit, so that builds of a commit are reproducible.
epoch := $(shell git log -1 --format=%ct 2>/dev/null || date +%s)
# The Python of scripts/setup has the packages that these tests need. The recipe itself may install it, so it is looked up late.
deploypython = $$(ls ../../.build/programs/deploy/bin/python3 2>/dev/null || echo python3)

.PHONY: help
help: ## list these targets
	@echo "soroban-pipes $(version): Stellar ledgers to smart-contract invocations, by pipes"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "The README begins with an example; the manual is in man/ (man ./man/soroban-pipes.7)."

.PHONY: setup
setup:
	@SWIFT='$(SWIFT)' scripts/setup swift libzstd

.PHONY: build
build: setup ## build the four tools (release) into .build/release
	$(SWIFT) build -c release $(SWIFT_BUILD_FLAGS)

.PHONY: demo
demo: build ## run a pipeline of all four on the ledgers of testdata/
	@scripts/setup jq
	@echo
	@scripts/demo $(built)

.PHONY: test
test: setup ## build everything and run the tests, or those whose names match FILTER
	@scripts/setup --optional $(testneeds)
	SOROBAN_PIPES_TEST=1 $(SWIFT) build --build-tests $(fortests)
	SOROBAN_PIPES_TEST=1 $(SWIFT) test --skip-build $(fortests) $(addprefix --filter ,$(FILTER))

.PHONY: coverage
coverage: setup ## run the tests, print how much of Sources they reach, and fail below COVERAGE per cent of lines (90)
	@scripts/setup --optional $(testneeds)
	SWIFT='$(SWIFT)' scripts/coverage $(COVERAGE)

.PHONY: deploy-lint
deploy-lint: ## check image, manifests and workflows against schemas and linters, and render the manifests
	@scripts/setup deploy shellcheck
	@cd Tests/DeployTests && $(deploypython) -W ignore -m unittest -v test_files test_kubernetes.Rendered

.PHONY: deploy-test
deploy-test: build ## build the images, and run containers, compose files, pods and the bridge to flowctl
	@scripts/setup deploy shellcheck podman jq zstd lighttpd
	@cd Tests/DeployTests && PATH=$(CURDIR)/$(built):$$PATH $(deploypython) -W ignore -m unittest -v

.PHONY: image
image: ## build the container images IMAGE and IMAGE-filters, by BUILDER (docker, podman or buildah)
	scripts/deploy/docker/build --target service --tag $(IMAGE):$(version) --tag $(IMAGE):latest
	scripts/deploy/docker/build --target filters --tag $(IMAGE)-filters:$(version) --tag $(IMAGE)-filters:latest

.PHONY: manifests
manifests: ## print the Kubernetes manifests of ENVIRONMENT (development, staging, production)
	@scripts/setup kubectl
	@PATH=$(CURDIR)/.build/programs/deploy/bin:$$PATH kubectl kustomize scripts/deploy/kubernetes/overlays/$(ENVIRONMENT)

# make deploy ENVIRONMENT=staging IMAGE=ghcr.io/example/soroban-pipes:1.2.3
.PHONY: deploy
deploy: ## put ENVIRONMENT with IMAGE (a name with a version) on the cluster that KUBECONFIG names
	@scripts/setup kubectl
	@PATH=$(CURDIR)/.build/programs/deploy/bin:$$PATH scripts/deploy/kubernetes/apply '$(ENVIRONMENT)' '$(IMAGE)'

.PHONY: lint
lint: ## check style and the rules of CONTRIBUTING
	@scripts/lint

.PHONY: format
format: ## rewrite the sources in the one style
	@SWIFT='$(SWIFT)' scripts/setup swift
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

.PHONY: bench
bench: build ## measure the tools against zstd, grep and jq; update table and chart in the README
	@scripts/setup zstd jq grep hyperfine time strip
	@scripts/bench $(built)

.PHONY: consumers
consumers: build ## test the clients in scripts/consumers, and that all of them get the same records
	@PATH=$(CURDIR)/$(built):$$PATH scripts/consumers/test

.PHONY: soak
soak: build ## follow a lake for SOAK_SECONDS (1800) at 50 ledgers a second, with three clients of the service, watching the memory of each stage
	@scripts/setup lighttpd
	@PATH=$(CURDIR)/$(built):$$PATH scripts/soak-follow --seconds $(SOAK_SECONDS) --clients 3

.PHONY: backfill-test
backfill-test: build ## kill workers of soroban-backfill at random, and measure what it costs beside the plain pipeline
	@scripts/setup zstd duckdb rclone moto seaweedfs parallel sshd dask
	cd Tests/BackfillTests && PATH=$(CURDIR)/$(built):$$PATH BACKFILL_LONG=yes python3 -W ignore -m unittest -v test_counter test_range test_check \
	  test_killed test_store test_queries test_engines.Numbered test_engines.Parallel test_engines.Dask
	cd Tests/BackfillTests && PATH=$(CURDIR)/$(built):$$PATH python3 benchmark.py

.PHONY: spark-test
spark-test: build ## run the job for Spark on clusters of this machine, and kill parts of them
	@scripts/setup duckdb zstd spark
	cd Tests/BackfillTests && PATH=$(CURDIR)/$(built):$$PATH BACKFILL_LONG=yes python3 -W ignore -m unittest -v test_spark test_queries

.PHONY: airflow-test
airflow-test: build ## run the DAG for Airflow
	@scripts/setup zstd airflow
	cd Tests/BackfillTests && PATH=$(CURDIR)/$(built):$$PATH python3 -W ignore -m unittest -v test_engines.Airflow

.PHONY: allocations
allocations: build ## count what the tools allocate for each record
	@scripts/allocations $(built)

.PHONY: wasm
wasm: ## build the core as WebAssembly, .build/wasm/soroban.wasm and soroban-wasi.wasm
	@SWIFT='$(SWIFT)' scripts/setup swift wasm-libc zstd-source
	@scripts/setup --optional wasm-opt
	@SWIFT='$(SWIFT)' scripts/wasm

.PHONY: wasm-test
wasm-test: build wasm ## compare the WebAssembly module with the tools, in Node, on testdata and on the fuzzer's seeds
	@scripts/setup nodejs
	@SWIFT='$(SWIFT)' SWIFT_BUILD_FLAGS='$(SWIFT_BUILD_FLAGS)' scripts/fuzz-seeds
	@PATH=$$PATH:$(CURDIR)/.build/programs/bin node --test scripts/consumers/module/test/*.test.js

.PHONY: page
page: wasm ## make the page one file that works from disk, .build/page/soroban.html
	@scripts/page

.PHONY: page-test
page-test: build wasm ## test the page in Chromium, files and a live service; screenshots in .build/page/pictures
	@scripts/setup zstd jq lighttpd chromium playwright
	@cd scripts/consumers/web && $(CURDIR)/.build/programs/playwright/bin/python3 -B -m unittest discover -t . -s test

.PHONY: html
html: ## make the manual as HTML with a search, .build/manual/index.html
	@scripts/setup mandoc
	@scripts/html

.PHONY: fuzz
fuzz: setup ## fuzz every parser for FUZZ_SECONDS each (60)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

# Run the result with ASAN_OPTIONS=detect_leaks=0:suppressions=FILE, with FILE as scripts/fuzz writes it. The documented memory
# limits do not apply to this build.
.PHONY: asan
asan: setup ## build the tools with AddressSanitizer, into .build/asan/release
	$(SWIFT) build -c release --scratch-path .build/asan -Xswiftc -sanitize=address

# Its tests run a debug build of the tools with ThreadSanitizer; the first data race ends a tool with status 66.
.PHONY: tsan
tsan: setup ## run the tools in several threads with ThreadSanitizer, built into .build/tsan
	$(SWIFT) build --scratch-path .build/tsan --sanitize=thread --product soroban-pipes
	scripts/tsan .build/tsan/debug

.PHONY: serial
serial: build ## count the instructions that run in one thread at a time (needs valgrind)
	@scripts/setup --optional valgrind
	scripts/serial

.PHONY: install
install: build ## install tools, manual and completions under prefix (/usr/local), DESTDIR before it
	@scripts/setup --optional mandoc
	@if command -v mandoc >/dev/null; then scripts/html; fi
	$(MAKE) install-built

# One executable under four names: the tools share most of their code, on disk and in memory. Installs only what is built already:
# for packages, and for `sudo make install-built`.
.PHONY: install-built
install-built:
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(bashcompletiondir) $(DESTDIR)$(zshcompletiondir) $(DESTDIR)$(fishcompletiondir)
	install -m 755 $(built)/soroban-pipes $(DESTDIR)$(bindir)/soroban-pipes
	$(STRIP) $(DESTDIR)$(bindir)/soroban-pipes
	set -e; for tool in $(tools); do \
	  ln -sf soroban-pipes $(DESTDIR)$(bindir)/$$tool; \
	  $(built)/soroban-pipes $$tool --generate-completion-script bash > $(DESTDIR)$(bashcompletiondir)/$$tool; \
	  $(built)/soroban-pipes $$tool --generate-completion-script zsh > $(DESTDIR)$(zshcompletiondir)/_$$tool; \
	  $(built)/soroban-pipes $$tool --generate-completion-script fish > $(DESTDIR)$(fishcompletiondir)/$$tool.fish; \
	done
	set -e; for page in $(pages); do \
	  section=man$${page##*.}; \
	  install -d $(DESTDIR)$(mandir)/$$section; \
	  install -m 644 $$page $(DESTDIR)$(mandir)/$$section/; \
	done
	install -d $(DESTDIR)$(libexecdir)/replay_lib $(DESTDIR)$(libexecdir)/backfill_lib $(DESTDIR)$(systemdunitdir) $(DESTDIR)$(sysusersdir)
	install -d $(DESTDIR)$(libexecdir)/flowctl/flowctl_lib $(DESTDIR)$(libexecdir)/flowctl/flowctl/v1
	install -m 644 scripts/deploy/flowctl/flowctl_lib/*.py $(DESTDIR)$(libexecdir)/flowctl/flowctl_lib/
	install -m 644 scripts/deploy/flowctl/flowctl/v1/*.proto $(DESTDIR)$(libexecdir)/flowctl/flowctl/v1/
	$(foreach script,$(programs),install -m 755 $(script) $(DESTDIR)$(call installed,$(script)) &&) :
	install -m 644 scripts/replay_lib/*.py $(DESTDIR)$(libexecdir)/replay_lib/
	install -m 644 scripts/deploy/backfill_lib/*.py $(DESTDIR)$(libexecdir)/backfill_lib/
	install -d $(addprefix $(DESTDIR)$(libexecdir)/serve/,serve_lib contract_invocation contract_invocation_service)
	install -m 755 scripts/serve/start scripts/serve/grpc $(DESTDIR)$(libexecdir)/serve/
	set -e; for file in $(patsubst scripts/serve/%,%,$(wildcard scripts/serve/*/*.py scripts/serve/*/*.proto)); do \
	  install -m 644 scripts/serve/$$file $(DESTDIR)$(libexecdir)/serve/$$file; \
	done
	install -d $(DESTDIR)$(libexecdir)/page
	install -m 644 $(wildcard scripts/consumers/web/*.*) scripts/consumers/module/soroban.js $(DESTDIR)$(libexecdir)/page/
	if [ -e .build/wasm/soroban.wasm ]; then install -m 644 .build/wasm/soroban.wasm $(DESTDIR)$(libexecdir)/page/; fi
	if [ -e .build/manual/index.html ]; then \
	  install -d $(DESTDIR)$(libexecdir)/page/manual $(DESTDIR)$(docdir); \
	  install -m 644 .build/manual/* $(DESTDIR)$(libexecdir)/page/manual/; \
	  ln -sfn "$$(realpath -m --relative-to=$(docdir) $(libexecdir)/page/manual)" $(DESTDIR)$(docdir)/html; \
	fi
	ln -sf ../libexec/soroban-pipes/serve/start $(DESTDIR)$(bindir)/soroban-serve
	ln -sf ../libexec/soroban-pipes/serve/grpc $(DESTDIR)$(bindir)/soroban-serve-grpc
	set -e; for unit in $(units); do \
	  sed 's|/usr/bin/soroban-|$(bindir)/soroban-|' $$unit > $(DESTDIR)$(systemdunitdir)/$${unit##*/}; \
	done
	install -m 644 scripts/deploy/systemd/soroban-pipes.conf $(DESTDIR)$(sysusersdir)/
	install -d $(DESTDIR)$(docdir)/examples/scripts/lib
	install -m 644 README.md $(DESTDIR)$(docdir)/
	cp -R testdata $(DESTDIR)$(docdir)/examples/
	cp -R scripts/demo scripts/view.jq scripts/resume scripts/replay scripts/replay_lib scripts/cookbook scripts/counts \
	  scripts/validate-records scripts/with-postgresql scripts/deploy $(DESTDIR)$(docdir)/examples/scripts/
	find $(DESTDIR)$(docdir) -name __pycache__ -prune -exec rm -rf {} +
	cp scripts/lib/recipe $(DESTDIR)$(docdir)/examples/scripts/lib/
	chmod -R u=rwX,go=rX $(DESTDIR)$(docdir)

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(bindir)/soroban-pipes
	set -e; for tool in $(tools); do \
	  rm -f $(DESTDIR)$(bindir)/$$tool $(DESTDIR)$(bashcompletiondir)/$$tool \
	    $(DESTDIR)$(zshcompletiondir)/_$$tool $(DESTDIR)$(fishcompletiondir)/$$tool.fish; \
	done
	set -e; for page in $(notdir $(pages)); do rm -f $(DESTDIR)$(mandir)/man$${page##*.}/$$page; done
	rm -f $(foreach script,$(programs),$(DESTDIR)$(call installed,$(script))) $(DESTDIR)$(bindir)/soroban-serve \
	  $(DESTDIR)$(bindir)/soroban-serve-grpc $(DESTDIR)$(sysusersdir)/soroban-pipes.conf \
	  $(addprefix $(DESTDIR)$(systemdunitdir)/,$(notdir $(units)))
	rm -rf $(DESTDIR)$(libexecdir) $(DESTDIR)$(docdir)

# In a separate folder, because the object files differ. Programs that load files of the C library at run time are not built.
.PHONY: static
static: setup ## build the tools as static executables, which run in an empty container, into .build/static
	$(SWIFT) build -c release --scratch-path .build/static/build --static-swift-stdlib -Xswiftc -static-executable \
	  --product soroban-pipes
	install -d .build/static/bin
	install -m 755 .build/static/build/release/soroban-pipes .build/static/bin/soroban-pipes
	$(STRIP) .build/static/bin/soroban-pipes
	set -e; for tool in $(tools); do ln -sf soroban-pipes .build/static/bin/$$tool; done
	mkdir -p $(dist)
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='@$(epoch)' -C .build/static/bin -c soroban-pipes $(tools) | gzip -n -9 \
	  > $(dist)/soroban-pipes-$(version)-linux-$(shell uname -m).tar.gz
	@echo $(dist)/soroban-pipes-$(version)-linux-$(shell uname -m).tar.gz

.PHONY: dist
dist: ## make a tarball of the last commit, the same bytes for the same commit
	mkdir -p $(dist)
	git archive --format=tar --prefix=soroban-pipes-$(version)/ HEAD | gzip -n -9 > $(dist)/soroban-pipes-$(version).tar.gz
	@echo $(dist)/soroban-pipes-$(version).tar.gz

.PHONY: deb
deb: build html ## make a Debian package
	@scripts/setup strip objdump
	scripts/make-deb $(version) $(dist)

.PHONY: notes
notes: ## print what has changed in this version
	@scripts/deploy/release notes

# The checks before a release: make release-check TAG=v1.2.3
.PHONY: release-check
release-check:
	@scripts/deploy/release check '$(TAG)'

# Of all files that dist, deb and static made.
.PHONY: checksums
checksums:
	cd $(dist) && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
	@cat $(dist)/SHA256SUMS

.PHONY: clean
clean: ## remove everything that was built
	$(SWIFT) package clean
	rm -rf $(dist) .build/manual .build/programs .build/go-client .build/rust-client
