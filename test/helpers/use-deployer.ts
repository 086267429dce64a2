import { after } from 'node:test';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { applyPlan } from '../../layers/deploy/apply.ts';
import { clientSettings } from '../../layers/deploy/clients.ts';
import { readDeployed } from '../../layers/deploy/deployed.ts';
import type { Desired } from '../../layers/deploy/desired.ts';
import { makePlan } from '../../layers/deploy/plan.ts';
import { makeDeployParts, type PartWords } from './deploy-parts.ts';
import { useTmp } from './use-tmp.ts';
import { useWriteProxy } from './use-write-proxy.ts';

/**
 * What tests of deployments do all the time, through a proxy that tells what was written.
 *
 * @param target tells the address of the API
 * @param bucket for zips that are too large for a request
 */
export function useDeployer(target: () => string, bucket?: string) {
  const folder = useTmp({ after });
  const proxy = useWriteProxy(target);
  const clients: LambdaClient[] = [];
  after(() => {
    for (const client of clients) client.destroy();
  });

  /** For one that goes through the proxy, or straight to the API. */
  function tools(endpoint = proxy.url) {
    const settings = clientSettings({ endpoint, region: 'us-east-1', profile: undefined, shell: {} });
    const client = new LambdaClient(settings);
    clients.push(client);
    return { client, settings, bucket, signal: new AbortController().signal, note: () => {} };
  }

  return {
    folder,
    proxy,
    tools,
    parts: (name: string, words: PartWords): Promise<Desired> => makeDeployParts(folder, name, words),
    async deploy(desired: Desired): Promise<void> {
      const tooled = tools();
      await applyPlan(makePlan(desired, await readDeployed(tooled.client, desired)), undefined, tooled);
    },
    /** What the plan says now, action and part. */
    async steps(desired: Desired): Promise<string[]> {
      const plan = makePlan(desired, await readDeployed(tools(target()).client, desired));
      return plan.steps.map(({ action, part }) => `${action} ${part}`);
    },
    configuration: (FunctionName: string) =>
      tools(target()).client.send(new GetFunctionConfigurationCommand({ FunctionName })),
    /** What the code says that runs, where functions run. */
    async code(FunctionName: string): Promise<string> {
      const input = { FunctionName, Payload: '{"do":"variables"}' };
      const { Payload } = await tools(target()).client.send(new InvokeCommand(input));
      return JSON.parse(Payload?.transformToString() ?? '').CODE;
    },
  };
}
