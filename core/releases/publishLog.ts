/** The fields of every log line about a publish (OBS-17); null where a value is not known yet. */
export interface PublishLogLine {
  pluginId: string | null;
  version: string | null;
  channel: string | null;
  publishId: string | null;
  /** What was reached: a stage of the command line, a state of the release. */
  status: string;
  elapsedMs: number | null;
  /** A code of the catalogue, when something was refused. */
  errorCode: string | null;
  requestId: string | null;
}

/** One line with all eight fields, in one order, whatever is known. */
export const publishLog = (known: { status: string } & Partial<PublishLogLine>): PublishLogLine => ({
  pluginId: known.pluginId ?? null,
  version: known.version ?? null,
  channel: known.channel ?? null,
  publishId: known.publishId ?? null,
  status: known.status,
  elapsedMs: known.elapsedMs ?? null,
  errorCode: known.errorCode ?? null,
  requestId: known.requestId ?? null,
});
