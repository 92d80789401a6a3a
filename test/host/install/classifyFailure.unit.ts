import fc from 'fast-check';
import { catalogue, type ErrorCode } from '../../../core/errors/catalogue';
import { refusal } from '../../../core/errors/errors';
import { classifyFailure as findKind, findTrouble } from '../../../core/rollouts/failureKinds';
import { classifyFailure } from '../../../host/install/classifyFailure';
import { SandboxFailure } from '../../../host/sandbox/sandbox';

const system = (code: string): Error => Object.assign(new Error(code), { code });
const kindOf = (error: unknown, isRunning = false) =>
  findKind(classifyFailure(error, 'health', isRunning).code);

test.each([
  ['ENOSPC', 'HOST_DISK_FULL'],
  ['EDQUOT', 'HOST_DISK_FULL'],
  ['EACCES', 'HOST_STORAGE'],
  ['EROFS', 'HOST_STORAGE'],
  ['EMFILE', 'HOST_STORAGE'],
  // What a package can bring about by its names and its bytes is no trouble of the host.
  ['ENAMETOOLONG', 'INSTALL_FAILED'],
  ['Z_DATA_ERROR', 'INSTALL_FAILED'],
  ['ENOENT', 'INSTALL_FAILED'],
])('an installation that stops by %s fails as %s', (code, expected) => {
  expect(classifyFailure(system(code), 'unpack')).toMatchObject({
    code: expected,
    later: expected !== 'INSTALL_FAILED',
    detail: expect.stringContaining(code),
  });
});

test("while a plugin's code runs, whatever the host meets is the version's", () => {
  const codes = fc.constantFrom(...(Object.keys(catalogue) as ErrorCode[]));
  const system_ = fc.constantFrom('ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EMFILE', 'EIO').map(system);
  const errors = fc.oneof(
    codes.map((code) => refusal(code, 'Said by whom?')),
    system_,
  );
  fc.assert(
    fc.property(errors, (error) => {
      const failure = classifyFailure(error, 'health', true);
      expect(findTrouble(failure.code)).toBeUndefined();
      expect(failure.later).toBe(false);
    }),
  );
});

test("a sandbox that could not be set up is the host's, and one that broke down around the plugin is the version's", () => {
  expect(kindOf(new SandboxFailure('The sandbox could not be set up.', false), true)).toBe('tenant');
  expect(kindOf(new SandboxFailure('The sandbox broke down.', true), true)).toBe('version');
});

test('a failure that nobody foresaw is the version’s, and a host that stops is nobody’s', () => {
  expect(classifyFailure(new TypeError('x'), 'unpack')).toMatchObject({
    code: 'INSTALL_FAILED',
    later: false,
  });
  expect(classifyFailure(undefined, 'unpack')).toMatchObject({ code: 'INSTALL_FAILED', later: false });
  const stopped = Object.assign(new Error('stopped'), { name: 'AbortError' });
  expect(classifyFailure(stopped, 'download')).toMatchObject({ code: 'HOST_STOPPED', later: true });
});
