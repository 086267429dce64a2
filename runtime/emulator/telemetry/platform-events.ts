import type { FunctionSettings } from '../../cli/function-settings.ts';
import type { Failure } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import type { TelemetryHub } from './telemetry-hub.ts';

export type InitPhase = 'init' | 'invoke';

/** Figures of an invocation. */
export interface Figures {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryBytes: number;
  readonly initMs: number | undefined;
}

/** Takes events of the platform. */
export type PlatformSink = Pick<TelemetryHub, 'emit'>;

/** How something ended, in the words of the telemetry. */
export interface End {
  readonly status: 'success' | 'error' | 'failure' | 'timeout';
  readonly errorType?: string;
}

/** Tells that an init begins. */
export function emitInitStart(
  sink: PlatformSink,
  phase: InitPhase,
  settings: FunctionSettings,
  version: string,
): void {
  sink.emit('platform.initStart', () => ({
    initializationType: 'on-demand',
    phase,
    functionName: settings.name,
    functionVersion: version,
    runtimeVersion: 'provided:al2023.local',
    runtimeVersionArn: 'arn:aws:lambda:us-east-1::runtime:local',
    instanceMaxMemory: settings.memoryMiB * 2 ** 20,
  }));
}

/** Tells that an init has succeeded; where it failed, nobody is left to be told. */
export function emitInitEnd(sink: PlatformSink, phase: InitPhase, durationMs: number): void {
  const record = { initializationType: 'on-demand', phase, status: 'success' };
  sink.emit('platform.initRuntimeDone', () => record);
  sink.emit('platform.initReport', () => initReport(phase, durationMs, { status: 'success' }));
}

/** What is told of an init that has ended. */
export function initReport(
  phase: InitPhase,
  durationMs: number,
  end: { status: string; errorType?: string },
) {
  const { status, errorType } = end;
  return { initializationType: 'on-demand', phase, status, errorType, metrics: { durationMs } };
}

/** Tells that an invocation of a version begins. */
export function emitStart(
  sink: PlatformSink,
  { requestId, traceId, tenantId }: Invocation,
  version: string,
): void {
  sink.emit('platform.start', () => ({
    requestId,
    version,
    tracing: tracing(traceId),
    ...(tenantId === undefined ? {} : { tenantId }),
  }));
}

/** Tells that the runtime is done with an invocation; extensions may still be busy with it. */
export function emitRuntimeDone(
  sink: PlatformSink,
  { requestId, traceId }: Invocation,
  durationMs: number,
  end: End,
): void {
  sink.emit('platform.runtimeDone', () => ({
    requestId,
    ...end,
    metrics: { durationMs },
    tracing: tracing(traceId),
    spans: [],
  }));
}

/** Tells the figures of an invocation. */
export function emitReport(sink: PlatformSink, figures: Figures, memorySizeMB: number, end: End): void {
  const { requestId, durationMs, billedMs, memoryBytes, initMs } = figures;
  sink.emit('platform.report', () => ({
    requestId,
    ...end,
    metrics: {
      durationMs,
      billedDurationMs: billedMs,
      memorySizeMB,
      maxMemoryUsedMB: Math.ceil(memoryBytes / 2 ** 20),
      ...(initMs === undefined ? {} : { initDurationMs: initMs }),
    },
    spans: [],
  }));
}

/** Says how an invocation ended from the platform's failure, or from what the function answered. */
export function endOf(failure: Failure | undefined, failed: boolean): End {
  if (failure === undefined) return { status: failed ? 'error' : 'success' };
  const { errorType } = failure;
  return failure.status === 'timeout' ? { status: 'timeout' } : { status: 'failure', errorType };
}

function tracing(traceId: string) {
  const spanId = /Parent=([0-9a-f]+)/.exec(traceId)?.[1];
  return { spanId, type: 'X-Amzn-Trace-Id', value: traceId };
}
