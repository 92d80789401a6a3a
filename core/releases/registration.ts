import { problem, type Problem } from '../errors/errors';
import { formatVersionId } from '../ids';
import { checkSigningKey, type KeyLifetime } from '../identity/keys';
import { checkIncrement } from '../version';
import { checkRest, type NameTurn } from './nameTurns';
import { checkNameQuota, checkOwner, type NameHold, type ReservedName } from './ownership';
import { checkStages, checkStartTimes, type RolloutStage } from './rolloutPlan';
import { checkRequestId } from './submission';
import { checkUploadQuota, type OpenUpload } from './uploadQuota';

/** What is judged of a submission before it is registered. */
export interface Candidate {
  publisherId: string;
  publishRequestId: string;
  pluginId: string;
  version: string;
  channel: string;
  fileName: string;
  /** Of the package. */
  bytes: number;
  /** Fingerprint of the signing key; absent when the package is not signed. */
  signedBy?: string | undefined;
  /** Stages of the rollout that the publisher asks for; absent for the default. */
  stages?: readonly RolloutStage[] | undefined;
}

/** What is on record about the plugin, the request id and the key of a submission. */
export interface Standing {
  /** Null when nobody has announced the plugin yet. */
  name: NameHold | null;
  /** The publisher's last turn with the plugin's id; null when it had none. */
  turn: NameTurn | null;
  /** What the publisher has reserved; the plugin may be among it. */
  reserved: readonly ReservedName[];
  /** The version that the request id was used for. */
  usedFor: string | null;
  /** The signing key, where it is registered to the publisher. */
  key: KeyLifetime | null;
  /** Versions that count as the channel's: listed ones, and those on their way. */
  versions: readonly string[];
  /** What the publisher has announced and not finished. */
  open: readonly OpenUpload[];
}

/** Everything on record that speaks against a submission, all at once. */
export const listObjections = (candidate: Candidate, standing: Standing, now: Date): Problem[] => {
  const { publisherId, publishRequestId, pluginId, version, channel, signedBy: fingerprint } = candidate;
  return [
    ...checkOwner(standing.name, publisherId, pluginId, now),
    ...checkRest(standing.name, standing.turn, candidate, now),
    ...checkNameQuota(candidate, standing.name, standing.reserved, now),
    ...checkRequestId(standing.usedFor, publishRequestId, formatVersionId(pluginId, version)),
    ...(fingerprint
      ? checkSigningKey(standing.key, { fingerprint, publisherId }, now)
      : checkSigned(candidate)),
    ...checkIncrement(version, channel, standing.versions),
    ...checkUploadQuota(publisherId, standing.open, candidate.bytes),
    ...(candidate.stages
      ? [...checkStages(candidate.stages), ...checkStartTimes(candidate.stages, now)]
      : []),
  ];
};

/** Packages without a signature are refused before anything is uploaded. */
export const checkSigned = ({ fileName, signedBy }: Pick<Candidate, 'fileName' | 'signedBy'>): Problem[] =>
  signedBy ? [] : [problem('SIGNATURE_REQUIRED', `${fileName} is not signed.`, '/artefact/signedBy')];

/** The manifest describes the plugin and version that are being published. */
export function checkManifestIdentity(
  announced: { pluginId: string; version: string },
  manifest: { id: string; version: string },
): Problem[] {
  const compare = (name: string, requested: string, stated: string) => {
    const detail = `${name} is ${stated} in the manifest, but ${requested} in the request.`;
    return requested === stated ? [] : [problem('PRECHECK_MANIFEST_MISMATCH', detail, `/manifest/${name}`)];
  };
  return [
    ...compare('id', announced.pluginId, manifest.id),
    ...compare('version', announced.version, manifest.version),
  ];
}
