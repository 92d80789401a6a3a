import { publishLog } from '../../../core/releases/publishLog';
import { makeReceipt } from '../../../core/releases/receipt';

test('a receipt says where to upload and where to look, with ids that a URL can hold [API-31]', () => {
  const receipt = makeReceipt({
    versionId: 'notes@1.0.0+a/b',
    reviewQueueId: 'review-1',
    channel: 'beta',
    submittedAt: '2026-05-01T00:00:00.000Z',
    slaMs: 14_400_000,
  });
  expect(receipt).toEqual({
    publishId: 'release:notes@1.0.0+a/b',
    versionId: 'notes@1.0.0+a/b',
    reviewQueueId: 'review-1',
    channel: 'beta',
    uploadUrl: '/api/marketplace/plugins/notes%401.0.0%2Ba%2Fb/upload',
    statusUrl: '/api/marketplace/releases/release%3Anotes%401.0.0%2Ba%2Fb',
    submittedAt: '2026-05-01T00:00:00.000Z',
    nextCheckAt: '2026-05-01T00:00:30.000Z',
    sla: { expectedReviewDuration: '4 h' },
  });
});

describe('A log line about a publish', () => {
  const full = {
    pluginId: 'notes',
    version: '1.0.0',
    channel: 'stable',
    publishId: 'release:notes@1.0.0',
    status: 'scanning',
    elapsedMs: 0,
    errorCode: 'DIST_EMPTY',
    requestId: 'request-1',
  };

  test('holds what is known, also a time of nothing [OBS-17]', () => {
    expect(publishLog(full)).toEqual(full);
  });

  test('has all eight fields in one order, and null where a value is not known yet [OBS-17]', () => {
    const line = publishLog({ status: 'packing', pluginId: 'notes' });
    expect(Object.keys(line)).toEqual(Object.keys(full));
    const { pluginId, status, ...unknown } = line;
    expect([pluginId, status]).toEqual(['notes', 'packing']);
    expect(Object.values(unknown)).toEqual(Array(6).fill(null));
  });
});
