import { type Finding, INVALID_ENTRYPOINT } from '../finding.ts';
import type { CheckedPart } from '../part-files.ts';
import type { PartSet } from '../part-set.ts';

const BUNDLE = /^function\.bundle(?:\.(?!.*map$)\w+)?$/;
const CODE = /\.(?:[cm]?[jt]s|php|sh|py|rb)$/;

/** Parts packed one folder too deep, and what is missing or twice in a set. */
export async function* checkLayout({ name, layers, fn }: PartSet): AsyncGenerator<Finding> {
  for (const part of layers) yield* packedTooDeep(part, /^(?:opt|layer)\//, '/opt');
  if (fn !== undefined) {
    yield* packedTooDeep(fn, /^[^/]+\/(?:function\.bundle\.\w+|bootstrap)$/, '/var/task');
    yield* checkBundles(fn);
  }
  const [runtime, ...others] = layers.filter(({ files }) => files.has('bootstrap'));
  if (fn?.files.has('bootstrap')) {
    if (runtime === undefined) return;
    yield {
      part: fn.name,
      file: 'bootstrap',
      code: 'bootstrap-in-function',
      severity: 'warning',
      what: `stands before the one of ${runtime.name}`,
      onLambda: 'Lambda starts /var/task/bootstrap; the runtime layer is never run',
      next: 'take it out of the function, or the runtime layer out of the set',
    };
  } else if (runtime === undefined) {
    yield {
      part: name,
      code: 'no-bootstrap',
      severity: 'error',
      what: 'no part has a "bootstrap" at its top',
      onLambda: INVALID_ENTRYPOINT,
      next: 'add the runtime layer: pilotlight layers',
    };
  }
  for (const other of others) {
    yield {
      part: other.name,
      file: 'bootstrap',
      code: 'two-bootstraps',
      severity: 'error',
      what: `stands over the one of ${runtime?.name}`,
      onLambda: `Lambda starts the one of ${layers.findLast(({ files }) => files.has('bootstrap'))?.name}`,
      next: 'keep one of the two layers',
    };
  }
}

function* packedTooDeep(part: CheckedPart, pattern: RegExp, root: string): Generator<Finding> {
  const paths = [...part.files.keys()];
  const [top = ''] = paths[0]?.split('/') ?? [];
  if (!paths.some((path) => pattern.test(path)) || !paths.every((path) => path.startsWith(`${top}/`))) return;
  yield {
    part: part.name,
    file: top,
    code: 'packed-too-deep',
    severity: 'error',
    what: `holds all there is: it would lie in ${root}/${top}`,
    onLambda: root === '/opt' ? INVALID_ENTRYPOINT : 'Runtime.ImportModuleError: the bundle is not found',
    next: `pack the content of "${top}", not the folder`,
  };
}

function* checkBundles({ name, files }: CheckedPart): Generator<Finding> {
  const bundles = [...files.keys()].filter((path) => BUNDLE.test(path));
  const onLambda = 'Runtime.ImportModuleError at init';
  if (bundles.length > 1) {
    yield {
      part: name,
      code: 'several-bundles',
      severity: 'error',
      what: `has ${bundles.map((path) => `"${path}"`).join(' and ')}, expected one`,
      onLambda,
      next: 'keep one of them',
    };
  }
  if (
    bundles.length === 0 &&
    files.size > 0 &&
    ![...files.keys()].some((path) => CODE.test(path) || path === 'bootstrap')
  ) {
    yield {
      part: name,
      code: 'no-bundle',
      severity: 'error',
      what: 'holds no code: neither "function.bundle.*" nor another source',
      onLambda,
      next: 'pilotlight build DIR makes the zip of a function',
    };
  }
}
