import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a runtime asks for beside events: to be an extension, and to be restored. */
export interface ScriptedSideCalls {
  /** Every such call, as `POST /2020-01-01/extension/register`, and `poll` for each poll, in order. */
  readonly calls: string[];
  /** What a registration is answered with. */
  registerStatus: number;
  /** Resolves when the runtime asks for its restore, which is answered when `answer` is called. */
  restoreAsked(): Promise<{ answer(status: number): void; cut(): void }>;
  /** Answers a request, or returns false when it is none of these. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Makes the part of the scripted Runtime API that answers such calls. */
export function scriptSideCalls(): ScriptedSideCalls {
  const asked = Promise.withResolvers<ServerResponse>();
  const self: ScriptedSideCalls = {
    calls: [],
    registerStatus: 200,
    async restoreAsked() {
      const response = await asked.promise;
      return {
        answer: (status) => response.writeHead(status).end(),
        cut: () => response.socket?.resetAndDestroy(),
      };
    },
    take(request, response) {
      const { method, url = '' } = request;
      if (url.endsWith('/invocation/next')) self.calls.push('poll');
      if (!url.endsWith('/restore/next') && !url.startsWith('/2020-01-01/')) return false;
      self.calls.push(`${method} ${url}`);
      if (url.endsWith('/restore/next')) asked.resolve(response);
      if (url.endsWith('/register')) {
        request.resume();
        const headers = { 'lambda-extension-identifier': 'extension-1' };
        response.writeHead(self.registerStatus, headers).end('{"functionName":"f"}');
      }
      return true;
    },
  };
  return self;
}
