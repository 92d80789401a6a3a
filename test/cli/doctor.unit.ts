import path from 'node:path';
import { identifyProcess, type ProcessIdentity } from '../../platform/processes/identity';
import { judgeKey, judgeToken } from '../../cli/doctor/marketplace';
import { judgeContainment } from '../../cli/doctor/sandbox';
import { scopes } from '../../core/access';
import { createPluginFolder } from '../support/builders/pluginFolder';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('cli');
});

interface Report {
  ok: boolean;
  components: { component: string; there: boolean; needed: boolean; next: string | null; origin: string }[];
}

async function doctor(env: Record<string, string> = {}) {
  const { exit, out } = await runCli(['doctor', '--json'], { cwd: folder, env });
  const report = JSON.parse(out) as Report;
  return {
    exit,
    report,
    of: (name: string) => report.components.find((each) => each.component.includes(name)),
  };
}

const stack = (identity: ProcessIdentity | undefined, state = 'ready') =>
  JSON.stringify({
    addresses: { api: 'http://stack.example' },
    components: [
      {
        name: 'api',
        title: 'API',
        origin: 'this repository',
        state,
        process: identity,
        logFile: 'logs/api.log',
      },
      { name: 'migrations', title: 'Database migrations', origin: 'this repository', state },
    ],
  });

describe('doctor', () => {
  test('says of everything that is missing what to do, and fails while publishing needs it', async () => {
    const { exit, report } = await doctor();
    expect(exit).toBe(5);
    expect(report.ok).toBe(false);
    const lacking = report.components.filter((each) => !each.there);
    expect(lacking.map((each) => each.component)).toEqual([
      'signing profile default',
      'marketplace API',
      'stack',
    ]);
    for (const each of lacking) expect(each.next).toMatch(/\w/);
  });

  test('finds what is there, with where it came from', async () => {
    await createPluginFolder(folder);
    const { of } = await doctor();
    expect(of('node')).toMatchObject({ there: true, origin: process.execPath });
    expect(of('signing profile')).toMatchObject({ there: true, origin: path.join(folder, 'signing') });
  });

  test('reads the record of a stack, and offers its address as the missing setting', async () => {
    writeTree(folder, { '.spillway/stack.json': stack(identifyProcess(process.pid)) });
    const { of } = await doctor();
    expect(of('stack: api')).toMatchObject({ there: true, needed: false });
    expect(of('stack: migrations')).toMatchObject({ there: true });
    expect(of('marketplace API')?.next).toBe('Set PX_MARKETPLACE_API_URL=http://stack.example');
  });

  test('does not believe a record whose process is gone', async () => {
    // The number may by now be that of another process, which started at another moment.
    const gone = { pid: process.pid, startedAt: 'before' };
    writeTree(folder, { '.spillway/stack.json': stack(gone) });
    const { of } = await doctor();
    expect(of('stack: api')).toMatchObject({ there: false, next: expect.stringContaining('not running') });
    expect(of('marketplace API')?.next).toBe('Set PX_MARKETPLACE_API_URL.');
  });

  test('an address where nothing answers is missing, with its reason', async () => {
    const env = { PX_MARKETPLACE_API_URL: 'http://127.0.0.1:9', PX_MARKETPLACE_TOKEN: 'hush-hush' };
    const { exit, report, of } = await doctor(env);
    expect(exit).toBe(5);
    expect(of('marketplace API')).toMatchObject({ there: false, origin: env.PX_MARKETPLACE_API_URL });
    expect(JSON.stringify(report)).not.toContain('hush-hush');
  });

  test("finds a publisher's token, and says what it may use", () => {
    const scopes = ['plugin:publish', 'release:read'];
    expect(judgeToken({ kind: 'publisher', id: 'acme', scopes })).toMatchObject({
      there: true,
      origin: 'publisher acme, may use plugin:publish, release:read',
    });
  });

  test.each([
    ['reviewer', ['review:read', 'review:decide', 'release:read'], 'is not a publisher'],
    ['publisher', ['release:read'], 'lacks the scope plugin:publish'],
    ['publisher', ['plugin:publish'], 'lacks the scope release:read'],
    ['operator', [...scopes], 'is not a publisher'],
    ['tenant', [], 'is not a publisher'],
  ] as const)('does not take the token of a %s with %j for one that may publish', (kind, has, why) => {
    const finding = judgeToken({ kind, id: 'somebody', scopes: [...has] });
    expect(finding).toMatchObject({ there: false, needed: true, next: expect.stringContaining(why) });
    expect(finding.origin).toBe(`${kind} somebody, may use ${has.join(', ') || 'nothing'}`);
  });

  test('names the sandbox of this machine, which publishing does not need', () => {
    const strong = { driver: 'namespaces', strength: 'strong', detail: 'Holds.' } as const;
    const weak = { driver: 'node-permission', strength: 'weak', detail: 'No bwrap.' } as const;
    expect(judgeContainment(strong)).toMatchObject({
      there: true,
      needed: false,
      origin: 'namespaces (strong)',
    });
    expect(judgeContainment(weak)).toMatchObject({
      there: false,
      needed: false,
      origin: 'node-permission (weak)',
      next: expect.stringContaining('No bwrap. Install bubblewrap'),
    });
    expect(judgeContainment(undefined)).toMatchObject({
      there: false,
      origin: expect.stringMatching(/^none/),
    });
  });

  test('for people it is a table and a next step for what is missing', async () => {
    const { out } = await runCli(['doctor'], { cwd: folder });
    expect(out).toMatch(/^missing +yes +marketplace API/m);
    expect(out).toContain('marketplace API: Set PX_MARKETPLACE_API_URL.');
    expect(out).toContain('Publishing needs 2 more components.');
  });
});

describe('the key on this machine', () => {
  const now = new Date('2026-05-01T00:00:00Z');
  const signs = { fingerprint: 'AB12', publisherId: 'acme' };
  const key = { fingerprint: 'ab12', expiresAt: null, revokedAt: null };

  test('does for publishing when it is registered', () => {
    expect(judgeKey([key], signs, now)).toMatchObject({ there: true, needed: true });
  });

  test.each([
    ['is not registered', [], 'px-plugin keys register'],
    ['was revoked', [{ ...key, revokedAt: now }], 'revoked'],
    ['has expired', [{ ...key, expiresAt: now }], 'expired'],
  ])('does not when it %s, and the doctor says what to do', (_, keys, next) => {
    expect(judgeKey(keys, signs, now)).toMatchObject({ there: false, needed: true });
    expect(judgeKey(keys, signs, now).next).toContain(next);
  });
});
