import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import semver from 'semver';
import type { CliConfig } from '../config';
import { trySigner } from '../signing/signer';
import { missing, present, type Finding } from './finding';

const OLDEST_NODE = '20.19.0';

/** What publishing needs of this machine itself. */
export async function checkMachine(config: CliConfig, now: Date): Promise<Finding[]> {
  return [checkNode(), await checkNpm(), await checkSigning(config, now)];
}

function checkNode(): Finding {
  const { version, execPath } = process;
  const next = `Install Node ${OLDEST_NODE} or newer; this is ${version}.`;
  return semver.gte(version, OLDEST_NODE)
    ? present('node', execPath, { version: version.slice(1), needed: true })
    : missing('node', execPath, next, { needed: true });
}

/** Only `init` and the stack use npm, so publishing goes without. */
async function checkNpm(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['--version'], { timeout: 20_000 });
    return present('npm', 'PATH', { version: stdout.trim() });
  } catch {
    return missing('npm', 'PATH', 'Install npm; it comes with Node.');
  }
}

async function checkSigning({ signing }: CliConfig, now: Date): Promise<Finding> {
  const { signer, problems } = await trySigner(signing, now);
  const name = `signing profile ${signing.profile}`;
  if (signer) return present(name, signing.home, { version: signer.fingerprint.slice(-16), needed: true });
  const why = problems.map((each) => each.detail).join(' ');
  return missing(name, signing.home, `Run px-plugin keys create (${why})`, { needed: true });
}
