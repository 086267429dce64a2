import { type CollectionTag, Document, isMap, isScalar, isSeq, Scalar, type ScalarTag, visit } from 'yaml';

/** What a resource of the same template is, by the name that it has there. */
export function ref(name: string): Scalar {
  return tagged('!Ref', name);
}

/** An attribute of a resource of the same template, such as `Role.Arn`. */
export function getAtt(path: string): Scalar {
  return tagged('!GetAtt', path);
}

function tagged(tag: string, value: string): Scalar {
  const scalar = new Scalar(value);
  scalar.tag = tag;
  return scalar;
}

/** Reads the short forms of CloudFormation's functions as the long ones: `!Ref X` is `{Ref: X}`. */
export const CLOUDFORMATION_TAGS: readonly (ScalarTag | CollectionTag)[] = [
  'Ref',
  'Condition',
  ...[
    'GetAtt',
    'Sub',
    'If',
    'Equals',
    'Not',
    'And',
    'Or',
    'Select',
    'Split',
    'Join',
    'ImportValue',
    'FindInMap',
  ],
].flatMap((name) => {
  const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const tag = `!${name}`;
  return [
    { tag, resolve: (value: string) => ({ [long]: name === 'GetAtt' ? value.split('.') : value }) },
    { tag, collection: 'seq', resolve: (items) => ({ [long]: items }) } satisfies CollectionTag,
  ];
});

/** Comments by the path of the key that they stand above, joined with `/`. A list below one is written line by line. */
export type Comments = Readonly<Record<string, string>>;

/**
 * Writes a template.
 *
 * @param head comment at the top, with or without several lines
 * @param content of the template, in which `ref()` and the like may stand
 * @param comments more of them
 */
export function renderYaml(head: string, content: object, comments: Comments = {}): string {
  // CloudFormation reads YAML 1.1, in which a bare `on` is true and a date is none of text.
  const document = new Document(content, { compat: 'yaml-1.1' });
  document.commentBefore = asComment(head);
  visit(document, {
    Seq(_key, seq) {
      seq.flow = seq.items.every((item) => isScalar(item) && item.tag === undefined);
    },
  });
  for (const [path, text] of Object.entries(comments)) {
    const found = pairAt(document, path.split('/'));
    if (found === undefined) continue;
    found.key.commentBefore = asComment(text);
    if (isSeq(found.value)) found.value.flow = false;
  }
  spaceOut(document.contents, true);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
}

function pairAt(document: Document, keys: readonly string[]) {
  const map = document.getIn(keys.slice(0, -1), true);
  if (!isMap<Scalar>(map)) return undefined;
  return map.items.find(({ key }) => key.value === keys.at(-1));
}

/** An empty line before each section, and before each thing in it that takes several lines. */
function spaceOut(map: unknown, isTop: boolean): void {
  if (!isMap<Scalar>(map)) return;
  for (const [index, { key, value }] of map.items.entries()) {
    if (!isMap(value)) continue;
    key.spaceBefore = index > 0 && (isTop || value.items.length > 1);
    if (isTop) spaceOut(value, false);
  }
}

function asComment(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
}
