export const nameFindingKinds = ['reserved', 'look_alike', 'same_name'] as const;
export type NameFindingKind = (typeof nameFindingKinds)[number];

/** Why a person should look at the name of a plugin before its first version is listed. It refuses nothing. */
export interface NameFinding {
  kind: NameFindingKind;
  /** What the name resembles: a plugin of another publisher, or a reserved word. */
  resembles: string;
  /** Whose that plugin is; null for a reserved word. */
  publisherId: string | null;
  /** Whether that plugin was listed, so that its id is no secret. */
  isPublic: boolean;
}
