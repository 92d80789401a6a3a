/** Retries go on for as long as a fault of the platform lasts; attempts are bounded only where silence means something. */
export const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;
