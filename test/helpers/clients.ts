import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Where `make setup` puts what no package of the distribution has. */
export const SETUP_FOLDER = join(PROJECT, '.setup');
/** Where layers are built, as by the verb `layers`. */
export const LAYERS_FOLDER = join(import.meta.dirname, '../../dist');

/** Debian's AWS CLI, by its path: another `aws` may stand earlier in PATH. */
export const AWS_CLI = '/usr/bin/aws';

export const BWRAP = '/usr/bin/bwrap';

/** Gives a command a terminal. */
export const SCRIPT = '/usr/bin/script';

/** A small language, to be added as users add theirs. */
export const LUAJIT = '/usr/bin/luajit';

/** Runs programs for arm64 on other machines. */
export const QEMU_AARCH64 = '/usr/bin/qemu-aarch64-static';

/** The last of the libraries that such programs are linked with. */
export const ARM64_LIBRARIES = '/usr/aarch64-linux-gnu/lib/libstdc++.so.6';

/** Debian's browser, which shows the benchmark's page. */
export const CHROMIUM = '/usr/bin/chromium';

/** Debian's compiler, which compiles programs that are functions by themselves. */
export const CRYSTAL_COMPILER = '/usr/bin/crystal';

/** Python with boto3, in a virtual environment of its own. */
export const PYTHON = join(SETUP_FOLDER, 'python/bin/python3');

/** Virtual environment of moto, whose server answers as AWS does. */
export const MOTO_FOLDER = join(SETUP_FOLDER, 'moto');

/** The npm that comes with Node 20 and 22, as a program for Node. */
export const NPM_10 = join(SETUP_FOLDER, 'npm10/bin/npm-cli.js');

/** Takes a request as JSON on standard input and prints boto3's answer as JSON. */
export const INVOKE_SCRIPT = join(PROJECT, 'test/fixtures/clients/invoke.py');

/** Python with cfn-lint and python-hcl2, in a virtual environment of its own. */
export const LINT_PYTHON = join(SETUP_FOLDER, 'cfn-lint/bin/python3');

/** Folder of the AWS CDK's `package.json` and `node_modules`. */
export const CDK_FOLDER = join(SETUP_FOLDER, 'cdk');

/** Folder of the Serverless Framework's `package.json` and `node_modules`. */
export const SERVERLESS_FOLDER = join(SETUP_FOLDER, 'serverless');

/** Formats and parses Terraform's language. */
export const HCLFMT = join(SETUP_FOLDER, 'hclfmt/hclfmt');

/** Folder of the official Node client's `package.json` and `node_modules`. */
export const RIC_FOLDER = join(SETUP_FOLDER, 'ric');

/** The official Node client itself. */
export const RIC_PACKAGE = join(RIC_FOLDER, 'node_modules/aws-lambda-ric');

/** Where the runtimes lie that the benchmark measures beside ours. */
const PEERS_FOLDER = join(SETUP_FOLDER, 'peers');

/** Virtual environment with the official Python client. */
export const PYTHON_PEER = join(PEERS_FOLDER, 'python');

/** Folder of `bootstrap`, a handler with the official Go client. */
export const GO_PEER = join(PEERS_FOLDER, 'go');

/** Folder of `bootstrap`, a handler with the official Rust client. */
export const RUST_PEER = join(PEERS_FOLDER, 'rust');

/** Folder of `bin/lambda-adapter`, the AWS Lambda Web Adapter. */
export const WEB_ADAPTER_PEER = join(PEERS_FOLDER, 'web-adapter');

/** Folder of the conformance kit's handlers that are compiled, each beside the stamp that says from what. */
export const KIT_HANDLERS = resolve('dist/conformance');

/** Folder of the event samples of AWS's libraries for Go and Rust, as they lie in there, in a folder each. */
export const EVENT_SAMPLES = join(SETUP_FOLDER, 'event-samples');

/** Folder of the compiled programs among the foreign bootstraps, each beside the stamp that says from what. */
export const SEED_PROGRAMS = join(SETUP_FOLDER, 'seeds');

/** The distribution's curl, by its path. */
export const CURL = '/usr/bin/curl';

/** The distribution's PHP, by its path. */
export const PHP = '/usr/bin/php';

/** Where its curl extension lies: the folder has the number of PHP's internal interface. */
export const PHP_CURL_PATTERN = '/usr/lib/php/*/curl.so';

/** The extension itself, or the pattern while it is not there. */
export const PHP_CURL = globSync(PHP_CURL_PATTERN)[0] ?? PHP_CURL_PATTERN;

/**
 * Finds the Node that the project is pinned to, because the machine's own may be too old to run the tests.
 *
 * @returns the absolute path of its package, with `bin/node` and the headers in `include/node`
 */
export function pinnedNodeFolder(): string {
  return dirname(createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`));
}

/**
 * Finds the Node that the project is pinned to.
 *
 * @returns the absolute path of its binary
 */
export function pinnedNode(): string {
  return join(pinnedNodeFolder(), 'bin/node');
}
