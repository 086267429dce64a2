import { globSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { compileCrystal } from '../../../layers/build/crystal-program.ts';
import { KIT_HANDLERS } from '../../helpers/clients.ts';
import { PROGRAMS } from '../../helpers/needs.ts';
import { commandEnvironment } from '../../setup/command-environment.ts';
import { CARGO, CRYSTAL, findProgram, GO, type ToolProgram } from '../../setup/find-program.ts';
import { runCommand } from '../../setup/run-command.ts';
import { digestOf, isStamped, stamp } from '../../setup/stamp.ts';

const HANDLERS = join(import.meta.dirname, '../handlers');
const CRYSTAL_HANDLER = join(HANDLERS, 'crystal');

/** A language whose handler and client are compiled into one program. */
export type CompiledLanguage = 'go' | 'rust' | 'crystal';

const COMPILERS: Readonly<Record<CompiledLanguage, ToolProgram>> = { go: GO, rust: CARGO, crystal: CRYSTAL };
const SOURCES: Readonly<Record<CompiledLanguage, readonly string[]>> = {
  go: ['main.go', 'go.mod', 'go.sum'],
  rust: ['src/main.rs', 'Cargo.toml', 'Cargo.lock'],
  crystal: [
    'function.cr',
    ...globSync('../../../../worker/crystal/src/**/*.cr', { cwd: CRYSTAL_HANDLER }).sort(),
  ],
};

/**
 * Why a language's compiler cannot be used, and what helps.
 *
 * @param language the language
 * @returns `undefined` when it is there
 */
export function missingCompiler(language: CompiledLanguage): string | undefined {
  try {
    findProgram(COMPILERS[language], process.env.PATH);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Whether the kit's handler is there as its sources are now.
 *
 * @param language the language
 */
export function isCompiled(language: CompiledLanguage): boolean {
  return isStamped(PROGRAMS[`kit-${language}`], digestOfSources(language));
}

/**
 * Compiles the kit's handler with its client; what did not change is not compiled again.
 *
 * @param language the language
 * @param signal ends it early
 * @returns path of the program
 * @throws {ToolError} `CANNOT` when the compiler is missing or fails
 */
export async function compile(language: CompiledLanguage, signal?: AbortSignal): Promise<string> {
  const program = join(KIT_HANDLERS, `${language}-handler`);
  if (isCompiled(language)) return program;
  await mkdir(KIT_HANDLERS, { recursive: true });
  if (language === 'crystal') {
    // Not optimised, which takes a fifth of the time.
    const code = await compileCrystal(CRYSTAL_HANDLER, 'function.cr', { release: false, signal });
    await writeFile(program, code, { mode: 0o755 });
  } else await compileWithTool(language, program, signal);
  stamp(PROGRAMS[`kit-${language}`], digestOfSources(language));
  return program;
}

async function compileWithTool(
  language: Exclude<CompiledLanguage, 'crystal'>,
  program: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const compiler = findProgram(COMPILERS[language], process.env.PATH);
  const target = await mkdtemp(join(tmpdir(), 'pilotlight-kit-'));
  const environment = commandEnvironment(process.env);
  const options = {
    cwd: join(HANDLERS, language),
    // Where cargo lies in no folder of PATH, neither does the compiler that it calls.
    environment: {
      ...environment,
      CGO_ENABLED: '0',
      CARGO_TARGET_DIR: target,
      PATH: `${dirname(compiler)}:${environment.PATH}`,
    },
    ...(signal && { signal }),
    logFile: join(KIT_HANDLERS, `${language}.log`),
    next: `check that ${COMPILERS[language].name} reaches its registry`,
  };
  try {
    const built = join(target, language === 'rust' ? 'release/function' : 'function');
    const args =
      language === 'rust'
        ? ['build', '--release', '--locked', '--quiet']
        : ['build', '-trimpath', '-tags', 'lambda.norpc', '-o', built, '.'];
    await runCommand([compiler, ...args], options);
    await copyFile(built, program);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

function digestOfSources(language: CompiledLanguage): string {
  return digestOf(SOURCES[language].map((name) => readFileSync(join(HANDLERS, language, name), 'utf8')));
}
