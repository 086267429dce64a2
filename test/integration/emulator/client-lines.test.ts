import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { clientLines } from '../../../runtime/emulator/client-lines.ts';
import { AWS_CLI, PYTHON } from '../../helpers/clients.ts';
import { needs } from '../../helpers/needs.ts';
import { useSharedLambda } from '../../unit/emulator/use-lambda.ts';

const CURL = '/usr/bin/curl';
const EVENT = '{"name":"Ada"}';
const clean = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

describe('the lines that dev prints', () => {
  const shared = useSharedLambda();

  /** The lines below a headline, without their indentation. */
  const section = (headline: string): string => {
    const [, rest = ''] = clientLines(shared.lambda.url, 'acts', 'us-east-1').split(`\n${headline}\n`);
    return (rest.split('\n\n')[0] ?? '').replaceAll(/^ {2}/gm, '');
  };

  test('the line for the AWS CLI 2 works', needs('aws'), async () => {
    // The pipe stands for a terminal: nobody can open the socket by which execa reads under the name /dev/stdout.
    const line = `${section('AWS CLI 2').replace('aws', AWS_CLI)} | cat`;
    const { stdout } = await execa('/bin/sh', ['-c', line], clean);
    assert.ok(stdout.startsWith(EVENT));
  });

  test('the line for curl works', { skip: !existsSync(CURL) && 'curl is not installed' }, async () => {
    const { stdout } = await execa('/bin/sh', ['-c', section('curl')], clean);
    assert.equal(stdout, EVENT);
  });

  test('the lines for JavaScript work', async () => {
    const args = ['--input-type=module', '--eval', section('JavaScript')];
    const { stdout } = await execa(process.execPath, args, { ...clean, cwd: import.meta.dirname });
    assert.equal(stdout, EVENT);
  });

  test('the lines for Python work', needs('boto3'), async () => {
    const { stdout } = await execa(PYTHON, ['-c', section('Python')], clean);
    assert.equal(stdout, EVENT);
  });
});
