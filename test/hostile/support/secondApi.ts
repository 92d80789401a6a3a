import { apiComponent } from '../../../infra/stack/components/product';
import { parseStackConfig } from '../../../infra/stack/config';
import { builtEntries, type StackContext } from '../../../infra/stack/context';
import { readStackRecord } from '../../../infra/stack/state';
import { repositoryRoot } from '../../../infra/build/build';
import { launch } from '../../../platform/processes/child';
import { freePort } from '../../../platform/processes/ports';
import { waitUntilReady } from '../../../platform/processes/ready';
import type { RealStack } from '../../support/servers/realStack';

/** A second process of the API over the same servers, with the same settings but for its port. */
export async function startSecondApi({ stateDir, stack }: RealStack) {
  const { PATH, HOME } = process.env;
  const config = parseStackConfig({ state: stateDir }, { PATH, HOME });
  const ports = { ...readStackRecord(stateDir)!.ports };
  ports.api = await freePort(config.bindHost, new Set(Object.values(ports)));
  const context: StackContext = {
    ...{ config, ports, secrets: stack.secrets },
    entries: builtEntries(repositoryRoot),
    keepSecrets: () => undefined,
  };
  const spec = apiComponent(context);
  if (spec.kind !== 'service') throw new Error('the API is a process');
  const child = await launch({ ...(await spec.command()), logFile: `${spec.logFile}.second` });
  const { probe, deadlineMs } = spec;
  const readiness = await waitUntilReady({ probe, deadlineMs, ended: child.exited });
  if (!readiness.ready) throw new Error(`the second API ${readiness.reason}`);
  return { url: spec.address!, stop: () => child.stop(spec.graceMs) };
}
