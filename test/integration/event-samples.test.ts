// Sends the samples of events that AWS's own libraries are tested with, which `make setup` fetches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEventSamples } from '../helpers/event-samples.ts';
import { needs } from '../helpers/needs.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

/** Cut off within a list, by its authors' intention. */
const NO_JSON = ['aws-lambda-go/events/testdata/dynamodb-event-malformed.2.json'];
const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };
/** A host that answers with the bytes that it gets, whatever they are. */
const BYTES_HOST = `import { createServer } from 'node:http';
  import { writeSync } from 'node:fs';
  process.stdin.once('data', (line) => {
    createServer((request, response) => {
      response.setHeader('Lambda-Runtime-Aws-Request-Id', request.url.split('/').pop());
      request.pipe(response);
    })
      .listen(JSON.parse(line).socket, () => writeSync(3, JSON.stringify({ kind: 'ready', protocol: 1 }) + '\\n'));
  }).once('close', () => process.exit());`;

const samples = readEventSamples();

test(
  'bytes of every sample reach the worker and come back as they are',
  needs('event-samples'),
  async (t) => {
    // Fewer than there are, so that a new version may drop some.
    assert.ok(samples.length > 200, `only ${samples.length} samples are installed`);
    const opt = { 'pilotlight/hosts/node.mjs': BYTES_HOST };
    const { api } = await useBootstrap(t, { files: ECHO, opt });
    for (const { name, id, bytes } of samples) {
      const { path, body } = await api.send({ id, body: bytes });
      assert.match(path, /\/response$/, name);
      assert.deepEqual(body, bytes, name);
    }
  },
);

test(
  'handler gets every sample, and what it returns is written as the sample',
  needs('event-samples'),
  async (t) => {
    const { api } = await useBootstrap(t, { files: ECHO });
    for (const { name, id, bytes, event } of samples.filter(({ name }) => !NO_JSON.includes(name))) {
      // White space is the author's; all else is compared byte for byte.
      const compact = JSON.stringify(event);
      for (const body of [bytes, compact]) {
        const post = await api.send({ id, body });
        assert.match(post.path, /\/response$/, name);
        assert.equal(String(post.body), compact, name);
      }
    }
  },
);

test('sample that is no JSON fails alone', needs('event-samples'), async (t) => {
  const broken = samples.filter(({ event }) => event === undefined);
  assert.deepEqual(
    broken.map(({ name }) => name),
    NO_JSON,
  );
  const { api } = await useBootstrap(t, { files: ECHO });
  for (const { id, bytes } of broken) {
    const { path, headers } = await api.send({ id, body: bytes });
    assert.match(path, /\/error$/);
    assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.UnmarshalError');
    assert.equal(String((await api.send({ id: 'next', body: '1' })).body), '1');
  }
});
