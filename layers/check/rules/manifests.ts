import { z } from 'zod';
import { PROTOCOL_VERSION } from '../../../worker/protocol.ts';
import type { Finding } from '../finding.ts';
import { bundleOf, type CheckedPart, RUNTIME_MANIFEST } from '../part-files.ts';
import { isManifest, type PartSet, parseManifest } from '../part-set.ts';
import { readRuntimeManifest } from '../runtime-manifest.ts';

/** Interpreters and the runtime layer that do not go together: manifests, hosts, architectures, protocol versions. */
export async function* checkManifests(set: PartSet): AsyncGenerator<Finding> {
  for (const part of set.layers) {
    for (const [path, file] of part.files) {
      if (!isManifest(path)) continue;
      const reason = await whyUnreadable((await file.read()).toString('utf8'));
      if (reason === undefined) continue;
      yield {
        part: part.name,
        file: path,
        code: 'unreadable-manifest',
        severity: 'error',
        what: reason,
        onLambda: 'Runtime.InterpreterUnusable at init',
        next: 'build the layer again: pilotlight layers',
      };
    }
  }
  yield* checkArchitectures(set);
  const runtime = set.layers.find(({ kind }) => kind === 'runtime');
  if (runtime === undefined) return;
  yield* checkProtocol(runtime);
  for (const { part, name, binary, host, bootstrap } of set.manifests) {
    const at = { part: part.name, severity: 'error' } as const;
    if (!set.layers.some(({ files }) => files.has(`pilotlight/${host}`))) {
      yield {
        ...at,
        code: 'host-missing',
        what: `${name} is hosted by "pilotlight/${host}", which no layer has`,
        onLambda: 'Runtime.InterpreterUnusable at init',
        next: 'build and publish both layers from the same version of pilotlight',
      };
    }
    // How the bootstrap starts on it, or the worker beside the bootstrap.
    const start = bootstrap.length === 0 ? [] : [`interpreters/${name}.start`];
    for (const path of [binary, ...start]) {
      if (part.files.has(path)) continue;
      yield {
        ...at,
        code: 'incomplete-interpreter',
        what: `${name} has no "${path}"`,
        onLambda: 'Runtime.InterpreterMissing at init',
        next: 'build the layer again: pilotlight layers',
      };
    }
  }
  yield* checkChoice(set);
}

async function whyUnreadable(text: string): Promise<string | undefined> {
  try {
    parseManifest(text);
    return undefined;
  } catch (error) {
    return error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
  }
}

function* checkArchitectures({ name, manifests }: PartSet): Generator<Finding> {
  const [first, ...others] = manifests.filter(({ arch }) => arch !== undefined);
  for (const other of others) {
    if (other.arch === first?.arch) continue;
    yield {
      part: name,
      code: 'two-architectures',
      severity: 'error',
      what: `${first?.part.name} is for ${first?.arch}, ${other.part.name} for ${other.arch}`,
      onLambda: 'Runtime.InterpreterUnusable at init: cannot execute binary file',
      next: 'take both for the architecture of the function',
    };
  }
}

async function* checkProtocol(runtime: CheckedPart): AsyncGenerator<Finding> {
  const manifest = await readRuntimeManifest(runtime);
  const at = { part: runtime.name, file: RUNTIME_MANIFEST, severity: 'error' } as const;
  if (manifest === undefined) return;
  if ('unreadable' in manifest) {
    yield {
      ...at,
      code: 'unreadable-manifest',
      what: manifest.unreadable,
      onLambda:
        'nothing; but neither its worker protocol nor its files can be told from those of another version',
      next: 'build the layer again: pilotlight layers',
    };
    return;
  }
  if (manifest.protocol === PROTOCOL_VERSION) return;
  yield {
    ...at,
    code: 'protocol-mismatch',
    what: `version ${manifest.version} speaks worker protocol ${manifest.protocol}, expected ${PROTOCOL_VERSION}`,
    onLambda: 'Runtime.ProtocolMismatch at init, where a host or a worker comes from another version',
    next: 'build and publish the layers from the same version of pilotlight',
  };
}

function* checkChoice({ name, fn, manifests }: PartSet): Generator<Finding> {
  const bundle = fn && bundleOf(fn);
  if (bundle === undefined) return;
  const { path, ending } = bundle;
  const able = manifests.filter(({ bundles }) => bundles.includes(ending));
  if (able.length === 1) return;
  const names = manifests.map((manifest) => `"${manifest.name}"`).join(', ') || 'none';
  yield able.length === 0
    ? {
        part: name,
        code: 'no-interpreter',
        severity: 'error',
        what: `no interpreter can host "${path}": found ${names}`,
        onLambda: 'Runtime.InterpreterMissing at init',
        next: 'add the layer of one that can: pilotlight layers --list',
      }
    : {
        part: name,
        code: 'several-interpreters',
        severity: 'warning',
        what: `several interpreters can host "${path}": ${names}`,
        onLambda: 'Runtime.InterpreterMissing at init, unless PILOTLIGHT_INTERPRETER names one of them',
        next: 'set PILOTLIGHT_INTERPRETER, or leave one out',
      };
}
