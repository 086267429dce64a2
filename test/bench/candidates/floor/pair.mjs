// The least that two Node processes can do: each event goes over a Unix socket to a worker, which sends it back.
// Nothing is checked, nothing has a deadline. A connection and a write for each way.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serve } from './runtime-api.mjs';
import { wholeMessages, writeMessage } from './whole-messages.mjs';

const path = join(process.env.TMPDIR, 'pair.sock');
const program = join(import.meta.dirname, 'pair-worker.mjs');
const worker = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
// The worker's one word: it listens.
worker.stdout.once('data', () => {
  let running;
  const socket = connect({ path, onread: wholeMessages((_head, result) => answer(running, result)) });
  const answer = serve((requestId, event) => {
    running = requestId;
    writeMessage(socket, `POST /invocations/${requestId} HTTP/1.1\r\nHost: worker`, event);
  });
});
