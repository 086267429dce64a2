import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '../../cli/tool-error.ts';
import { ACCOUNT } from '../local-function.ts';
import { ServiceError } from '../service-error.ts';
import type { WorkFolder } from '../work-folder.ts';
import { notFound } from './refusals.ts';

const ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:layer:([a-zA-Z0-9-_]+)(?::(\d+))?$/;

/** What whoever publishes a layer says about it, under the API's names. */
export interface LayerFacts {
  readonly Description?: string | undefined;
  readonly CompatibleRuntimes?: readonly string[] | undefined;
  readonly CompatibleArchitectures?: readonly string[] | undefined;
  readonly LicenseInfo?: string | undefined;
}

/** One version of a layer. */
export interface LayerVersion {
  readonly name: string;
  readonly version: number;
  /** ARN of this version. */
  readonly arn: string;
  /** Path of the zip. */
  readonly zip: string;
  readonly bytes: number;
  readonly createdMs: number;
  readonly facts: LayerFacts;
}

/** A zip that is no layer yet. */
export interface KeptZip {
  readonly path: string;
  readonly bytes: number;
}

/** All layers of a local Lambda. */
export class LayerStore {
  readonly #region: string;
  readonly #work: WorkFolder;
  /** By name; a deleted version leaves a gap, since its number is not given again. */
  readonly #layers = new Map<string, (LayerVersion | undefined)[]>();
  readonly #sums = new WeakMap<LayerVersion, Promise<string>>();

  constructor(region: string, work: WorkFolder) {
    this.#region = region;
    this.#work = work;
  }

  /**
   * Makes a zip that lies somewhere a layer, named after its file; it is not copied.
   *
   * @throws {ToolError} `CANNOT` when it is not there
   */
  async addLocal(zip: string): Promise<LayerVersion> {
    const name = basename(zip, '.zip').replaceAll(/[^a-zA-Z0-9-_]/g, '-');
    const known = this.#layers.get(name)?.find((layer) => layer?.zip === zip);
    if (known !== undefined) return known;
    const { size, mtimeMs } = await stat(zip).catch((cause: Error) => {
      throw new ToolError('CANNOT', `Cannot find the layer "${zip}": ${cause.message}`, { cause });
    });
    return this.#add(name, (version) => ({ version, zip, bytes: size, createdMs: mtimeMs, facts: {} }));
  }

  /** Writes a zip where it can stay as long as the local Lambda runs. */
  async keep(zip: Uint8Array): Promise<KeptZip> {
    const path = join(await this.#work.make('layers'), `${randomUUID()}.zip`);
    await writeFile(path, zip);
    return { path, bytes: zip.length };
  }

  /** Makes a zip the next version of a layer. */
  publish(name: string, { path, bytes }: KeptZip, facts: LayerFacts): LayerVersion {
    return this.#add(name, (version) => ({ version, zip: path, bytes, createdMs: Date.now(), facts }));
  }

  /**
   * Finds a version of a layer.
   *
   * @param nameOrArn of the layer, or of the version
   * @throws {ServiceError} `ResourceNotFoundException`
   */
  get(nameOrArn: string, version?: number): LayerVersion {
    const { name, version: own } = parseLayerName(nameOrArn);
    const found = this.#layers.get(name)?.[(version ?? own ?? 0) - 1];
    if (found !== undefined) return found;
    throw notFound();
  }

  /** Forgets a version; functions that have it keep it, as on Lambda. */
  delete(nameOrArn: string, version: number): void {
    const versions = this.#layers.get(parseLayerName(nameOrArn).name);
    if (versions?.[version - 1] !== undefined) versions[version - 1] = undefined;
  }

  /** The versions of a layer, the newest first. */
  versions(nameOrArn: string): readonly LayerVersion[] {
    const versions = this.#layers.get(parseLayerName(nameOrArn).name) ?? [];
    return versions.filter((version) => version !== undefined).toReversed();
  }

  names(): readonly string[] {
    return [...this.#layers.keys()];
  }

  /** SHA-256 of a version's zip in base64, computed when it is first asked for. */
  sha256(layer: LayerVersion): Promise<string> {
    let sum = this.#sums.get(layer);
    if (sum === undefined) {
      sum = hashFile(layer.zip);
      this.#sums.set(layer, sum);
    }
    return sum;
  }

  /** The ARN of a layer without a version. */
  arnOf(name: string): string {
    return `arn:aws:lambda:${this.#region}:${ACCOUNT}:layer:${name}`;
  }

  #add(name: string, make: (version: number) => Omit<LayerVersion, 'name' | 'arn'>): LayerVersion {
    const versions = this.#layers.get(name) ?? [];
    const version = versions.length + 1;
    const layer = { ...make(version), name, arn: `${this.arnOf(name)}:${version}` };
    versions.push(layer);
    this.#layers.set(name, versions);
    return layer;
  }
}

/**
 * Reads how a caller names a layer: by its name, its ARN, or the ARN of a version.
 *
 * @throws {ServiceError} `ValidationException` for what is neither
 */
export function parseLayerName(nameOrArn: string): { name: string; version: number | undefined } {
  const [, name = nameOrArn, version] = ARN.exec(nameOrArn) ?? [];
  if (/^[a-zA-Z0-9-_]{1,140}$/.test(name)) {
    return { name, version: version === undefined ? undefined : Number(version) };
  }
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${nameOrArn}' at 'layerName' is neither a name nor an ARN`,
  );
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}
