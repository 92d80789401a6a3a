import { parseArgs } from 'node:util';
import { Refusal, refusal } from '../core/errors/errors';
import { getErrorMessage } from '../core/errors/thrown';
import { holdCeremony, readRoots, rotate, type Rotation } from './ceremony';
import { ensureDevelopmentKeys } from './development';
import { publishStatements } from './publish';
import { onlineRoles } from './roles';

const USAGE = `npm run trust -- <command>
  ceremony --offline <folder> --online <folder> [--root-keys 3] [--threshold 2]
  rotate   --offline <folder> --online <folder> --role timestamp|snapshot|targets|releases
  rotate   --offline <folder> --online <folder> --role root --key <id> --new-key <file>
  renew    --offline <folder> --online <folder>
  show     --online <folder>
  develop  --folder <folder> --pin <file>
  sign     --online <folder> --statements <folder> --out <folder>`;

const options = {
  folder: { type: 'string' },
  pin: { type: 'string' },
  offline: { type: 'string' },
  online: { type: 'string' },
  statements: { type: 'string' },
  out: { type: 'string' },
  role: { type: 'string' },
  key: { type: 'string' },
  'new-key': { type: 'string' },
  'root-keys': { type: 'string', default: '3' },
  threshold: { type: 'string', default: '2' },
} as const;

/** Runs one command and says what it did. @throws Refusal */
export async function runTrust(argv: readonly string[], now: Date): Promise<string> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const need = (name: keyof typeof values): string => {
    const value = values[name];
    if (value === undefined) throw refusal('TRUST_USAGE', `--${name} is missing.`);
    return value;
  };
  if (positionals[0] === 'develop') {
    const isNew = await ensureDevelopmentKeys({ folder: need('folder'), pin: need('pin') }, now);
    return isNew ? 'development keys were made' : 'the development keys are there';
  }
  const online = need('online');
  switch (positionals[0]) {
    case 'ceremony': {
      const sizes = { rootKeys: Number(values['root-keys']), threshold: Number(values.threshold) };
      await holdCeremony({ offline: need('offline'), online }, sizes, now);
      return await show(online);
    }
    case 'rotate': {
      await rotate({ offline: need('offline'), online }, readRotation(need), now);
      return await show(online);
    }
    case 'renew':
      await rotate({ offline: need('offline'), online }, { role: 'none' }, now);
      return await show(online);
    case 'show':
      return await show(online);
    case 'sign': {
      const folders = { online, statements: need('statements'), out: need('out') };
      return (await publishStatements(folders, now)).join('\n');
    }
    default:
      throw refusal('TRUST_USAGE', `There is no command ${positionals[0] ?? '(none)'}.`);
  }
}

function readRotation(need: (name: 'role' | 'key' | 'new-key') => string): Rotation {
  const role = need('role');
  if (role === 'root') return { role, keyId: need('key'), newKeyFile: need('new-key') };
  const found = onlineRoles.find((each) => each === role);
  if (!found) throw refusal('TRUST_USAGE', `There is no role ${role}.`);
  return { role: found };
}

async function show(online: string): Promise<string> {
  const root = (await readRoots(online)).at(-1);
  if (!root) throw refusal('TRUST_KEY_UNUSABLE', `${online} has no root. Hold a ceremony first.`);
  const { version, expires, roles } = root.signed;
  const lines = Object.entries(roles).map(
    ([name, { keyIDs, threshold }]) => `${name}: ${threshold} of ${keyIDs.join(' ')}`,
  );
  return [`root ${version}, expires ${expires}`, ...lines].join('\n');
}

if (require.main === module) {
  runTrust(process.argv.slice(2), new Date()).then(
    (text) => process.stdout.write(`${text}\n`),
    (error: unknown) => {
      const text = error instanceof Refusal ? error.message : getErrorMessage(error);
      process.stderr.write(`${text}\n\n${USAGE}\n`);
      process.exitCode = 1;
    },
  );
}
