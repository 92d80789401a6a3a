import { existsSync } from 'node:fs';
import { launch } from '../../../platform/processes/child';
import { InfraFailure } from '../../terminal/failure';
import type { ComponentSpec } from '../component';
import { inState, locateLogFile, type StackContext } from '../context';
import { processDatabaseUrl } from './database';
import { frugal, nodeCommand, programComponent } from './program';

/** The root that the hosts of the stack pin. */
export const pinnedRoot = (context: StackContext): string => inState(context, 'trust', 'pinned.root.json');

/** Keys to try things out with, made at the first start: the root keys stay on this machine, as no real ones may. */
export function trustComponent(context: StackContext): ComponentSpec {
  const { trust } = context.entries;
  const [title, logFile] = ['Trust root', locateLogFile(context, 'trust')];
  return {
    kind: 'task',
    name: 'trust',
    title,
    dependsOn: [],
    logFile,
    run: async () => {
      if (!existsSync(trust)) throw new InfraFailure(title, `${trust} is not built`, 'npm run build');
      const command = nodeCommand(context, 'trust', trust, {});
      const places = ['--folder', inState(context, 'trust'), '--pin', pinnedRoot(context)];
      const child = await launch({ ...command, args: [...command.args, 'develop', ...places] });
      const how = await child.exited;
      if (how !== 'ended with status 0') throw new InfraFailure(title, how, 'read its log', logFile);
      return { origin: 'development keys, root keys included, in the state folder' };
    },
  };
}

/** Signs what hosts may believe; it alone has the keys. */
export function signerComponent(context: StackContext): ComponentSpec {
  return programComponent(context, {
    name: 'signer',
    title: 'Signer',
    entry: context.entries.signer,
    dependsOn: ['migrations', 'trust'],
    env: () => ({
      DATABASE_URL: processDatabaseUrl(context, 'signer'),
      SPILLWAY_SIGNER_KEYS: inState(context, 'trust', 'online'),
      ...frugal,
    }),
  });
}
