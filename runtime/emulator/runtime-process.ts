import { startExtensionProcesses } from './extensions/extension-processes.ts';
import { type FunctionFacts, routeExtension } from './extensions/extension-routes.ts';
import { type Extension, ExtensionSession, type ShutdownReason } from './extensions/extension-session.ts';
import { findExtensions } from './extensions/find-extensions.ts';
import type { EnvironmentLog } from './log.ts';
import type { RuntimeExit } from './runtime-exit.ts';
import { createRuntimeRoutes } from './runtime-routes.ts';
import { startRuntimeServer } from './runtime-server.ts';
import { type Delivered, type Delivery, RuntimeSession } from './runtime-session.ts';
import { Freezer } from './sandbox/freezer.ts';
import type { Sandbox, SandboxRequest } from './sandbox/sandbox.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';
import { shutDown } from './shut-down.ts';
import { logRecord } from './telemetry/log-record.ts';
import type { TelemetryHub } from './telemetry/telemetry-hub.ts';
import { routeTelemetry } from './telemetry/telemetry-routes.ts';

const NO_EXIT = { exitCode: undefined, signal: undefined } as const;

/** What an extension is told of an invocation. */
export interface InvokeFacts {
  readonly deadlineMs: number;
  readonly arn: string;
  readonly traceId: string;
}

/** What follows a delivery to a runtime with extensions: `settled` when they too wait for the next event. */
export interface DeliveredEvent extends Delivered {
  /** Settles when the runtime asks for the next event. */
  readonly runtimeDone: Promise<void>;
}

/** One start of a bootstrap with its extensions, and the Runtime API that they alone talk to. */
export interface RuntimeProcess {
  readonly session: RuntimeSession;
  /** Settles when the runtime and all extensions wait for the first event. */
  readonly initialised: Promise<void>;
  /** Settles when the bootstrap or an extension has ended. */
  readonly exited: Promise<RuntimeExit>;
  hasExited(): boolean;
  extensions(): readonly Extension[];
  /** Hands an event to the runtime and to those extensions that want it; it is over when all ask for the next. */
  deliver(delivery: Delivery, facts: InvokeFacts): DeliveredEvent;
  /** Process ids, as this machine counts them, of the bootstrap, the extensions and all below them. */
  readonly processes: () => readonly number[];
  /** Stops all processes until `thaw()`; only when all wait for the next event. */
  freeze(): void;
  thaw(): void;
  /** Ends every process, then takes in what they had still said and written, then closes the port. */
  stop(reason: ShutdownReason): Promise<void>;
}

/**
 * Starts a bootstrap, once the external extensions have registered.
 *
 * @param request the sandbox, without its variables
 * @param variables makes them from the Runtime API's `host:port`
 * @param facts what extensions are told when they register
 * @param log takes what the processes write
 * @param telemetry is told of that too, and extensions may subscribe to it until the init has ended
 */
export async function startRuntimeProcess(
  request: Omit<SandboxRequest, 'variables'>,
  variables: (runtimeApi: string) => Record<string, string>,
  facts: FunctionFacts,
  log: EnvironmentLog,
  telemetry: TelemetryHub,
): Promise<RuntimeProcess> {
  const programs = await findExtensions(request.optFolder);
  const session = new RuntimeSession();
  const extensions = new ExtensionSession(programs.map(({ name }) => name));
  const server = await startRuntimeServer(
    createRuntimeRoutes(
      session,
      async (...exchange) =>
        (await routeExtension(extensions, facts, ...exchange)) ||
        (await routeTelemetry(telemetry, extensions, ...exchange)),
    ),
  );
  const closeAndThrow = async (error: unknown): Promise<never> => {
    await server.close();
    throw error;
  };
  const whole = { ...request, variables: variables(server.address) };
  const format = whole.variables.AWS_LAMBDA_LOG_FORMAT;
  const hear = (type: string) => (line: string) => telemetry.emit(type, () => logRecord(line, format));
  const processes =
    programs.length === 0
      ? undefined
      : await startExtensionProcesses(programs, whole, log, hear('extension')).catch(closeAndThrow);

  const stopping = Promise.withResolvers<undefined>();
  let started: Sandbox | undefined;
  const start = async (): Promise<Sandbox> => {
    const sandbox = await startSandbox(whole);
    started = sandbox;
    log.attach(sandbox.stdout, hear('function'));
    log.attach(sandbox.stderr, hear('function'));
    return sandbox;
  };
  const bootstrap: Promise<Sandbox | undefined> =
    processes === undefined
      ? start()
      : Promise.race([extensions.registered.then(() => true), stopping.promise]).then((go) =>
          go === true ? start() : undefined,
        );
  // Where nothing has to register first, a failure to start is told at once.
  if (processes === undefined) await bootstrap.catch(closeAndThrow);

  let hasExited = false;
  const exits: Promise<RuntimeExit>[] = [
    bootstrap.then((sandbox) => sandbox?.exited ?? new Promise<never>(() => {})),
    extensions.failed.then((extensionError) => ({ ...NO_EXIT, extensionError })),
  ];
  if (processes !== undefined) {
    exits.push(processes.exited.then((exit) => ({ ...exit, extensionError: 'Extension.Crash' })));
  }
  const exited = Promise.race(exits);
  exited.then(
    () => {
      hasExited = true;
    },
    () => {},
  );

  const listProcesses = () => [...(started?.processes() ?? []), ...(processes?.processes() ?? [])];
  const freezer = new Freezer(listProcesses);
  const stop = async (reason: ShutdownReason) => {
    stopping.resolve(undefined);
    // Who is not told of the end does not run again.
    if (extensions.list().length > 0) freezer.thaw();
    else freezer.leave();
    const sandbox = await bootstrap.catch(() => undefined);
    if (extensions.list().length > 0) {
      await shutDown({ isolation: request.isolation, sandbox, extensions, processes, telemetry }, reason);
    }
    await Promise.all([sandbox?.kill(), processes?.kill()]);
    telemetry.stop();
    // Dead processes close their connections, but what they sent before that is still to be read: it may be the answer.
    await server.drained();
    await log.drain();
    await server.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    session,
    initialised: session.initialised.then(() => {
      extensions.close();
      telemetry.close();
      return extensions.untilIdle();
    }),
    exited,
    hasExited: () => hasExited,
    extensions: () => extensions.list(),
    deliver: (delivery, { deadlineMs, arn, traceId }) => {
      const delivered = session.deliver(delivery);
      const runtimeDone = delivered.settled;
      if (extensions.list().length === 0) return { ...delivered, runtimeDone };
      extensions.send({
        eventType: 'INVOKE',
        deadlineMs,
        requestId: delivery.requestId,
        invokedFunctionArn: arn,
        tracing: { type: 'X-Amzn-Trace-Id', value: traceId },
      });
      return { ...delivered, runtimeDone, settled: runtimeDone.then(() => extensions.untilIdle()) };
    },
    processes: listProcesses,
    freeze: () => freezer.freeze(),
    thaw: () => freezer.thaw(),
    stop: (reason) => {
      stopped ??= stop(reason);
      return stopped;
    },
  };
}
