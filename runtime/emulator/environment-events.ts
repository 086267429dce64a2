import type { FunctionSettings } from '../cli/function-settings.ts';
import type { Extension } from './extensions/extension-session.ts';
import type { Failure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import type { EnvironmentLog } from './log.ts';
import { endLine, extensionLine, INIT_START_LINE, initReportLine, reportLine, startLine } from './report.ts';
import {
  emitInitEnd,
  emitInitStart,
  emitReport,
  emitRuntimeDone,
  emitStart,
  endOf,
} from './telemetry/platform-events.ts';
import { TelemetryHub } from './telemetry/telemetry-hub.ts';

export type InitPhase = 'init' | 'invoke';

/** Figures of an invocation. */
export interface Figures {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryBytes: number;
  readonly initMs: number | undefined;
}

/** What an environment tells of itself, as lines of the log and as telemetry alike. */
export class EnvironmentEvents {
  readonly #settings: FunctionSettings;
  readonly #log: EnvironmentLog;
  #telemetry = new TelemetryHub();
  #doneId: string | undefined;

  constructor(settings: FunctionSettings, log: EnvironmentLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Of the last init that was started. */
  get telemetry(): TelemetryHub {
    return this.#telemetry;
  }

  initStarts(phase: InitPhase): void {
    this.#telemetry = new TelemetryHub();
    this.#log.line(INIT_START_LINE);
    emitInitStart(this.#telemetry, phase, this.#settings);
  }

  initSucceeds(phase: InitPhase, initMs: number, extensions: readonly Extension[]): void {
    for (const { name, events } of extensions) {
      this.#log.line(extensionLine(name, events));
      this.#telemetry.emit('platform.extension', () => ({ name, state: 'Ready', events: [...events] }));
    }
    emitInitEnd(this.#telemetry, phase, initMs);
  }

  initFails(phase: InitPhase, initMs: number, failure: { status: string; errorType?: string }): void {
    this.#log.line(initReportLine(initMs, phase, failure));
  }

  starts(invocation: Invocation): void {
    this.#log.line(startLine(invocation.requestId));
    emitStart(this.#telemetry, invocation);
  }

  /** The runtime is done, whatever the extensions are. What comes second does not count. */
  runtimeDone(
    invocation: Invocation,
    durationMs: number,
    failure: Failure | undefined,
    failed: boolean,
  ): void {
    if (this.#doneId === invocation.requestId) return;
    this.#doneId = invocation.requestId;
    emitRuntimeDone(this.#telemetry, invocation, durationMs, endOf(failure, failed));
  }

  ends(figures: Figures, failure: Failure | undefined, failed: boolean): void {
    const memorySizeMiB = this.#settings.memoryMiB;
    this.#log.line(endLine(figures.requestId));
    this.#log.line(reportLine({ ...figures, memorySizeMiB, failure }));
    emitReport(this.#telemetry, figures, memorySizeMiB, endOf(failure, failed));
  }
}
