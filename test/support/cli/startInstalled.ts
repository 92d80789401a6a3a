import { spawn } from 'node:child_process';
import path from 'node:path';
import { installedProgram } from '../../packages/installPackages';
import type { RealStack } from '../servers/realStack';

/** The program as a user runs it: installed from its npm package, a process of its own. */
export function startInstalled(
  args: readonly string[],
  { real, folder, installed }: { real: RealStack; folder: string; installed: string },
  token: 'publisher' | 'reviewer' = 'publisher',
) {
  const { addresses, secrets } = real.stack;
  const tokens = { publisher: secrets.publisherTokens.publisher, reviewer: secrets.reviewerTokens.reviewer };
  const child = spawn(process.execPath, [installedProgram(installed, 'px-plugin'), ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PX_MARKETPLACE_API_URL: addresses.api,
      PX_MARKETPLACE_TOKEN: tokens[token],
      PX_SIGNING_HOME: path.join(folder, 'signing'),
    },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (texts.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (texts.err += text.toString()));
  const ended = new Promise<{ exit: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (exit) => resolve({ exit, ...texts })),
  );
  return { child, ended, texts };
}
