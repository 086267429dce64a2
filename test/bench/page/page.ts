import { readFileSync } from 'node:fs';
import { figure } from '../report/figures.ts';
import { scenarioRows } from '../report/scenario-rows.ts';
import type { BenchResult } from '../result.ts';
import { HEADLINE } from '../statistics/metric.ts';
import { answerSentence, type MeasuredScenario } from './answer.ts';
import { chooseLooks, type Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';
import { candidateList, overview, pageHead } from './page-head.ts';
import { formatComparison } from './plot-ratios.ts';
import { scenarioSection } from './scenario-section.ts';

/**
 * Writes a run as one page that needs nothing else: no request, no font, and scripts only to light up a candidate.
 *
 * @param result of the run
 * @returns HTML; the same for the same result
 * @throws when a histogram cannot be read
 */
export function writePage(result: BenchResult): string {
  const looks = chooseLooks(result.candidates);
  const measured = result.scenarios.map((scenario) => ({
    scenario,
    rows: scenarioRows(scenario, result.candidates),
  }));
  const answer = answerSentence(measured, result.candidates);
  const idOf = (index: number) => `scenario-${index + 1}`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>pilotlight bench, ${result.startedAt.slice(0, 10)}</title>
<style>
${embedded('page.css')}${focusRules([...looks.values()])}</style>
</head>
<body>
<main>
${pageHead(result, answer)}${overview(measured, result.candidates, overviewCell, idOf)}${candidateList(result.candidates, looks)}${measured.map(({ scenario, rows }, at) => scenarioSection(scenario, rows, looks, idOf(at)))}</main>
<script>
${embedded('highlight.js')}</script>
</body>
</html>
`;
  return page.markup;
}

/** A file beside this one, as it is. */
function embedded(name: string): Markup {
  return { markup: readFileSync(new URL(name, import.meta.url), 'utf8') };
}

/** While one candidate is lit, the others fade; its key is ours, so that nothing has to be escaped for CSS. */
function focusRules(looks: readonly Look[]): Markup {
  const others = looks.map(
    ({ key }) => `[data-lit="${key}"] [data-candidate]:not([data-candidate="${key}"])`,
  );
  return { markup: others.length === 0 ? '' : `${others.join(',\n')} { opacity: 0.18; }\n` };
}

function overviewCell({ scenario, rows }: MeasuredScenario, candidate: string): Markup {
  const metric = HEADLINE[scenario.kind];
  const row = rows.find(({ summary }) => summary.candidate === candidate);
  if (metric === undefined || row === undefined) return markup`<td></td>`;
  const compared = row.toBase(metric);
  if (compared?.ratio === undefined)
    return markup`<td>${row.summary.metrics[metric] === undefined ? '' : 'base'}</td>`;
  return markup`<td class="${compared.verdict}" title="${formatComparison(compared)}">${figure(compared.ratio)}</td>`;
}
