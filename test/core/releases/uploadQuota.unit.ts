import { limits } from '../../../core/limits';
import { checkUploadQuota, endOfPartAddress, type OpenUpload } from '../../../core/releases/uploadQuota';

const GIB = 1024 ** 3;
const at = (hour: number) => `2026-05-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const uploads = (count: number, bytes = 1): OpenUpload[] =>
  Array.from({ length: count }, (_none, index) => ({
    versionId: `notes-${index}@1.0.0`,
    bytes,
    deadline: at(23 - index),
  }));

describe('What a publisher has open', () => {
  test('may grow up to the limit and no further', () => {
    expect(checkUploadQuota('acme', uploads(limits.openUploads - 1), 1)).toEqual([]);
    const [refused] = checkUploadQuota('acme', uploads(limits.openUploads), 1);
    expect(refused?.code).toBe('UPLOAD_QUOTA');
  });

  test('is refused with the limit, what is open and when the first of it ends', () => {
    const [refused] = checkUploadQuota('acme', uploads(limits.openUploads), 1);
    expect(refused?.detail).toBe(
      `acme has 20 uploads open; 20 are the most. Open: ${[19, 18, 17, 16, 15].map((index) => `notes-${index}@1.0.0`).join(', ')} and 15 more; the first ends by ${at(4)}.`,
    );
  });

  test('may announce so many bytes together, to the last one', () => {
    expect(checkUploadQuota('acme', uploads(4, 2 * GIB), limits.announcedBytes - 8 * GIB)).toEqual([]);
    const refused = checkUploadQuota('acme', uploads(4, 2 * GIB), limits.announcedBytes - 8 * GIB + 1);
    expect(refused).toMatchObject([{ code: 'UPLOAD_QUOTA', pointer: '/artefact/bytes' }]);
    expect(refused[0]?.detail).toContain(`exceed ${limits.announcedBytes}`);
  });

  test('never stands in the way of the largest package where nothing is open', () => {
    expect(checkUploadQuota('acme', [], limits.packageBytes)).toEqual([]);
  });
});

test('an address of a part ends after its lifetime, and never after the upload', () => {
  const now = new Date(at(1));
  expect(endOfPartAddress(new Date(at(9)), 3_600_000, now)).toEqual(new Date(at(2)));
  expect(endOfPartAddress(new Date(at(2)), 86_400_000, now)).toEqual(new Date(at(2)));
});
