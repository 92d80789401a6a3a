/**
 * Where a second opinion stands: further tenants are asked one at a time; nobody is left to ask; or enough of them
 * succeeded, or an operator decided to go on.
 */
export const opinionStates = ['asking', 'exhausted', 'settled'] as const;
export type OpinionState = (typeof opinionStates)[number];
