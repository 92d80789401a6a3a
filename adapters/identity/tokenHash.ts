import { createHash } from 'node:crypto';

/** SHA-256 of a token, under which it is kept. 256 random bits need no slow hash: nobody tries them through. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
