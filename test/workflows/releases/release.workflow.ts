import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { problem } from '../../../core/errors/errors';
import { decide } from '../../../workflows/reviews/messages';
import { abortUpload, submit, SUBMIT_AGAIN } from '../../../workflows/releases/messages';
import { createSubmission } from '../../support/builders/submission';
import { decision, finalise, submission, leave } from '../../support/workflows/releaseSteps';
import { eventually } from '../../support/waiting';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

function createGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe('a release', () => {
  test('goes from submission through upload, scans, review, listing and three stages to completion', async () => {
    await fixture.run(async () => {
      const of = submission();
      const { reply, handle } = await fixture.publish(of);
      expect(reply).toMatchObject({ outcome: 'accepted', receipt: { publishId: handle.workflowId } });
      await expect(finalise(handle)).resolves.toEqual({ outcome: 'accepted', state: 'uploading' });
      await fixture.untilState(handle, 'in_review');
      const decided = await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
      expect(decided).toEqual({ decision: 'approve', reviewer: 'rita', state: 'approved' });
      await expect(handle.result()).resolves.toEqual({ state: 'completed', problems: [] });
    });
    expect(fixture.transitions()).toEqual([
      'uploading → scanning',
      'scanning → in_review',
      'in_review → approved',
      'approved → scheduled',
      'scheduled → listed',
      'listed → rolling_out',
      'rolling_out → completed',
    ]);
    expect(fixture.named('startStage')).toHaveLength(3);
    expect(fixture.named('notifySubscribers')).toHaveLength(1);
    expect(fixture.named('discardUpload').map(({ input }) => input)).toEqual([
      expect.objectContaining({ keepPackage: true }),
    ]);
  });

  test('gives twenty equal receipts to twenty submissions of the same content, from one workflow [API-32]', async () => {
    await fixture.run(async () => {
      const of = submission();
      const all = await Promise.all(Array.from({ length: 20 }, () => fixture.publish(of)));
      expect(new Set(all.map(({ reply }) => JSON.stringify(reply))).size).toBe(1);
      expect(new Set(all.map(({ handle }) => handle.workflowId)).size).toBe(1);
      await leave(all[0]!.handle);
    });
    expect(fixture.named('registerRelease')).toHaveLength(1);
  });

  test('answers other content of a running version with a conflict [PRE-03]', async () => {
    await fixture.run(async () => {
      const of = submission('one');
      const { handle } = await fixture.publish(of);
      const other = createSubmission({ version: of.request.version, content: 'two' });
      const otherKey = await handle.executeUpdate(submit, { args: [other] });
      expect(otherKey).toMatchObject({ outcome: 'refused', problems: [{ code: 'VERSION_CONFLICT' }] });
      const { publishRequestId } = of.request;
      const sameKey = { ...other, request: { ...other.request, publishRequestId } };
      const reused = await handle.executeUpdate(submit, { args: [sameKey] });
      expect(reused).toMatchObject({ outcome: 'refused', problems: [{ code: 'REQUEST_ID_REUSED' }] });
      await leave(handle);
    });
  });

  test('that was refused stands in nobody’s way: whoever meets it is told to submit again', async () => {
    const { opened, open } = createGate();
    const problems = [problem('PUBLISHER_MISMATCH', 'The plugin belongs to another.')];
    fixture.script.register = async () => {
      await opened;
      return { outcome: 'refused', problems };
    };
    await fixture.run(async () => {
      const intruder = submission('one');
      const first = fixture.publish(intruder);
      await eventually('the registration', () => expect(fixture.named('registerRelease')).toHaveLength(1));
      const other = createSubmission({ version: intruder.request.version, content: 'two' });
      const owner = fixture.publish(other, 'second').catch((error: unknown) => error);
      await fixture.untilReceived(other, 'second');
      open();
      await expect(first).resolves.toMatchObject({ reply: { outcome: 'refused', problems } });
      expect(((await owner) as WorkflowUpdateFailedError).cause).toMatchObject({ type: SUBMIT_AGAIN });
    });
  });

  test('that has ended stands in nobody’s way while its workflow still runs: the next one is told to submit again', async () => {
    const { opened, open } = createGate();
    fixture.script.discards = () => opened;
    await fixture.run(async () => {
      const of = submission('one');
      const { handle } = await fixture.publish(of);
      fixture.script.abortedBy = () => ({ actor: 'publisher:example', requestId: 'req-9' });
      await handle.executeUpdate(abortUpload);
      for (const content of ['one', 'two']) {
        const next = createSubmission({ version: of.request.version, content });
        const told = await handle.executeUpdate(submit, { args: [next] }).catch((error: unknown) => error);
        expect((told as WorkflowUpdateFailedError).cause).toMatchObject({ type: SUBMIT_AGAIN });
      }
      await expect(handle.executeUpdate(submit, { args: [of] })).resolves.toMatchObject({
        outcome: 'accepted',
      });
      open();
      await expect(handle.result()).resolves.toMatchObject({ state: 'withdrawn' });
    });
  });

  test('says which parts are missing, and takes the upload once they are there', async () => {
    const missing = [problem('UPLOAD_INCOMPLETE', 'Part 2 of 3 is missing.', '/parts/2')];
    const answers = [{ outcome: 'refused' as const, problems: missing }];
    fixture.script.checkParts = () => answers.shift() ?? { outcome: 'ok' };
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await expect(finalise(handle)).resolves.toEqual({ outcome: 'refused', problems: missing });
      await expect(finalise(handle)).resolves.toMatchObject({ outcome: 'accepted' });
      await expect(finalise(handle)).resolves.toMatchObject({ outcome: 'accepted' });
      await fixture.untilState(handle, 'in_review');
      await leave(handle);
    });
    expect(fixture.named('checkParts')).toHaveLength(2);
  });

  test('expires when the upload is not finished in time, and discards what was sent', async () => {
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await expect(handle.result()).resolves.toMatchObject({
        state: 'expired',
        problems: [{ code: 'UPLOAD_EXPIRED' }],
      });
    });
    expect(fixture.transitions()).toEqual(['uploading → expired']);
    expect(fixture.named('discardUpload')[0]?.input).toMatchObject({ keepPackage: false });
  });

  test('ends at once when its publisher aborts the upload, and counts a foreign message for nothing', async () => {
    const by = { actor: 'publisher:example', requestId: 'req-9' };
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await expect(handle.executeUpdate(abortUpload)).resolves.toMatchObject({
        outcome: 'refused',
        problems: [{ code: 'RELEASE_STATE' }],
      });
      fixture.script.abortedBy = () => by;
      await expect(handle.executeUpdate(abortUpload)).resolves.toEqual({
        outcome: 'accepted',
        state: 'withdrawn',
      });
      await expect(handle.result()).resolves.toEqual({ state: 'withdrawn', problems: [] });
    });
    expect(fixture.transitions()).toEqual(['uploading → withdrawn']);
    expect(fixture.named('changeState')[0]?.input).toMatchObject(by);
    expect(fixture.named('discardUpload')[0]?.input).toMatchObject({ keepPackage: false });
    expect(fixture.named('notifyPublisher')).toHaveLength(0);
  });

  test('that has all its parts cannot be aborted any more', async () => {
    fixture.script.abortedBy = () => ({ actor: 'publisher:example', requestId: 'req-9' });
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await finalise(handle);
      await expect(handle.executeUpdate(abortUpload)).resolves.toMatchObject({ outcome: 'refused' });
      await fixture.untilState(handle, 'in_review');
      await leave(handle);
    });
  });

  test('ends rejected with the reason when the signing key is not the publisher’s [PKG-24] [SEC-05]', async () => {
    const problems = [problem('SIGNATURE_UNKNOWN_KEY', 'Key BEEF is not registered to example.')];
    fixture.script.verify = { outcome: 'refused', problems };
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await finalise(handle);
      await expect(handle.result()).resolves.toEqual({ state: 'rejected', problems });
    });
    expect(fixture.transitions()).toEqual(['uploading → rejected']);
    expect(fixture.named('changeState')[0]?.input).toMatchObject({ problems });
    expect(fixture.named('runScanner')).toHaveLength(0);
    expect(fixture.named('notifyPublisher')[0]?.input).toMatchObject({ outcome: 'rejected' });
  });

  test('is rejected by an enforced scanner without any human action [REV-01]', async () => {
    const problems = [problem('SCAN_REJECTED', 'dist/x.js holds the EICAR test file.')];
    fixture.script.scan = (scanner) => ({ scanner, verdict: 'fail', problems });
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await finalise(handle);
      await expect(handle.result()).resolves.toEqual({ state: 'rejected', problems });
    });
    expect(fixture.named('openReview')).toHaveLength(0);
    expect(fixture.named('runScanner').map(({ input }) => input)).not.toContainEqual(
      expect.objectContaining({ scanner: 'compatibility' }),
    );
  });

  test('is held by a silent required scanner, and goes on when it speaks', async () => {
    fixture.script.scan = (scanner, attempt) => ({
      scanner,
      verdict: scanner === 'archive-form' && attempt < 4 ? 'inconclusive' : 'pass',
      problems: [],
    });
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await finalise(handle);
      await fixture.env.sleep('10m');
      await fixture.untilState(handle, 'in_review');
      await leave(handle);
    });
    expect(fixture.named('recordScanHold').map(({ input }) => input)).toEqual(
      [30_000, 60_000, 120_000].map((retryInMs, index) =>
        expect.objectContaining({ silent: ['archive-form'], retryInMs, attempt: index + 1 }),
      ),
    );
    const waited = fixture
      .named('recordScanHold')
      .map(({ input }) => (input as { silentMs: number }).silentMs);
    // At least the pauses in between, and counted from the first silence.
    expect(waited[0]).toBe(0);
    expect(waited[2]).toBeGreaterThanOrEqual(90_000);
  });
});
