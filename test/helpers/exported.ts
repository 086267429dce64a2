import { join } from 'node:path';
import { readDeployment } from '../../layers/export/deployment.ts';
import { FORMATS, type FormatName } from '../../layers/export/formats.ts';
import { readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import { type Cleaner, useTmp } from './use-tmp.ts';
import { writeFiles } from './write-files.ts';

const OTHERS_LAYER = 'arn:aws:lambda:eu-central-1:123456789012:layer:other:7';

/** Functions that together have each setting, and each with what lies below it in its layers. */
export const EXPORTED = {
  plain: {
    settings: { arch: 'x86_64' },
    layers: ['dist/interpreter-node-x86_64.zip', 'dist/runtime.zip'],
  },
  full: {
    settings: {
      name: 'my-full_shop',
      handler: 'shop.sell',
      interpreter: 'php',
      arch: 'x86_64',
      memoryMiB: 512,
      timeoutS: 10,
      // What some dialect would take for something of its own.
      environment: { ODD: `it's \${x} %{y} "q" \\ $HOME <&> é`, SWITCH: 'on', NUMBER: '012', EMPTY: '' },
      url: 'stream',
      logFormat: 'JSON',
      logLevel: 'WARN',
      concurrency: 5,
      layers: ['../more/runtime.v2.zip', OTHERS_LAYER],
    },
    layers: [
      'dist/interpreter-node-x86_64.zip',
      'dist/interpreter-php-x86_64.zip',
      'dist/runtime.zip',
      'more/runtime.v2.zip',
      OTHERS_LAYER,
    ],
  },
  others: {
    settings: {
      name: '2nd',
      interpreter: 'bun',
      arch: 'arm64',
      url: 'buffered',
      role: 'arn:aws:iam::123456789012:role/some',
    },
    layers: ['dist/interpreter-bun-arm64.zip', 'dist/runtime.zip'],
  },
} as const;
export type ExportedName = keyof typeof EXPORTED;
export const EXPORTED_NAMES = Object.keys(EXPORTED) as ExportedName[];

/** What an export must tell whoever reads it. */
export interface Told {
  readonly name: unknown;
  readonly handler: unknown;
  readonly arch: unknown;
  readonly memoryMiB: unknown;
  readonly timeoutS: unknown;
  readonly environment: unknown;
  readonly url: unknown;
  readonly logging: unknown;
  readonly concurrency: unknown;
  /** ARN, or undefined for one that comes with it. */
  readonly role: unknown;
  /** Paths of zips and ARNs, the lowest first. */
  readonly layers: unknown;
  /** Path of the zip. */
  readonly code: unknown;
}

/**
 * Makes a folder with a function in `shop/`, and with files in place of the zips, which hold their own paths.
 *
 * @param t the test's context
 * @param name of the function, see there
 */
export function useExported(t: Cleaner, name: ExportedName) {
  const folder = useTmp(t);
  const { settings, layers } = EXPORTED[name];
  const code = `dist/function-${'name' in settings ? settings.name : 'shop'}.zip`;
  const zips = [...layers, code].filter((path) => path.endsWith('.zip'));
  writeFiles(folder, {
    'shop/pilotlight.json': JSON.stringify(settings),
    ...Object.fromEntries(zips.map((zip) => [zip, zip])),
  });
  return {
    folder,
    /** What the verb prints in this folder. */
    async export(format: FormatName): Promise<string> {
      const options = { overrides: {}, zips: join(folder, 'dist'), base: folder };
      return FORMATS[format](await readDeployment(join(folder, 'shop'), options));
    },
    /** What every export must tell. */
    async wanted(): Promise<Told> {
      const all = await readFunctionSettings(join(folder, 'shop'));
      const { handler, arch, memoryMiB, timeoutS, environment, url, concurrency, role } = all;
      const logging = all.logFormat === 'JSON' ? { format: 'JSON', level: all.logLevel } : undefined;
      const about = { handler, arch, memoryMiB, timeoutS, environment, url, logging, concurrency, role };
      return { name: all.name, ...about, layers: [...layers], code };
    },
  };
}
