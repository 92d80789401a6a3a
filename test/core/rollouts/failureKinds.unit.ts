import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../../../core/errors/catalogue';
import {
  classifyFailure,
  failureKinds,
  findTrouble,
  isWorthTelling,
  listCodes,
} from '../../../core/rollouts/failureKinds';

const root = path.resolve(__dirname, '../../..');

/** What the phases of an installation are made of; the host's other rooms answer people. */
const rooms = [
  ...[
    'host/disk',
    'host/install',
    'host/download',
    'host/jobs',
    'host/marketplace',
    'host/sandbox',
    'host/trust',
  ],
  'pxp',
];

/** Codes of packing, and of a person's own request to a host: no installation ends with them. */
const elsewhere = [
  'KEY_REVOCATION_INVALID',
  'SIGNING_KEY_UNUSABLE',
  'KEY_INVALID',
  'DIST_EMPTY',
  'FILE_UNSAFE',
  'JOB_NOT_FOUND',
];

function findCodes(): string[] {
  const found = new Set<string>();
  for (const room of rooms) {
    for (const name of readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(path.join(root, room, name), 'utf8');
      for (const [, code = ''] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g))
        if (Object.hasOwn(catalogue, code)) found.add(code);
    }
  }
  return [...found].filter((code) => !elsewhere.includes(code));
}

describe('the kind of a failure', () => {
  const listed = failureKinds.flatMap((kind) => listCodes(kind));

  test('is exactly one for every code of the catalogue that a host can report', () => {
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((code) => !Object.hasOwn(catalogue, code))).toEqual([]);
    const codes = findCodes();
    expect(codes).toEqual(expect.arrayContaining(['HEALTH_CHECK_FAILED', 'PACKAGE_FORM', 'HOST_DISK_FULL']));
    expect(codes.filter((code) => !listed.includes(code) && isWorthTelling(code))).toEqual([]);
  });

  test("is the version's for a code that is missing or unknown, because a bad version must not go on", () => {
    const strange = [undefined, '', 'NO_SUCH_CODE', 'health_check_failed', 'constructor', 'HOST_DISK_FULL '];
    expect(strange.map(classifyFailure)).toEqual(strange.map(() => 'version'));
    expect(findTrouble('NO_SUCH_CODE')).toBeUndefined();
  });

  test.each([
    ['version', 'HEALTH_CHECK_FAILED'],
    ['version', 'SIGNATURE_INVALID'],
    ['tenant', 'HOST_INCOMPATIBLE'],
    ['tenant', 'HOST_CLOCK'],
    ['way', 'DOWNLOAD_CORRUPTED'],
    ['ours', 'UNAVAILABLE'],
  ])('is %s for %s', (kind, code) => {
    expect(classifyFailure(code)).toBe(kind);
  });

  test('is not told of where the marketplace only answered that it is not the turn of the host', () => {
    expect(['NOT_IN_STAGE', 'VERSION_WITHDRAWN', 'HOST_CLOCK'].map(isWorthTelling)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
