const TIME = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TRACE = /Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01](?:;Lineage=[^"\s]+)?/g;
const LOG_STREAM = /\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}/g;
const MEMORY = /\b\d+ MiB\b/g;
/** A frame of a stack trace, on a line of its own. */
const FRAME = /^\s*at .*$/;
/** Where it lies in the function's own files. */
const OWN_PLACE = /[\w.]+\.mjs:\d+(?=:\d+\)?$)/;
/** Of our host, and of the interpreter itself. */
const FOREIGN = /\/hosts\/|\b(?:ext|node|bun):/;

/**
 * Takes out of a text what differs from one invocation, environment or candidate to the next without meaning anything.
 *
 * @param text of an answer or a line of the log
 * @param functionName the function's own, which becomes `<function>`
 */
export function normalize(text: string, functionName: string): string {
  return text
    .replaceAll(TRACE, '<trace>')
    .replaceAll(LOG_STREAM, '<log stream>')
    .replaceAll(UUID, '<id>')
    .replaceAll(TIME, '<time>')
    .replaceAll(MEMORY, '<memory>')
    .replaceAll(functionName, '<function>');
}

/**
 * Cuts stack traces down to what is the function's business: in which lines of its files it was. How an interpreter
 * calls a frame, and where code that is not the function's lies, is not.
 *
 * @param value of any form; texts in it may be traces, or lines of them
 * @returns the same with shorter traces
 */
export function ownTraces(value: unknown): unknown {
  if (typeof value === 'string') return cut(value.split(/[\r\n]/)).join('\n');
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'string') ? cut(value) : value.map(ownTraces);
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ownTraces(item)]));
}

function cut(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    if (!FRAME.test(line)) return [line];
    const [place] = (FOREIGN.test(line) ? null : OWN_PLACE.exec(line)) ?? [];
    return place === undefined ? [] : [`at ${place}`];
  });
}
