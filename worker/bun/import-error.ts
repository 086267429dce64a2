import { HostError } from '../node/errors.ts';

/** Where Bun could not read a text. */
interface Position {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Bun throws classes of its own, which no code of the function makes: of them only the names are known. */
export async function explainImportError(error: unknown, file: string): Promise<unknown> {
  // Of several errors in a text Bun makes one that holds them.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return error;
  const { name, message, stack, path, position } = first as NodeJS.ErrnoException & { position?: Position };
  if (name === 'BuildMessage' || (name === 'SyntaxError' && !stack?.includes('\n'))) {
    const place = position ? `"${position.file}" at line ${position.line}` : `"${file}"`;
    const reason = `Cannot load ${place}: SyntaxError: ${message}`;
    return new HostError('Runtime.UserCodeSyntaxError', reason, { cause: error });
  }
  if (name !== 'ResolveMessage' && path !== file) return error;
  return new HostError('Runtime.ImportModuleError', `Cannot load "${file}": ${message}`, { cause: error });
}
