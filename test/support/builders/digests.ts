import { createHash } from 'node:crypto';

/** The SHA-256 of a text, in hexadecimal. */
export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A fingerprint that stands for a name, for tests that never verify a signature. */
export const createFingerprint = (name: string): string => hashText(name).slice(0, 40).toUpperCase();
