import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandEnvironment } from '../../setup/command-environment.ts';

test('commandEnvironment() keeps what leads to the network and leaves out what bends a build', () => {
  const kept = {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    https_proxy: 'http://proxy.example',
    HTTP_PROXY: 'http://proxy.example',
    SSL_CERT_FILE: '/certs.pem',
    npm_config_registry: 'http://mirror.example',
    PIP_INDEX_URL: 'http://mirror.example',
    GOPROXY: 'http://mirror.example',
    GOMODCACHE: '/cache/go',
    CARGO_HOME: '/cache/cargo',
    CARGO_REGISTRIES_MIRROR_INDEX: 'http://mirror.example',
    RUSTUP_HOME: '/cache/rustup',
  };
  const left = {
    MAKEFLAGS: '-j8',
    NODE_OPTIONS: '--inspect',
    CXXFLAGS: '-O0',
    PYTHONPATH: '/x',
    LD_PRELOAD: '/x.so',
    GOFLAGS: '-race',
    RUSTFLAGS: '-C opt-level=0',
    CARGO_PROFILE_RELEASE_LTO: 'off',
    CARGO_TARGET_DIR: '/x',
  };
  assert.deepEqual(commandEnvironment({ ...kept, ...left }), kept);
});
