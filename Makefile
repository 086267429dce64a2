# Plain `make` lists the targets. A recipe calls the same verbs as the `pilotlight` command.
PILOTLIGHT := node runtime/bin.mjs
# The pinned Node, called by its path: npm 10 leaves out `.bin/node` when both architectures are optional.
NODE := node_modules/node-linux-$(if $(filter aarch64,$(shell uname -m)),arm64,x64)/bin/node
ARCH := $(if $(filter aarch64,$(shell uname -m)),arm64,x86_64)
INSTALLED := node_modules/.package-lock.json

FUNCTION ?= function/hello-node
EVENT ?= {"name":"Ada"}
INTERPRETERS ?= node
# Options of these runs, such as `make chaos CHAOS='--seed 7 --json'` and `make delete DELETE=--yes`.
CHAOS ?=
SOAK ?=
MATRIX ?=
SWAPS ?=
DEPLOY ?=
LOGS ?=
DELETE ?=
# Where deployed functions are: the address of a Lambda API, or aws.
ENDPOINT ?=
TARGET = $(if $(filter-out aws,$(ENDPOINT)),--endpoint-url $(ENDPOINT))
NAME := $(notdir $(FUNCTION))

.DEFAULT_GOAL := help
.PHONY: help run dev invoke layers function clean check check_parts test setup format package bench bench-peers conformance conformance-peers matrix recovery swaps chaos soak \
  dist deploy deploy_interpreter_layer deploy_runtime_layer deploy_function create logs delete prune

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z_-]+:.*## / {printf "  make %-25s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Start
run: function layers ## Build the three zips and run the function in the local Lambda
	$(PILOTLIGHT) invoke dist/function-$(NAME).zip --event @function/hello-node/events/api-gateway-v2.json --repeat 10

dev: $(INSTALLED) ## Keep a local Lambda with FUNCTION running on port 9000
	$(PILOTLIGHT) dev $(FUNCTION)

invoke: $(INSTALLED) ## Send EVENT to FUNCTION, once; with ENDPOINT to the one that is deployed there
	@$(PILOTLIGHT) invoke $(if $(ENDPOINT),$(NAME) $(TARGET),$(FUNCTION)) --event '$(EVENT)'

##@ Check
check: $(INSTALLED) ## Format, lint, types and the fast tests: all a commit needs
	node_modules/.bin/biome check .
	node_modules/.bin/tsc --noEmit --project .
	$(NODE) test/run.ts test/unit

check_parts: layers function ## Look in dist for what Lambda would refuse
	$(PILOTLIGHT) check

test: layers ## Run all tests; says what it skipped and why
	$(PILOTLIGHT) layers deno bun --arch $(ARCH)
	$(NODE) test/run.ts

setup: $(INSTALLED) ## Install the programs that some tests need
	$(NODE) test/setup/setup.ts

conformance: layers ## Judge the runtime by the contract of Lambda's Runtime API
	$(PILOTLIGHT) conformance

conformance-peers: layers ## The same for the other runtimes that are installed, as a table
	$(PILOTLIGHT) conformance --peers

chaos: layers ## Send 10,000 invocations through the runtime, of which a third fail
	$(NODE) test/chaos/cli.ts $(CHAOS)

format: $(INSTALLED) ## Format the sources and mend what the linter can
	node_modules/.bin/biome check --write .

##@ Measure
bench: layers ## Measure warm invocations and cold starts beside the runtimes that are installed
	$(PILOTLIGHT) bench

bench-peers: $(INSTALLED) ## Install the runtimes that the benchmark measures beside ours
	$(NODE) test/setup/setup.ts bench-peers

matrix: layers ## Compare and measure one bundle under every interpreter in every mode
	$(NODE) test/matrix/cli.ts $(MATRIX)

recovery: layers ## Measure how long callers wait when a worker died
	$(NODE) test/bench/recovery/cli.ts

swaps: layers ## Swap a function 200 times under load; says what callers notice
	$(NODE) test/swaps/cli.ts $(SWAPS)

soak: layers ## Keep the runtime under a steady load for half an hour
	$(NODE) test/chaos/soak/cli.ts $(SOAK)

##@ Build
layers: $(INSTALLED) ## Build the runtime layer and those of INTERPRETERS
	$(PILOTLIGHT) layers $(INTERPRETERS)

function: $(INSTALLED) ## Bundle and zip FUNCTION
	$(PILOTLIGHT) build $(FUNCTION)

dist: layers function ## Build all three zips into dist

package: $(INSTALLED) ## Compile what the npm package holds; npm pack calls it
	$(NODE) layers/package/make-package.ts

clean: ## Remove what was built and installed
	rm -rf dist node_modules layers/interpreters/*/node_modules layers/interpreters/*/packages .setup

##@ Deploy
deploy: $(INSTALLED) ## Publish and update what changed of FUNCTION, at ENDPOINT or on AWS
	$(PILOTLIGHT) deploy $(FUNCTION) $(TARGET) $(DEPLOY)

deploy_interpreter_layer: $(INSTALLED) ## Publish the interpreter layer alone
	$(PILOTLIGHT) deploy $(FUNCTION) --part interpreter $(TARGET) $(DEPLOY)

deploy_runtime_layer: $(INSTALLED) ## Publish the runtime layer alone
	$(PILOTLIGHT) deploy $(FUNCTION) --part runtime $(TARGET) $(DEPLOY)

deploy_function: $(INSTALLED) ## Update the function alone; its layers stay as they are
	$(PILOTLIGHT) deploy $(FUNCTION) --part function $(TARGET) $(DEPLOY)

create: deploy ## The same as deploy, which makes what is not there

logs: $(INSTALLED) ## Print what the deployed function logged
	@$(PILOTLIGHT) logs $(NAME) $(TARGET) $(LOGS)

prune: $(INSTALLED) ## Delete old versions of the layers and the function that nothing points at
	$(PILOTLIGHT) prune $(NAME) $(TARGET) $(DELETE)

delete: $(INSTALLED) ## Delete the deployed function
	$(PILOTLIGHT) delete $(NAME) $(TARGET) $(DELETE)

$(INSTALLED): package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
