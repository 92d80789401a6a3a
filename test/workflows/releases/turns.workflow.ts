import type { Waiting } from '../../../core/releases/checkTurns';
import type { Checked } from '../../../activities/releases/types';
import { timelineQuery } from '../../../workflows/releases/messages';
import { finalise, submission, leave } from '../../support/workflows/releaseSteps';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

const waiting = (ahead: number): Waiting => ({ outcome: 'waiting', ahead });
const ok: Checked = { outcome: 'ok' };

/** Publishes and uploads; returns what the release says of itself once it is in review. */
async function check(): Promise<string[]> {
  let texts: string[] = [];
  await fixture.run(async () => {
    const { handle } = await fixture.publish(submission());
    await finalise(handle);
    await fixture.untilState(handle, 'in_review');
    texts = (await handle.query(timelineQuery)).map(({ text }) => text);
    await leave(handle);
  });
  return texts;
}

test('a release whose turn it is not waits without end of attempts, says so, and is then checked', async () => {
  const answers = [5, 4, 4, 4, 4, 0].map(waiting);
  fixture.script.assemble = () => answers.shift() ?? ok;
  expect(await check()).toEqual([
    'uploading: package upload',
    'uploading: package verification',
    'uploading: this publisher’s other checks',
    'uploading: package verification',
    'scanning: scan results',
    expect.stringMatching(/^in_review: /),
  ]);
  expect(fixture.named('assemblePackage')).toHaveLength(7);
});

test('of several scanners that wait one asks for all, and the others run when it has its turn', async () => {
  const names = ['archive-form', 'secrets', 'signature'];
  fixture.script.scanners = names.map((name) => ({
    ...{ name, group: 'content', enabled: true, enforced: true, required: true },
  }));
  fixture.script.scan = (scanner, attempt) =>
    attempt <= (scanner === 'archive-form' ? 4 : 1) ? waiting(1) : { scanner, verdict: 'pass', problems: [] };
  await check();
  const asked = fixture.named('runScanner').map(({ input }) => (input as { scanner: string }).scanner);
  expect(names.map((name) => asked.filter((each) => each === name).length)).toEqual([5, 2, 2]);
  expect(fixture.named('recordScanHold')).toEqual([]);
});
