import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from './start-host.ts';

type Case = readonly [handler: string, files: Readonly<Record<string, string>>];
const ESM = "export const handler = async () => 'found';";
const CJS = "exports.handler = async () => typeof require === 'function' && 'found';";
const OTHER = 'export const handler = async () => "wrong";';

const FOUND: Readonly<Record<string, Case>> = {
  'bundle by function.handler': ['function.handler', { 'function.bundle.js': ESM }],
  'bundle by function.bundle.handler': ['function.bundle.handler', { 'function.bundle.js': ESM }],
  'bundle by index.handler': ['index.handler', { 'function.bundle.js': ESM, 'index.mjs': OTHER }],
  'bundle by the export alone': ['handler', { 'function.bundle.js': ESM }],
  'bundle with a folder in its handler': ['src/index.handler', { 'function.bundle.js': ESM }],
  'bundle with a nested export': [
    'function.api.get',
    { 'function.bundle.js': "export const api = { get: () => 'found' };" },
  ],
  'bundle with a default function': ['handler', { 'function.bundle.js': "export default () => 'found';" }],
  'bundle with a default object': [
    'handler',
    { 'function.bundle.js': "export default { handler: () => 'found' };" },
  ],
  'bundle beside package.json without a type': [
    'handler',
    { 'function.bundle.js': ESM, 'package.json': '{}' },
  ],
  'bundle below a package.json of type commonjs': [
    'handler',
    { 'function.bundle.js': ESM, '../package.json': '{"type":"commonjs"}' },
  ],
  'bundle with a require of its own': [
    'handler',
    {
      'function.bundle.js': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);${ESM}`,
    },
  ],
  'bundle that is minified': [
    'handler',
    { 'function.bundle.js': "const e=()=>'found';export{e as handler};" },
  ],
  'bundle of CommonJS with a dynamic import': [
    'handler',
    { 'function.bundle.js': `\nimport('node:fs');\n${CJS}` },
  ],
  'bundle of CommonJS without package.json': ['handler', { 'function.bundle.js': CJS }],
  'bundle of CommonJS by package.json': [
    'handler',
    { 'function.bundle.js': `${CJS} /*\n export {} */`, 'package.json': '{"type":"commonjs"}' },
  ],
  'bundle .mjs beside a .js': ['handler', { 'function.bundle.mjs': ESM, 'function.bundle.js': OTHER }],
  'bundle .cjs beside a .js': ['handler', { 'function.bundle.cjs': CJS, 'function.bundle.js': OTHER }],
  'module .js of type module': ['index.handler', { 'index.js': ESM, 'package.json': '{"type":"module"}' }],
  'module .js with ESM syntax alone': ['index.handler', { 'index.js': ESM }],
  'module .js of CommonJS': ['index.handler', { 'index.js': CJS }],
  'module .mjs': ['index.handler', { 'index.mjs': ESM }],
  'module .cjs': ['index.handler', { 'index.cjs': CJS, 'package.json': '{"type":"module"}' }],
  'module without an extension': ['index.handler', { index: CJS }],
  'module in a folder': ['src/lib/index.handler', { 'src/lib/index.mjs': ESM }],
  'module that is a folder with an index': ['src.handler', { 'src/index.js': CJS }],
  'module of a package': [
    'lib/entry.handler',
    { 'node_modules/lib/package.json': '{"main":"m.js"}', 'node_modules/lib/entry.js': CJS },
  ],
  'nested export of a module': [
    'index.api.v1.get',
    { 'index.js': "exports.api = { v1: { get: () => 'found' } };" },
  ],
  'export that only module.exports has': [
    'index.handler',
    { 'index.js': `module.exports = Object.assign({}, { handler: () => 'found' });` },
  ],
  'CommonJS function as the module': ['index.handler', { 'index.js': `module.exports = () => 'found';` }],
  'module with a top-level await': [
    'index.handler',
    { 'index.mjs': `await new Promise((r) => setTimeout(r, 5)); ${ESM}` },
  ],
};

for (const [name, [handler, files]] of Object.entries(FOUND)) {
  test(`handler is found: ${name}`, async (t) => {
    const host = await startHost(t, files, { handler });
    assert.equal(host.firstLine.kind, 'ready', JSON.stringify(host.firstLine));
    assert.equal((await host.invoke()).json, 'found');
  });
}

const FAILED: Readonly<Record<string, readonly [errorType: string, message: RegExp, ...Case]>> = {
  'two dots': ['Runtime.MalformedHandlerName', /"\.\."/, '../up.handler', {}],
  'no export': ['Runtime.MalformedHandlerName', /names no export/, 'index', { 'index.js': CJS }],
  'empty export of a bundle': [
    'Runtime.MalformedHandlerName',
    /names no export/,
    'function.',
    { 'function.bundle.js': ESM },
  ],
  'missing module': ['Runtime.ImportModuleError', /"index\.mjs"/, 'index.handler', {}],
  'missing ESM dependency': [
    'Runtime.ImportModuleError',
    /nowhere/,
    'handler',
    { 'function.bundle.js': `import 'nowhere'; ${ESM}` },
  ],
  'missing CommonJS dependency': [
    'Runtime.ImportModuleError',
    /nowhere/,
    'index.handler',
    { 'index.js': `require('nowhere'); ${CJS}` },
  ],
  'missing export': [
    'Runtime.HandlerNotFound',
    /undefined or not exported/,
    'handler',
    { 'function.bundle.js': 'export const other = 1;' },
  ],
  'export that is no function': [
    'Runtime.HandlerNotFound',
    /is a number/,
    'handler',
    { 'function.bundle.js': 'export const handler = 1;' },
  ],
  'package.json that is no JSON': [
    'Runtime.ImportModuleError',
    /package\.json/,
    'handler',
    { 'function.bundle.js': ESM, 'package.json': '{' },
  ],
  'throw at import': [
    'RangeError',
    /^bad$/,
    'handler',
    { 'function.bundle.js': `throw new RangeError('bad'); ${ESM}` },
  ],
  'JSON that is none, at import': [
    'SyntaxError',
    /JSON/,
    'handler',
    { 'function.bundle.js': `JSON.parse('{'); ${ESM}` },
  ],
  'missing file of its own, at import': [
    'Error',
    /ENOENT/,
    'handler',
    { 'function.bundle.js': `import fs from 'node:fs'; fs.readFileSync('none'); ${ESM}` },
  ],
  'string thrown at import': ['string', /^bad$/, 'handler', { 'function.bundle.js': `throw 'bad'; ${ESM}` }],
  'top-level await that never settles': [
    'Runtime.NodeJsExit',
    /top-level await/,
    'handler',
    { 'function.bundle.js': `await new Promise(() => {}); ${ESM}` },
  ],
  'exception in a timer while loading': [
    'RangeError',
    /^bad$/,
    'handler',
    {
      'function.bundle.js': `setTimeout(() => { throw new RangeError('bad') }); await new Promise((r) => setTimeout(r, 9999)); ${ESM}`,
    },
  ],
  'rejection while loading': [
    'Runtime.UnhandledPromiseRejection',
    /bad/,
    'handler',
    {
      'function.bundle.js': `Promise.reject(new Error('bad')); await new Promise((r) => setTimeout(r, 9999)); ${ESM}`,
    },
  ],
};

for (const [name, [errorType, message, handler, files]] of Object.entries(FAILED)) {
  test(`init error: ${name}`, async (t) => {
    const host = await startHost(t, files, { handler });
    assert.equal(host.firstLine.kind, 'initError');
    assert.equal(host.firstLine.errorType, errorType, JSON.stringify(host.firstLine));
    assert.match(String(host.firstLine.errorMessage), message);
    assert.ok(Array.isArray(host.firstLine.trace));
    assert.equal((await host.exit).code, 1);
  });
}

const BROKEN = "import 'node:fs';\nexport const a = 1;\nexport const b = = 2;\n";
const RUNS = "console.log('evaluated');";
const SYNTAX: Readonly<Record<string, readonly [file: string, line: number, ...Case]>> = {
  'ESM bundle that was cut off': [
    'function.bundle.js',
    2,
    'handler',
    { 'function.bundle.js': "import 'node:fs';\nconst a = {" },
  ],
  'ESM bundle': ['function.bundle.js', 3, 'handler', { 'function.bundle.js': BROKEN }],
  'CommonJS bundle': ['function.bundle.cjs', 2, 'handler', { 'function.bundle.cjs': '\nconst b = = 2;' }],
  'ESM dependency': [
    'lib.mjs',
    3,
    'index.handler',
    { 'index.mjs': `import './lib.mjs'; ${RUNS} ${ESM}`, 'lib.mjs': BROKEN },
  ],
  'name that a dependency does not export': [
    'index.mjs',
    1,
    'index.handler',
    { 'index.mjs': `import { x } from './lib.mjs'; ${ESM}`, 'lib.mjs': RUNS },
  ],
};

for (const [name, [file, line, handler, files]] of Object.entries(SYNTAX)) {
  test(`syntax error names file and line and evaluates nothing: ${name}`, async (t) => {
    const host = await startHost(t, files, { handler });
    assert.equal(host.firstLine.errorType, 'Runtime.UserCodeSyntaxError');
    assert.match(String(host.firstLine.errorMessage), new RegExp(`/${file}" at line ${line}: SyntaxError: `));
    assert.doesNotMatch((await host.exit).stdout, /evaluated/);
  });
}

for (const name of ['function.bundle.js', 'function.bundle.mjs', 'function.bundle.cjs', 'function.js']) {
  test(`init error: unreadable ${name}`, async (t) => {
    const host = await startHost(t, { [name]: ESM }, { unreadable: true });
    assert.equal(host.firstLine.errorType, 'Runtime.ImportModuleError', JSON.stringify(host.firstLine));
    assert.match(String(host.firstLine.errorMessage), /EACCES/);
  });
}
