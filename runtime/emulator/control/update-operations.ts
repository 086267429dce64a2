import { z } from 'zod';
import { parseFunctionName } from '../function-name.ts';
import { ServiceError } from '../service-error.ts';
import {
  applyConfiguration,
  bareSpec,
  CONFIGURATION_INPUT,
  requireMachineArchitecture,
} from './function-input.ts';
import { type Described, FunctionRecord } from './function-record.ts';
import type { FunctionSpec } from './function-spec.ts';
import { type Call, type ControlAnswer, calledFunction, operation } from './operation.ts';
import { MAX_UPLOAD_BYTES, readInput } from './read-input.ts';
import { renderConfiguration } from './render-configuration.ts';
import { requireRevision } from './require-revision.ts';
import { requireUnpackable, ZIP_INPUT, zipIn } from './zip-input.ts';

const ARCHITECTURES = z.array(z.string()).optional();
const CREATE_INPUT = z.object({
  ...CONFIGURATION_INPUT,
  Role: CONFIGURATION_INPUT.Role.unwrap(),
  FunctionName: z
    .string()
    .transform((text) => parseFunctionName(text, undefined).name)
    .pipe(z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/, 'expected 1 to 64 letters, digits, - and _')),
  Code: z.object(ZIP_INPUT),
  Architectures: ARCHITECTURES,
  Publish: z.boolean().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});
const CODE_INPUT = z.object({
  ...ZIP_INPUT,
  Architectures: ARCHITECTURES,
  Publish: z.boolean().optional(),
  DryRun: z.boolean().optional(),
  RevisionId: z.string().optional(),
});
const UPDATE_INPUT = z.object({ ...CONFIGURATION_INPUT, RevisionId: z.string().optional() });

/** What makes functions and changes them. */
export const UPDATE_OPERATIONS = [
  operation('POST /2015-03-31/functions', createFunction),
  operation('PUT /2015-03-31/functions/{}/code', updateFunctionCode),
  operation('PUT /2015-03-31/functions/{}/configuration', updateFunctionConfiguration),
];

async function createFunction({ control, request }: Call): Promise<ControlAnswer> {
  const { functions, codes, layers, deployer } = control;
  const input = await readInput(request, CREATE_INPUT, {
    operation: 'CreateFunction',
    maxBytes: MAX_UPLOAD_BYTES,
  });
  const name = input.FunctionName;
  requireMachineArchitecture(input.Architectures);
  const code = await codes.add(zipIn(input.Code));
  try {
    const spec = applyConfiguration(bareSpec(name, code), input, layers);
    await requireUnpackable(zipsOf(spec));
    if (functions.has(name)) {
      throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`);
    }
    const record = new FunctionRecord(spec, functions.region, deployer);
    for (const [key, value] of Object.entries(input.Tags ?? {})) record.tags.set(key, value);
    functions.add(record);
    void record.replace(spec);
    return { status: 201, body: await render(record, input.Publish) };
  } finally {
    code.release();
  }
}

async function updateFunctionCode(call: Call): Promise<ControlAnswer> {
  const { control, request } = call;
  const record = control.functions.find(calledFunction(call));
  const input = await readInput(request, CODE_INPUT, {
    operation: 'UpdateFunctionCode',
    maxBytes: MAX_UPLOAD_BYTES,
  });
  if (input.Architectures !== undefined) requireMachineArchitecture(input.Architectures);
  const code = await control.codes.add(zipIn(input));
  try {
    await requireUnpackable(zipsOf({ ...record.latest.spec, code }));
    requireRevision(input.RevisionId, record.latest.revisionId, 'GetFunction');
    const spec = { ...record.latest.spec, code };
    if (input.DryRun === true) {
      return { status: 200, body: renderConfiguration(record, { ...record.latest, spec }, undefined) };
    }
    replace(call, record, spec);
    return { status: 200, body: await render(record, input.Publish) };
  } finally {
    code.release();
  }
}

async function updateFunctionConfiguration(call: Call): Promise<ControlAnswer> {
  const { control, request } = call;
  const record = control.functions.find(calledFunction(call));
  const input = await readInput(request, UPDATE_INPUT, { operation: 'UpdateFunctionConfiguration' });
  const apply = () => applyConfiguration(record.latest.spec, input, control.layers);
  await requireUnpackable(zipsOf(apply()));
  requireRevision(input.RevisionId, record.latest.revisionId, 'GetFunction');
  replace(call, record, apply());
  return { status: 200, body: await render(record, undefined) };
}

function replace({ control }: Call, record: FunctionRecord, spec: FunctionSpec): void {
  void record
    .replace(spec)
    .then((replacement) => control.onReplaced(record.name, spec.code.sha256, replacement));
}

function zipsOf({ code, layers }: FunctionSpec): readonly string[] {
  return [code.zip, ...layers.map(({ zip }) => zip)];
}

/** Whoever wants a version gets it once there is something to make it of, and is told otherwise if there is not. */
async function render(record: FunctionRecord, publish: boolean | undefined): Promise<object> {
  let described: Described = record.latest;
  if (publish === true) {
    await record.settled;
    described = record.latest;
    if (described.status.kind === 'settled') described = await record.publish(undefined);
  }
  return renderConfiguration(
    record,
    described,
    described.version === '$LATEST' ? undefined : described.version,
  );
}
