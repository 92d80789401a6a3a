import { checkCommand, COMMAND_LIFETIME_MS } from '../../../core/rollouts/commands';

const now = new Date('2026-11-28T12:00:00Z');
const asked = {
  ...{ versionId: 'com.example.notes@1.0.0', commandId: 'c-1' },
  ...{ state: 'paused' as const, action: 'resume' as const },
};
const expiresAt = new Date(now.getTime() + 1);

test('a command is taken as an operator recorded it, within an hour', () => {
  expect(COMMAND_LIFETIME_MS).toBe(3_600_000);
  expect(checkCommand(asked, { action: 'resume', expiresAt, takenAt: null }, now)).toEqual([]);
  expect(checkCommand(asked, { action: 'resume', expiresAt: now, takenAt: null }, now)).toEqual([
    expect.objectContaining({
      code: 'COMMAND_EXPIRED',
      detail: 'The command c-1 to resume com.example.notes@1.0.0 expired at 2026-11-28T12:00:00.000Z.',
    }),
  ]);
});

test('a command that nobody recorded, or recorded as another, is unknown', () => {
  for (const recorded of [undefined, { action: 'pause' as const, expiresAt, takenAt: null }]) {
    expect(checkCommand(asked, recorded, now)).toEqual([
      expect.objectContaining({
        code: 'COMMAND_UNKNOWN',
        detail: 'Nobody has recorded a command c-1 to resume com.example.notes@1.0.0.',
      }),
    ]);
  }
});

test('a release that has ended takes no command, and a retry is told of the one that was taken before', () => {
  const ended = { ...asked, state: 'superseded' as const };
  expect(checkCommand(ended, { action: 'resume', expiresAt, takenAt: null }, now)).toEqual([
    expect.objectContaining({
      code: 'ROLLOUT_NOT_ACTIVE',
      detail: 'No rollout of com.example.notes@1.0.0 is running: the release is superseded.',
    }),
  ]);
  expect(checkCommand(ended, { action: 'resume', expiresAt, takenAt: now }, now)).toEqual([]);
});
