# Two commands on a fresh machine: `make demo` does the main job, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
# What a file's tests share is made once, for they stay together; the rest goes to whichever worker is free.
ON_ALL_CORES := --numprocesses auto --maxprocesses 8 --dist loadfile

.PHONY: demo test check lint types walls coverage format snapshots test-clock test-ci-files test-ci-formats \
	test-container test-engine test-gateways test-manifests test-packages test-page test-plugin test-shells test-site \
	test-torture fuzz test-pythons test-lowest test-sdist packages-ready bench man licences release-notes dist sbom site clean

demo: .venv/runtime
	$(BIN)/envcheck demo

# What is marked `thorough` costs much and seldom fails; `make check` runs it too.
test: .venv/dev
	$(BIN)/python -m pytest -m "not thorough" $(ON_ALL_CORES)

check: lint types walls coverage

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

walls: .venv/dev
	$(BIN)/lint-imports

# The command line's shell is where errors become exit codes: every branch of it is run.
coverage: .venv/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -m "not undisturbed and not clock" $(ON_ALL_CORES)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --include 'envcheck/cli/*' --fail-under 100
	$(BIN)/coverage report --fail-under 97

# The few tests that fail where something takes too long, one at a time: a busy machine may fail them.
test-clock: .venv/dev
	$(BIN)/python -m pytest -m clock

# promtool reads the metrics and the alert rules, and Jenkins's published schema the JUnit report; both are installed.
test-ci-formats: .venv/dev
	cd tests && ../$(BIN)/python -m ci_formats.install
	$(BIN)/python -m pytest tests/ci_formats -m ci_formats

# The pages in Debian's Chromium, with axe-core; Playwright drives it and downloads none of its own.
test-page: .venv/dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group page
	cd tests && ../$(BIN)/python -m page.install
	$(BIN)/python -m pytest tests/page -m page

# The example of a plug-in in a virtual environment made anew, and packages in it that are broken in every way.
test-plugin: .venv/dev
	$(BIN)/python -m pytest tests/fresh_venv -m fresh_venv
	$(BIN)/python -m pytest examples/envcheck-rerank/tests -o pythonpath=examples/envcheck-rerank
# deploy/slurm in a cluster of one node: Debian's Slurm and munge are installed, and run only while the test does.
test-engine: .venv/dev
	cd tests && ../$(BIN)/python -m engine.install
	$(BIN)/python -m pytest tests/engine -m engine

# The Containerfile, built by buildah on a base that debootstrap makes, with wheels that are fetched before.
test-container: .venv/dev
	cd tests && ../$(BIN)/python -m container.install
	$(BIN)/python -m pytest tests/container -m container

# What checkov's policies say of deploy/kubernetes.
test-manifests: .venv/dev .ci-tools/checkov/installed
	$(BIN)/python -m pytest tests/policies -m manifests

# aimock, nginx, LiteLLM and llama.cpp as gateways, squid and tinyproxy as proxies; what is no Debian package is installed
# in a place of its own under .gateways/.
test-gateways: .venv/dev
	$(BIN)/python tests/real_gateways/install.py
	$(BIN)/python -m pytest tests/real_gateways -m gateways

# What actionlint, taplo and pre-commit say of action.yml, of the configuration's schema, and of the hook.
test-ci-files: .venv/dev .ci-tools/installed
	$(BIN)/python -m pytest tests/ci_files -m ci_files

# Builds made twice, the wheel with pip, uvx and pipx, the manual page with mandoc and man, the bill of materials.
test-packages: packages-ready
	$(BIN)/python -m pytest tests/packages -m packages

packages-ready: .venv/dev .venv/release
	cd tests && ../$(BIN)/python -m packages.install

# Completion as it is typed into bash, zsh and fish.
test-shells: .venv/dev
	cd tests && ../$(BIN)/python -m shells.install
	$(BIN)/python -m pytest tests/shells -m shells

# The documentation as a site, in Debian's Chromium too.
test-site: .venv/dev site
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group page
	cd tests && ../$(BIN)/python -m page.install
	$(BIN)/python -m pytest tests/site_pages -m site

# Runs that are ended at random moments; ENVCHECK_TORTURE_ROUNDS=1000 for a long evening.
test-torture: .venv/dev
	$(BIN)/python -m pytest tests/torture -m torture

# Every Python that pyproject.toml names and that is there, or those in PYTHONS; it says which are not.
# What is marked `thorough` does not run again here and below.
test-pythons:
	$(PYTHON) tests/elsewhere.py pythons $(PYTHONS)

# The lowest version of each dependency that pyproject.toml allows.
test-lowest:
	$(PYTHON) tests/elsewhere.py lowest

# The source distribution, unpacked where nothing else is: it holds what its tests need.
test-sdist:
	$(PYTHON) tests/elsewhere.py sdist $(PYTHONS)

# 10,000 gateways that answer with anything at all, 100 to a run of the command line; another SEED is other gateways.
SEED ?= 0
fuzz: .venv/dev
	cd tests && ../$(BIN)/python -m hostile.many --seed $(SEED)

# Ratios against what a user would pick instead; writes docs/speed-results.md.
bench: .venv/dev
	$(BIN)/python -m benchmarks

# envcheck(1), of what --help is made of; a test holds the file against it.
man: .venv/dev
	@mkdir -p build
	$(BIN)/python -m release.man_page > build/envcheck.1
	mv build/envcheck.1 release/envcheck.1

# What is installed with envcheck, and under which licences.
licences: .venv/dev
	@mkdir -p build
	$(BIN)/python -m release.licences > build/licences.md
	mv build/licences.md docs/licences.md

# What a forge shows of a release: the changelog's part of it. VERSION=Unreleased shows the next one.
VERSION ?=
release-notes: .venv/dev
	@$(BIN)/python -m release.notes $(VERSION)

# The wheel and the source distribution, byte for byte the same wherever and whenever they are made.
dist: .venv/release
	rm -rf dist
	$(BIN)/python -m hatchling build --directory dist

# Bills of materials in the form of CycloneDX: what is installed with envcheck, and all that it is developed with.
# Each is held against the published schema before it is written.
# The form has room for who needs whom, which a list of exact versions does not tell; that is no warning.
SBOM := PYTHONWARNINGS=ignore::UserWarning $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml \
	--output-reproducible --short-PURLs
sbom: .venv/dev .venv/release
	@mkdir -p build
	$(BIN)/python -m release.locked | $(SBOM) --output-file build/envcheck.cdx.json -
	$(SBOM) --output-file build/constraints.cdx.json constraints.txt

# build/site/index.html; fetches nothing, and a warning is an error.
site: .venv/site
	rm -rf build/site
	$(BIN)/python -m sphinx --quiet --fail-on-warning --nitpicky --keep-going -d build/site-cache -c docs . build/site

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

snapshots: .venv/dev
	$(BIN)/python -m pytest --snapshot-update

.venv/runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/dev: .venv/runtime
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all]' --group dev
	touch $@

.venv/release .venv/site: .venv/%: .venv/runtime
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group $*
	touch $@

.ci-tools/installed: tests/ci_files/pins/package.json tests/ci_files/pins/pre-commit.txt
	mkdir -p .ci-tools
	cp tests/ci_files/pins/package.json .ci-tools
	npm install --prefix .ci-tools --no-audit --no-fund --no-package-lock --ignore-scripts
	$(PYTHON) -m venv .ci-tools/venv
	.ci-tools/venv/bin/python -m pip install --quiet -r tests/ci_files/pins/pre-commit.txt
	touch $@

# In a place of its own, for it pins what envcheck does not.
.ci-tools/checkov/installed: tests/policies/checkov.txt
	$(PYTHON) -m venv .ci-tools/checkov
	.ci-tools/checkov/bin/python -m pip install --quiet -r tests/policies/checkov.txt
	touch $@

clean:
	rm -rf .venv .elsewhere .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .gateways .ci-formats \
		.ci-tools .page .packages .shells .container build dist
