import type { SubjectKind } from '../access';
import { formatDuration } from '../duration';
import type { Notice, NoticeSubject } from '../notifications/notice';

/** A token of this platform that was found in an upload, and whose it was. */
export interface LeakedToken {
  tokenId: string;
  kind: SubjectKind;
  id: string;
}

/** To the holder of a token and to the operators: it was in an upload, so it was revoked. */
export const tokenLeaked = (
  { pluginId, versionId, version }: NoticeSubject,
  { tokenId, kind, id }: LeakedToken,
): Notice<'token_leaked'> => ({
  kind: 'token_leaked',
  pluginId,
  versionId,
  title: `A token of ${kind} ${id} was revoked`,
  message: [
    `The upload of ${pluginId} ${version} holds the token ${tokenId} of ${kind} ${id}, which was revoked at once.`,
    'Look for what was done with it, and ask the operators for a new one.',
  ].join(' '),
  priority: 'high',
  upgrade: null,
});

/** To the operators: a release waits for a scanner, and nothing that its publisher does will help. */
export const scannerSilent = (
  { pluginId, versionId }: Pick<NoticeSubject, 'pluginId' | 'versionId'>,
  { scanner, silentMs }: { scanner: string; silentMs: number },
): Notice<'scanner_silent'> => ({
  kind: 'scanner_silent',
  pluginId,
  versionId,
  title: `The scanner ${scanner} has no verdict for long`,
  message: [
    `${versionId} has waited ${formatDuration(silentMs)} for a verdict of the scanner ${scanner}, which is asked again and again.`,
    "Look at the worker's log and its /readyz; the release goes on by itself once the scanner answers.",
  ].join(' '),
  priority: 'high',
  upgrade: null,
});
