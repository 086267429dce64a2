import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { HostError } from '../node/errors.ts';

const LOADER_CODES = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);
/** What Deno's own parser cannot read it calls a module that was not found; V8's errors end with the position. */
const SYNTAX_ERROR = /^(?:SyntaxError: )?(.*)[\s\S]*? at (file:\/\/\S+?):(\d+):\d+$/;

/** Deno's messages have colours and, behind the first line, the code in question. */
export async function explainImportError(error: unknown, file: string): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const message = stripVTControlCharacters(error.message);
  if (message.startsWith('SyntaxError: ') || error.name === 'SyntaxError') {
    const [, reason, url = '', line] = SYNTAX_ERROR.exec(message) ?? [];
    // Without a position it is what the code itself threw, as `JSON.parse` does.
    if (reason === undefined) return error;
    const place = `"${fileURLToPath(url)}" at line ${line}`;
    return new HostError('Runtime.UserCodeSyntaxError', `Cannot load ${place}: SyntaxError: ${reason}`, {
      cause: error,
    });
  }
  if (!LOADER_CODES.has(code ?? '') && path !== file) return error;
  const [reason] = message.split('\n');
  return new HostError('Runtime.ImportModuleError', `Cannot load "${file}": ${reason}`, { cause: error });
}
