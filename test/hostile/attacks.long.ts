import { randomUUID } from 'node:crypto';
import type { UploadPlan } from '../../contracts/releases/publish';
import { reach } from '../support/builders/author';
import { ask } from '../support/requests/ask';
import { places, refusals, SAMPLE_PLACE, tampered } from './support/tamper';
import { startTarget, type Target } from './support/target';

/** What samples.e2e.ts leaves out of the attacks. */
jest.setTimeout(300_000);

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target?.stop());

describe('twenty parallel publishes of one version over two API processes', () => {
  test('with different bytes give one winner and nineteen clear conflicts [TST-10]', async () => {
    const { request } = await target.fresh();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const publishRequestId = randomUUID();
        return target.publish({ ...request, publishRequestId, notes: `Variant ${index}.` }, index);
      }),
    );
    const codes = answers.map(({ status, body }) => `${status} ${String(body.code ?? 'accepted')}`).sort();
    expect(codes).toEqual(['202 accepted', ...Array<string>(19).fill('409 VERSION_CONFLICT')]);
    const won = answers.findIndex(({ status }) => status === 202);
    const versionId = `${request.pluginId}@1.0.0`;
    const versions = await target.real.db('versions').where({ id: versionId }).select('notes');
    expect(versions).toEqual([{ notes: `Variant ${won}.` }]);
  });
});

describe('two API processes behave as one', () => {
  test('what one accepts, the other finishes', async () => {
    const prepared = await target.fresh();
    const { versionId } = (await target.publish(prepared.request, 0)).body as { versionId: string };
    const at = `${target.second.url}/api/marketplace/plugins/${encodeURIComponent(versionId)}`;
    const plan = (await ask(`${at}/upload`, { token: target.publisherToken() }))
      .body as unknown as UploadPlan;
    for (const { number, bytes, put } of plan.parts) {
      const start = prepared.starts[number - 1] ?? 0;
      await target.real.publisher.releases.uploadPart({ put: put!, file: prepared.file, start, bytes });
    }
    const finalised = await ask(`${at}/upload/finalise`, {
      method: 'POST',
      token: target.publisherToken(),
      body: {},
    });
    expect(finalised.status).toBe(202);
    expect(await reach(target.real.publisher, versionId, ['in_review', 'rejected'])).toBe('in_review');
  });
});

describe('a package with one byte changed, anywhere, is rejected and leaves nothing', () => {
  test.each(Object.keys(places).filter((place) => place !== SAMPLE_PLACE))('%s', async (place) => {
    const prepared = await tampered(await target.fresh(), place);
    await target.expectRejected(prepared, refusals[place]!);
  });
});

describe('a package that the publisher did not sign is refused [PKG-24] [SEC-05]', () => {
  test('where it claims the publisher’s key, once its signature is checked', async () => {
    const prepared = await target.fresh(target.stranger);
    const artefact = { ...prepared.request.artefact, signedBy: target.real.author.key.fingerprint };
    await target.expectRejected(
      { ...prepared, request: { ...prepared.request, artefact } },
      'SIGNATURE_UNKNOWN_KEY',
    );
  });
});
