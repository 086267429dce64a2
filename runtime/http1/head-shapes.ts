import { type Head, isPerConnection, sliceValue } from './head.ts';
import { ShortBody } from './whole-body.ts';

/** Longer heads are read in the usual way. */
const MAX_SHAPE_BYTES = 2 * 1024;
/** What is made text at once: a body that ends behind it stays bytes. */
const MAX_TEXT_BYTES = 16 * 1024;
/** Those of an event, of the answer to an answer, and as many that carry now and then what others do not. */
const MAX_SHAPES = 4;
/** Making an expression takes as long as reading some ten heads; many an environment sees no more. */
const FIRST_HEADS = 16;
const VALUE = '[\\t\\x20-\\x7e\\x80-\\xff]*';
const TARGET = '/[\\t\\x21-\\x7e\\x80-\\xff]*';
/** Of those that concern one connection only, the lines that say nothing of where a message ends. */
const UNHEEDED = new Set(['host', 'date']);

/** Where in a match of an expression the parts of a head are. */
interface Shape {
  readonly expression: RegExp;
  readonly sample: Head;
  readonly targetAt: number;
  readonly linesAt: number;
  readonly lengthAt: number;
  readonly places: ReadonlyMap<string, number>;
}

/** A head that looks like one before it. */
export class ShapedHead implements Head {
  /** With its empty line. */
  readonly bytes: number;
  readonly status: number;
  readonly method: string;
  readonly target: string;
  readonly lines: string;
  readonly bodyEnd: { readonly kind: 'length'; readonly bytes: number };
  readonly keepAlive: boolean;
  readonly #match: RegExpExecArray;
  readonly #places: ReadonlyMap<string, number>;

  constructor({ sample, targetAt, linesAt, lengthAt, places }: Shape, match: RegExpExecArray) {
    this.bytes = (match[0] as string).length;
    this.status = sample.status;
    this.method = sample.method;
    this.target = targetAt === 0 ? '' : (match[targetAt] as string);
    this.lines = linesAt === 0 ? '' : (match[linesAt] as string);
    this.bodyEnd = { kind: 'length', bytes: Number(match[lengthAt]) };
    this.keepAlive = sample.keepAlive;
    this.#match = match;
    this.#places = places;
  }

  header(name: string): string | undefined {
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    const value = this.#match[place] as string;
    return sliceValue(value, 0, value.length);
  }

  /** The body, where it is in the same text. */
  shortBody(): ShortBody | undefined {
    const { input } = this.#match;
    const end = this.bytes + this.bodyEnd.bytes;
    return end <= input.length ? new ShortBody(input.slice(this.bytes, end)) : undefined;
  }
}

/**
 * Reads heads that look like one before them: the same names in the same order, with whatever values. On a connection
 * that is nearly all of them. An expression made from the first of them checks such a head and takes it apart in one
 * native step; what does not match is for `parseHead` to judge.
 */
export class HeadShapes {
  readonly #shapes: Shape[] = [];
  #last = 0;
  #heads = 0;

  /**
   * Reads a head.
   *
   * @param bytes where it begins
   * @param from its first byte
   * @param to behind the last byte that is there
   * @returns the head; `undefined` when it looks like none before it
   */
  match(bytes: Buffer, from: number, to: number): ShapedHead | undefined {
    const count = this.#shapes.length;
    if (count === 0) return undefined;
    const text = bytes.toString('latin1', from, Math.min(to, from + MAX_TEXT_BYTES));
    for (let tried = 1; tried <= count; tried++) {
      // Events and the answers to answers take turns.
      const at = (this.#last + tried) % count;
      const shape = this.#shapes[at] as Shape;
      const match = shape.expression.exec(text);
      if (match !== null) {
        this.#last = at;
        return new ShapedHead(shape, match);
      }
    }
    return undefined;
  }

  /**
   * Takes note of a head that was read in the usual way.
   *
   * @param text as `parseHead` got it
   * @param head what it read
   */
  learn(text: string, head: Head): void {
    this.#heads += 1;
    if (this.#heads < FIRST_HEADS || this.#shapes.length === MAX_SHAPES) return;
    const shape = text.length < MAX_SHAPE_BYTES ? makeShape(text, head) : undefined;
    if (shape !== undefined) this.#shapes.push(shape);
  }
}

/** `undefined` for a head whose body does not simply have a length, or whose lines cannot be cut out in one piece. */
function makeShape(text: string, sample: Head): Shape | undefined {
  const { status, method } = sample;
  if ((status > 0 && status < 200) || status === 204 || status === 304) return undefined;
  const [startLine = '', ...lines] = text.split('\r\n');
  const places = new Map<string, number>();
  const targetAt = status === 0 ? 1 : 0;
  let groups = targetAt;
  let linesAt = 0;
  let lengthAt = 0;
  let isOpen = false;
  let source = status === 0 ? `${quote(method)} (${TARGET}) ${quote(startLine.slice(-8))}` : quote(startLine);
  source += '\\r\\n';
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const start = quote(line.slice(0, colon + 1));
    const isKept = !isPerConnection(name);
    if (isKept && !isOpen) {
      if (linesAt !== 0) return undefined;
      source += '(';
      linesAt = ++groups;
    }
    if (!isKept && isOpen) source += ')';
    isOpen = isKept;
    if (isKept) {
      source += `${start}(${VALUE})\\r\\n`;
      groups += 1;
      if (!places.has(name)) places.set(name, groups);
    } else if (name === 'content-length') {
      source += `${start}[\\t ]*(\\d{1,15})[\\t ]*\\r\\n`;
      lengthAt = ++groups;
    } else source += UNHEEDED.has(name) ? `${start}${VALUE}\\r\\n` : `${quote(line)}\\r\\n`;
  }
  if (lengthAt === 0) return undefined;
  const expression = new RegExp(`^${source}${isOpen ? ')' : ''}\\r\\n`);
  return { expression, sample, targetAt, linesAt, lengthAt, places };
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
