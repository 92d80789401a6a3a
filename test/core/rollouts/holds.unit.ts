import { describeHold, versionHeld } from '../../../core/rollouts/holds';

const subject = { pluginId: 'notes', version: '2.0.0', versionId: 'notes@2.0.0' };
const key = { fingerprint: 'AB12', reason: 'compromised' as const };

test('the timeline of a held version says which key was revoked, why and by whom', () => {
  expect(describeHold(key, 'publisher:acme')).toEqual({
    key: 'held:AB12',
    kind: 'version_held',
    text: 'The signing key AB12 was revoked as compromised; nobody newly installs the version.',
    actor: 'publisher:acme',
    data: { fingerprint: 'AB12', reason: 'compromised' },
  });
  const text = (reason: 'unspecified' | 'superseded' | 'retired') =>
    describeHold({ ...key, reason }, 'x').text;
  expect(text('unspecified')).toContain('was revoked without a reason;');
  expect(text('superseded')).toContain('was superseded;');
  expect(text('retired')).toContain('was retired;');
});

test('the notice about held versions counts the others of the plugin', () => {
  const sentence = (others: number) => versionHeld(subject, key, others).message.split('. ')[0];
  expect(sentence(0)).toBe(
    'The signing key AB12 was revoked as compromised, so notes 2.0.0 can no longer be newly installed',
  );
  expect(sentence(1)).toContain('notes 2.0.0 and 1 other version can');
  expect(sentence(2)).toContain('notes 2.0.0 and 2 other versions can');
});
