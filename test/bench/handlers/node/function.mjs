const logs = process.env.BENCH_LOG === '1';
const stamps = process.env.BENCH_STAMP === '1';
const delayNs = BigInt(process.env.BENCH_DELAY_US ?? '0') * 1000n;

/** Answers the event itself, having read what handlers read. */
export async function handler(event, context) {
  const startNs = stamps || delayNs > 0n ? process.hrtime.bigint() : 0n;
  const { awsRequestId } = context;
  if (awsRequestId === undefined || !(context.getRemainingTimeInMillis() > 0)) throw new Error('No context');
  if (logs) console.log(`handled ${awsRequestId}`);
  if (delayNs > 0n) while (process.hrtime.bigint() - startNs < delayNs);
  return stamps ? { id: event.id, handlerNs: String(startNs) } : event;
}
