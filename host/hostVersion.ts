/** What `min_core` and `max_core` of a plugin speak of, unless the operator says otherwise. */
export const HOST_VERSION = '1.0.0';
