import type { NativeConnection } from '@temporalio/worker';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../core/ids';

const { IndexedValueType } = temporal.api.enums.v1;

const types: Record<keyof typeof searchAttributes, temporal.api.enums.v1.IndexedValueType> = {
  pluginId: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  pluginVersion: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  channel: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  state: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  stage: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  percentage: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
  slaDeadline: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
};

/**
 * Makes sure that the namespace knows the attributes that workflows set, or their first task would
 * fail for good. A cluster that manages attributes by other means refuses; that is told, not fatal.
 */
export async function ensureSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const entries = Object.entries(searchAttributes) as [keyof typeof searchAttributes, string][];
  const missing = entries.filter(([, name]) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([key, name]) => [name, types[key]])),
  });
}
