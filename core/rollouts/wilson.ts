/** The 97.5 % quantile of the normal distribution: two-sided intervals of 95 %. */
const Z = 1.959964;

/**
 * Upper end of the 95 % Wilson interval of a share, 0 to 1: what the true share can still be after
 * `successes` among `n`. Nothing was seen at `n` = 0, so that it can be anything. Unlike the share itself it
 * does not condemn after few reports what may well be fine (Wilson 1927).
 */
export function computeWilsonUpperBound(successes: number, n: number): number {
  if (n === 0) return 1;
  const share = successes / n;
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return (share + (Z * Z) / (2 * n) + spread) / (1 + (Z * Z) / n);
}
