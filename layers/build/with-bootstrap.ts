import { readInterpreterSource } from './interpreter-source.ts';

/**
 * Adds Node's layer for the bootstrap where none of the interpreters can run it.
 *
 * @param names of interpreters
 * @throws {ToolError} `USAGE` for an unknown name
 */
export async function withBootstrap(names: readonly string[]): Promise<readonly string[]> {
  const sources = await Promise.all(names.map(readInterpreterSource));
  return sources.some(({ bootstrap }) => bootstrap.length > 0) ? names : ['node', ...names];
}
