import { createHash } from 'node:crypto';

const digest = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** SHA-256 of a token in hex: shows the database that a call came with the token, which itself never goes there. */
export const toProof = (token: string): string => digest(token).toString('hex');

/**
 * SHA-256 of a token's proof, under which the token is kept: who reads the table finds neither the token nor the proof.
 * 256 random bits need no slow hash: nobody tries them through.
 */
export const hashToken = (token: string): Buffer => digest(digest(token));
