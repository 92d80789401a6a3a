import type { Knex } from 'knex';

/** Which hosts a version works with, as its manifest says; a field that it does not name is left out. */
export const selectHostRange = (knex: Knex): Knex.Raw =>
  knex.raw(
    `jsonb_strip_nulls(jsonb_build_object('min_core', versions.manifest->'min_core', 'max_core', versions.manifest->'max_core'))`,
  );
