import { repositoryRoot } from '../../infra/build/build';
import { run } from '../../platform/processes/run';

/** Each runs all probes, some of which last until a limit ends them. */
jest.setTimeout(300_000);

const NOBODY = 65_534;
/** Only root can start a host as somebody else; who is not root is an ordinary user. */
const ordinaryUser = process.getuid?.() === 0 ? NOBODY : undefined;

/** Attacks the sandbox as a user does; returns how many probes found it open, of how many. */
async function attack(driver: string, uid?: number): Promise<{ open: number; all: number; lines: string[] }> {
  const args = ['--import', 'tsx', 'infra/hostile/main.ts', 'sandbox', '--driver', driver];
  const who = uid === undefined ? [] : ['--uid', String(uid)];
  const lines: string[] = [];
  const attacked = run(process.execPath, [...args, ...who], {
    cwd: repositoryRoot,
    onLine: (line) => lines.push(line),
  });
  // A status above 0 says that something is open, which the last line counts.
  await attacked.catch(() => undefined);
  const [, open, all] = /^open (\d+) of (\d+)$/.exec(lines.at(-1) ?? '') ?? [];
  return { open: Number(open), all: Number(all), lines };
}

describe('code of a plugin that tries to leave its sandbox', () => {
  test('finds every way closed under kernel namespaces', async () => {
    const { open, all, lines } = await attack('namespaces');
    expect(lines).toContain('signals: asks its parent by SIGUSR1 to open its inspector | nothing | nothing');
    expect(lines).toContain('network: reaches a server of the machine | ECONNREFUSED | ECONNREFUSED');
    expect(lines.filter((line) => line.includes('OPEN'))).toEqual([]);
    expect(open).toBe(0);
    expect(all).toBeGreaterThanOrEqual(60);
  });

  test('finds every way closed where an ordinary user runs the host', async () => {
    expect(await attack('namespaces', ordinaryUser)).toMatchObject({ open: 0 });
  });

  test('finds most ways open without a sandbox, so the probes do probe', async () => {
    const { open } = await attack('none');
    expect(open).toBeGreaterThanOrEqual(50);
  });
});
