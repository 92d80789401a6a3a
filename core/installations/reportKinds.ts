/** What a host reports: the outcome of an installation, or how the version does afterwards. */
export const reportKinds = ['installed', 'failed', 'rolled_back', 'healthy', 'unhealthy'] as const;
