import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch } from '../../../platform/processes/child';
import { InfraFailure } from '../../terminal/failure';
import { probeHttp } from '../../../platform/processes/ready';
import type { ComponentSpec } from '../component';
import { inState, locateLogFile, temporalUiUrl, buildUrl, type StackContext } from '../context';
import { rolePasswords } from './database';
import { frugal, nodeCommand, programComponent, serverSettings, objectsFolder } from './program';

/** The object store's own process; none where the bucket of a provider is used. */
export function objectsComponents(context: StackContext): ComponentSpec[] {
  if (context.config.objectsDriver !== 'filesystem') return [];
  const { objects } = context.entries;
  const env = (): NodeJS.ProcessEnv => objectsFolder(context);
  return [
    programComponent(context, {
      name: 'objects',
      title: 'Object store (filesystem)',
      entry: objects,
      dependsOn: [],
      env,
    }),
  ];
}

/** Opens encrypted payloads for Temporal's UI; none where they are not encrypted or no UI is known. */
export function codecComponents(context: StackContext): ComponentSpec[] {
  const { payloadKeys } = context.config;
  const uiUrl = temporalUiUrl(context);
  if (!payloadKeys || !uiUrl) return [];
  return [
    programComponent(context, {
      name: 'codec',
      title: "Codec endpoint of Temporal's UI",
      entry: context.entries.codec,
      dependsOn: [],
      env: () => ({ SPILLWAY_PAYLOAD_KEYS: payloadKeys, TEMPORAL_UI_URL: uiUrl }),
    }),
  ];
}

/** Brings the database to the schema of this build; done in a moment when it is there already. */
export function migrationsComponent(context: StackContext): ComponentSpec {
  const { secrets } = context;
  const { migrate } = context.entries;
  const logFile = locateLogFile(context, 'migrations');
  return {
    kind: 'task',
    name: 'migrations',
    title: 'Database migrations',
    dependsOn: ['postgres'],
    logFile,
    run: async () => {
      if (!existsSync(migrate))
        throw new InfraFailure('Database migrations', `${migrate} is not built`, 'npm run build');
      const env = {
        ...{ DATABASE_URL: secrets.databaseUrl, SPILLWAY_ADMIN_TOKEN: secrets.adminToken },
        ...rolePasswords(context),
      };
      const child = await launch(nodeCommand(context, 'migrations', migrate, env));
      const how = await child.exited;
      if (how !== 'ended with status 0')
        throw new InfraFailure('Database migrations', how, 'read its log', logFile);
      return { origin: 'this repository' };
    },
  };
}

export function apiComponent(context: StackContext): ComponentSpec {
  const { entries } = context;
  return programComponent(context, {
    name: 'api',
    title: 'API',
    entry: entries.api,
    dependsOn: ['migrations', 'temporal', ...objectsDependency(context)],
    env: () => ({
      ...serverSettings(context, 'api'),
      SPILLWAY_WEB_DIR: entries.webDir,
      TEMPORAL_UI_URL: temporalUiUrl(context),
      ...frugal,
    }),
  });
}

export function workerComponent(context: StackContext): ComponentSpec {
  const { config, entries } = context;
  return programComponent(context, {
    name: 'worker',
    title: 'Worker',
    entry: entries.worker,
    dependsOn: ['migrations', 'temporal', ...objectsDependency(context)],
    env: () => ({
      ...serverSettings(context, 'worker'),
      SPILLWAY_SCRATCH_DIR: inState(context, 'scratch'),
      SPILLWAY_WORKFLOW_BUNDLE: entries.workflowBundle,
      SPILLWAY_HOST_TRIAL: entries.hostTrial,
      // A stack to try things out on works without containment as well; a reviewer sees that it is missing.
      SPILLWAY_TRIAL_UNCONTAINED: config.inherited.SPILLWAY_TRIAL_UNCONTAINED ?? 'review',
      ...frugal,
    }),
  });
}

/** The pages are served by the API: they are there when its first page is the one that was built. */
export function webComponent(context: StackContext): ComponentSpec {
  const { webDir } = context.entries;
  return {
    kind: 'task',
    name: 'web',
    title: 'Web',
    dependsOn: ['api'],
    address: buildUrl(context, 'api'),
    run: async () => {
      if (!existsSync(path.join(webDir, 'index.html'))) {
        throw new InfraFailure('Web', `${webDir} holds no pages`, 'npm run build');
      }
      await probeHttp(`${buildUrl(context, 'api')}/`, '<div id="root"');
      return { origin: 'built from web/, served by the API' };
    },
  };
}

const objectsDependency = ({ config }: StackContext): string[] =>
  config.objectsDriver === 'filesystem' ? ['objects'] : [];
