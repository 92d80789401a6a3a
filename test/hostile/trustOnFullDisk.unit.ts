import { failWritesIn } from '../host/support/failingWrites';
import { signedReleases, signedVersion } from '../support/builders/trustRepository';
import { outcome, useTrustScene, versions } from './support/trustScene';

const scene = useTrustScene();

/** More writes than one refresh makes, so that the last round is one without trouble. */
const MOST_WRITES = 60;

test.each([
  ['for a moment', 1],
  ['for good', Infinity],
])(
  'a disk that is full %s while statements are written loses none of them, and lets nobody roll them back',
  async (_, times) => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const before = new Map(scene.repository.files);
    await publishVersion(0);
    expect(await outcome(await scene.open())).toBe('verified');
    const rounds: string[] = [];
    for (let round = 1; rounds.at(-1) !== 'verified' && round < MOST_WRITES; round += 1) {
      await publishVersion(round);
      const current = new Map(scene.repository.files);
      const disk = failWritesIn(scene.folder, round, { times });
      const trust = await scene.open();
      const found = await outcome(trust).finally(disk.stop);
      rounds.push(/^(Error: ENOSPC|HOST_STORAGE)/.test(found) ? 'full' : found);
      const known = versions(await scene.open());
      expect([nameVersion(round - 1), nameVersion(round)]).toContain(known.join());
      replaceFiles(before);
      expect(await outcome(await scene.open())).toBe('TRUST_INVALID');
      expect(versions(await scene.open())).toEqual(known);
      replaceFiles(current);
      expect([await outcome(trust), versions(trust)]).toEqual(['verified', [nameVersion(round)]]);
    }
    expect(new Set(rounds)).toEqual(new Set(['full', 'verified']));
    expect(rounds.length).toBeGreaterThan(5);
  },
);

const nameVersion = (round: number): string => `1.1.${round} listed`;

const publishVersion = (round: number) =>
  scene.repository.publish([signedReleases([signedVersion({ version: `1.1.${round}` })])]);

function replaceFiles(files: ReadonlyMap<string, string>): void {
  scene.repository.files.clear();
  for (const [name, body] of files) scene.repository.files.set(name, body);
}
