class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  get length() {
    return Math.hypot(this.x, this.y);
  }
}

/** Results by name: what has a form of its own in JSON, or none. */
export const values = {
  nothing: () => undefined,
  'a function': () => () => 1,
  'a symbol': () => Symbol('s'),
  'a date': () => new Date(0),
  'an instance': () => new Point(3, 4),
  'a map and a set': () => [new Map([[1, 2]]), new Set([1])],
  numbers: () => [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e21, 1e-7, 2 ** 53, 0.1 + 0.2],
  bytes: () => new Uint8Array([1, 2, 255]),
  'own form': () => ({ toJSON: () => ({ own: true }) }),
  'lone surrogate': () => 'a\ud800b',
  'keys in order': () => ({ b: 1, 2: 1, a: 1, 1: 1 }),
  'a buffer': () => Buffer.from('ab'),
  'an error': () => new Error('as a value'),
  large: () => 'ä'.repeat(500_000),
};
