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
  type Figures,
  type InitPhase,
  initReport,
  type PlatformSink,
} from './telemetry/platform-events.ts';
import { TelemetryHub } from './telemetry/telemetry-hub.ts';

/** What an environment tells of itself, as lines of the log and as telemetry alike. */
export class EnvironmentEvents {
  readonly #settings: FunctionSettings;
  readonly #version: string;
  readonly #log: EnvironmentLog;
  /** Takes what stands in the log too; what else there is would be of the level DEBUG, or is said by the report. */
  readonly #logged: PlatformSink;
  #telemetry = new TelemetryHub();
  #doneId: string | undefined;

  constructor(settings: FunctionSettings, version: string, log: EnvironmentLog) {
    this.#settings = settings;
    this.#version = version;
    this.#log = log;
    this.#logged = {
      emit: (type, record) => {
        this.#telemetry.emit(type, record);
        this.#json(type, record);
      },
    };
  }

  /** Of the last init that was started. */
  get telemetry(): TelemetryHub {
    return this.#telemetry;
  }

  initStarts(phase: InitPhase): void {
    this.#telemetry = new TelemetryHub();
    this.#text(INIT_START_LINE);
    emitInitStart(this.#logged, phase, this.#settings, this.#version);
  }

  initSucceeds(phase: InitPhase, initMs: number, extensions: readonly Extension[]): void {
    for (const { name, events } of extensions) {
      this.#text(extensionLine(name, events));
      this.#logged.emit('platform.extension', () => ({ name, state: 'Ready', events: [...events] }));
    }
    emitInitEnd(this.#telemetry, phase, initMs);
  }

  initFails(phase: InitPhase, initMs: number, failure: { status: string; errorType?: string }): void {
    this.#text(initReportLine(initMs, phase, failure));
    // Of the log alone: the extensions have ended.
    this.#json('platform.initReport', () => initReport(phase, initMs, failure));
  }

  starts(invocation: Invocation): void {
    this.#text(startLine(invocation.requestId, this.#version));
    emitStart(this.#logged, invocation, this.#version);
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
    this.#text(endLine(figures.requestId));
    this.#text(reportLine({ ...figures, memorySizeMiB, failure }));
    emitReport(this.#logged, figures, memorySizeMiB, endOf(failure, failed));
  }

  #text(line: string): void {
    if (this.#settings.logFormat === 'Text') this.#log.line(line);
  }

  #json(type: string, record: () => unknown): void {
    if (this.#settings.logFormat !== 'JSON') return;
    this.#log.line(JSON.stringify({ time: new Date().toISOString(), type, record: record() }));
  }
}
