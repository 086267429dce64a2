/** What a function may print, by name. */
export const logs = {
  text: () => console.log('plain words'),
  levels: () => {
    for (const level of ['debug', 'info', 'warn', 'error']) console[level](`by ${level}`);
  },
  formats: () => console.log('%s has %d of %j and %o%%', 'Ada', 4.5, { a: [1] }, 7),
  'several lines': () => console.log('one\ntwo\n\nfour'),
  values: () => console.log(1, true, null, undefined, 10n, Symbol('s'), 'text', -0),
  'an object': () => console.log({ a: 1, b: 'two', c: [1, 2, 3], d: { e: null } }),
  'deep objects': () => console.log({ a: { b: { c: { d: 1 } } } }),
  'maps and sets': () => console.log(new Map([['a', 1]]), new Set(['b'])),
  'an instance': () =>
    console.log(
      new (class Cup {
        size = 3;
      })(),
    ),
  'an error': () => console.log(new RangeError('as a value')),
  'error among words': () => console.error('failed:', new RangeError('too far'), 'again'),
  unicode: () => console.log('ä€𝄞 \u0007 end'),
  nothing: () => console.log(),
  'by the stream': () => void process.stdout.write('written as it is\n'),
  'from a timer': () => new Promise((resolve) => setTimeout(() => resolve(console.log('later')), 2)),
};
