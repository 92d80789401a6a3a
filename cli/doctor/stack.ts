import path from 'node:path';
import { z } from 'zod';
import { count, urlText } from '../../contracts/bounds';
import { readTextWithin } from '../../platform/files/unlinked';
import { isAlive } from '../../platform/processes/identity';
import { missing, present, type Finding } from './finding';

const MAX_RECORD_BYTES = 1024 * 1024;

/** The part of the stack's record that is shown; it is written by `npm start`. */
const recordSchema = z.object({
  addresses: z.object({ api: urlText }).optional(),
  components: z
    .array(
      z.object({
        name: urlText,
        title: urlText,
        origin: urlText,
        version: urlText.optional(),
        state: urlText,
        logFile: urlText.optional(),
        process: z.object({ pid: count, startedAt: urlText }).optional(),
      }),
    )
    .max(100),
});
type Component = z.output<typeof recordSchema>['components'][number];

export interface StackCheck {
  findings: Finding[];
  /** Address of the stack's API, when a stack is running. */
  api: string | undefined;
}

/** What a stack on this machine says of its components, believed only where its process is alive. */
export async function checkStack(stateDir: string): Promise<StackCheck> {
  const record = await readRecord(stateDir);
  if (!record) {
    const next = 'Run npm start if you want a stack on this machine.';
    return { findings: [missing('stack', `none in ${stateDir}`, next)], api: undefined };
  }
  const findings = record.components.map(checkComponent);
  const isRunning = findings.some((each) => each.there && each.component.endsWith('(stack: api)'));
  return { findings, api: isRunning ? record.addresses?.api : undefined };
}

async function readRecord(stateDir: string): Promise<z.output<typeof recordSchema> | undefined> {
  try {
    const text = await readTextWithin(stateDir, path.join(stateDir, 'stack.json'), MAX_RECORD_BYTES);
    return text === undefined ? undefined : recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function checkComponent(component: Component): Finding {
  const name = `${component.title} (stack: ${component.name})`;
  const { process: own, state, origin } = component;
  // A stack that was killed leaves "ready" behind; tasks have ended and have no process.
  const isUp = own === undefined || isAlive(own);
  if (state === 'ready' && isUp) return present(name, origin, { version: component.version });
  const log = component.logFile === undefined ? '' : ` and read ${component.logFile}`;
  const seen = isUp ? state : 'not running';
  return missing(name, origin, `It is ${seen}. Run npm start${log}.`);
}
