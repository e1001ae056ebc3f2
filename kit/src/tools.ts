// What generators and benchmarks outside the kit use; not for features.
import { createCatalog, type AnyFeature } from './feature.ts';
import { openApiDocument } from './http/openapi.ts';

export { envExample, readConfig } from './config.ts';
export { startEphemeral } from './database/embedded/ephemeral.ts';
export { schemaOf } from './database/migrate.ts';
export { generateTables } from './database/tables.ts';
export { migrateAll } from './cli/serve.ts';

/** The OpenAPI document as it is committed. */
export async function openApiJson(features: readonly AnyFeature[]): Promise<string> {
  return `${JSON.stringify(openApiDocument(createCatalog(features)), null, 2)}\n`;
}
