/** 4000 basis points as "40 %"; a fraction of a per cent keeps its digits. */
export const formatShare = (basisPoints: number): string => `${basisPoints / 100} %`;

const units = ['B', 'kB', 'MB', 'GB'] as const;

/** Bytes in powers of 1000, as stores count: "1.3 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  const digits = index === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[index]}`;
}

/** The first and last characters of a digest: enough to tell two apart at a glance. */
export const shortDigest = (digest: string): string =>
  digest.length <= 20 ? digest : `${digest.slice(0, 10)}…${digest.slice(-6)}`;
