class OrderError extends Error {
  name = 'OrderError';
  code = 'E_ORDER';
}

/** Ways to fail by name; only `engine` ones have a text that the interpreter writes. */
export const errors = {
  throws: () => {
    throw new Error('as asked');
  },
  'throws late': async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    throw new TypeError('after a while');
  },
  'own class': () => {
    throw new OrderError('no such order');
  },
  'with a cause': () => {
    throw new Error('outer', { cause: new RangeError('inner') });
  },
  'several at once': () => {
    throw new AggregateError([new Error('one'), new Error('two')], 'both');
  },
  'a string': () => Promise.reject('only text'),
  nothing: () => Promise.reject(),
  'an object': () => Promise.reject({ reason: 'none', code: 7 }),
  'no words': () => {
    throw new Error();
  },
  'a big integer': () => ({ big: 1n }),
  'a cycle': () => {
    const ring = {};
    ring.ring = ring;
    return ring;
  },
  'engine: property of undefined': () => undefined.property,
  'engine: call of a number': () => 0(),
  'engine: unreadable JSON': () => JSON.parse('{'),
  'engine: deep recursion': () => {
    const dive = () => dive() + 1;
    return dive();
  },
  'uncaught in a timer': () => {
    setTimeout(() => {
      throw new RangeError('in a timer');
    }, 1);
    return new Promise(() => {});
  },
  'unheard rejection': () => {
    Promise.reject(new RangeError('unheard'));
    return new Promise((resolve) => setTimeout(resolve, 2_000));
  },
  'never settles': () => new Promise(() => {}),
  exits: () => process.exit(7),
};
