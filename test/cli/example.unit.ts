import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from '../../infra/build/build';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';

const cwd = temporaryFolder('example');
const root = path.join(cwd, 'hello');

beforeAll(async () => {
  await cp(path.join(repositoryRoot, 'examples/hello'), root, { recursive: true });
  const made = await runCli(['keys', 'create', '--name', 'Author', '--email', 'author@example.com'], { cwd });
  expect(made).toMatchObject({ exit: 0 });
});

describe('the example plugin', () => {
  test('passes every check, without a warning', async () => {
    const { exit, out } = await runCli(['precheck', 'hello', '--json'], { cwd });
    const report = JSON.parse(out) as { valid: boolean; checks: { status: string }[] };
    expect(exit).toBe(0);
    expect(report.valid).toBe(true);
    expect(new Set(report.checks.map(({ status }) => status))).toEqual(new Set(['pass']));
  });

  test('is packed and signed', async () => {
    const { exit, err } = await runCli(['pack', 'hello', '--out', path.join(cwd, 'packed')], { cwd });
    expect([exit, err]).toEqual([0, '']);
    for (const ending of ['.pxp', '.pxp.asc', '.integrity.txt'])
      expect(existsSync(path.join(cwd, 'packed', `com.example.hello-1.0.0-any-any${ending}`))).toBe(true);
  });

  test('is healthy where it can use its data, and tells by its exit status where it cannot', async () => {
    const data = path.join(cwd, 'data');
    await mkdir(data);
    const checkHealth = () =>
      spawnSync(process.execPath, ['dist/health.mjs'], {
        cwd: root,
        encoding: 'utf8',
        env: {
          PX_PLUGIN_ENTRY: path.join(root, 'dist/index.mjs'),
          PX_PLUGIN_DATA: data,
          PX_PLUGIN_VERSION: '1.0.0',
        },
      });
    expect(checkHealth()).toMatchObject({ status: 0, stdout: 'Hello, version 1.0.0. Greeting 1.\n' });
    expect(checkHealth()).toMatchObject({ status: 0, stdout: 'Hello, version 1.0.0. Greeting 2.\n' });
    await writeFile(path.join(data, 'greetings.json'), '{"count": "many"}');
    expect(checkHealth()).toMatchObject({ status: 1, stdout: 'greetings.json holds no count\n' });
  });
});
