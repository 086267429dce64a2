import { markup } from '../../bench/page/markup.ts';
import type { CaseResult, Judgement } from '../result.ts';
import { writeSum } from './table.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #8884; }
.pass { color: #1a7f37; } .fail { color: #cf222e; font-weight: 600; } .not { color: #888; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85em; }
`;

/**
 * Writes judgements as one page that needs nothing else.
 *
 * @param judgements one a bootstrap
 * @returns HTML
 */
export function writePage(judgements: readonly Judgement[]): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>pilotlight conformance</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<h1>Conformance to the Lambda Runtime API</h1>
${judgements.map(section)}</body>
</html>
`.markup;
}

function section({ subject, description, results }: Judgement) {
  return markup`<h2>${subject}</h2>
<p>${description}. ${writeSum(subject, results)}.</p>
<table>
<tr><th>group</th><th>case</th><th>verdict</th><th>clause</th></tr>
${results.map(line)}</table>
`;
}

function line(result: CaseResult) {
  const { group, name, verdict, clause, source, does, expects, proof, reason, observed } = result;
  const seen = verdict === 'fail' && markup`<p>${reason}</p><pre>${observed}</pre>`;
  const isProven = verdict === 'fail' && proof !== undefined;
  return markup`<tr><td>${group}</td><td><code>${name}</code></td><td class="${verdict.split(' ', 1)[0]}">${verdict}</td><td>${clause}
<details><summary>how</summary><p>The kit ${does}; expected: ${expects}.</p><p>${source}${isProven && ` (${proof})`}</p></details>${seen}${verdict === 'not supported' && markup`<p>${reason}</p>`}</td></tr>
`;
}
