import type { FunctionSettings } from '../cli/function-settings.ts';
import type { FaultInjector } from './faults/fault-injector.ts';
import type { Credentials } from './lambda-variables.ts';
import type { MakeMemoryMeter } from './memory-meter.ts';
import type { IsolationName } from './sandbox/sandbox.ts';

/** What an environment is made from. */
export interface EnvironmentSpec {
  readonly settings: FunctionSettings;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly isolation: IsolationName;
  readonly makeMemoryMeter: MakeMemoryMeter;
  readonly optFolder: string;
  readonly taskFolder: string;
  /** Folder for its `/tmp`; made when missing. */
  readonly tmpFolder: string;
  readonly initLimitMs: number;
  /** Port of the worker's debugger; lifts every deadline. */
  readonly inspectPort: number | undefined;
  /** Whether its processes are stopped while it is idle. */
  readonly freeze: boolean;
  /** Has things go wrong on purpose. */
  readonly faults?: FaultInjector | undefined;
  /** Takes finished lines, and the name of the stream that is the environment's. */
  readonly log: (line: string, stream: string) => void;
}
