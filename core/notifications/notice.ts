/** A finished text that a recipient reads; id, time and recipient are added where it is queued. */
export interface Notice<Kind extends string = string> {
  kind: Kind;
  pluginId: string;
  versionId: string;
  title: string;
  message: string;
  priority: 'normal' | 'high';
  /** Each tenant's row says whether its host upgrades by itself; null until then. */
  upgrade: null;
}

/** The version that a notice is about. */
export interface NoticeSubject {
  pluginId: string;
  version: string;
  versionId: string;
}
