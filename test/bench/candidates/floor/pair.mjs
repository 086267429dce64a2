// The least that two Node processes can do: each event goes over a Unix socket to a worker, which runs the handler.
// Nothing is checked, nothing has an end, a failure least of all. A connection and a write for each way.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serve } from './runtime-api.mjs';
import { headerIn, wholeMessages, writeMessage } from './whole-messages.mjs';

const path = join(process.env.TMPDIR, 'pair.sock');
const program = join(import.meta.dirname, 'pair-worker.mjs');
const worker = spawn(process.execPath, [program, path, process.argv[2]], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
// The worker's one word: it listens.
worker.stdout.once('data', () => {
  let running;
  const socket = connect({ path, onread: wholeMessages((_head, result) => answer(running, result)) });
  const answer = serve((requestId, event, head) => {
    running = requestId;
    const deadlineMs = headerIn(head, 'Lambda-Runtime-Deadline-Ms: ');
    const lines = `Host: worker\r\nId: ${requestId}\r\nDeadline-Ms: ${deadlineMs}`;
    writeMessage(socket, `POST /invocations/${requestId} HTTP/1.1\r\n${lines}`, event);
  });
});
