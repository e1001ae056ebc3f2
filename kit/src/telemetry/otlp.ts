import type * as Api from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Of the SDK, what is used here: it is no dependency of ours, so its types may be absent. */
interface Provider {
  shutdown(): Promise<void>;
}
interface Sdk {
  readonly TracerProvider: new (options: { resource: unknown; spanProcessors: unknown[] }) => Provider;
  readonly BatchSpanProcessor: new (options: { exporter: unknown }) => unknown;
}
interface Resources {
  readonly resourceFromAttributes: (attributes: Readonly<Record<string, string>>) => { merge(other: unknown): unknown };
  readonly envDetector: unknown;
  readonly detectResources: (options: { detectors: unknown[] }) => unknown;
}
interface Exporter {
  readonly OTLPTraceExporter: new (options: { url: string }) => unknown;
}

const SDK = ['@opentelemetry/sdk-trace', '@opentelemetry/resources', '@opentelemetry/exporter-trace-otlp-http'] as const;

/**
 * Sends spans to an OTLP endpoint over HTTP, with the OpenTelemetry SDK, which costs 300 ms and 30 MB and is therefore
 * installed only by those who trace. @returns what flushes and ends it; null, and one line that says what to install, without it.
 */
export async function exportTraces(
  api: typeof Api,
  endpoint: string,
  logger: Logger,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<(() => Promise<void>) | null> {
  try {
    const [sdk, resources, exporter] = (await Promise.all(SDK.map(load))) as [Sdk, Resources, Exporter];
    const { TracerProvider, BatchSpanProcessor } = sdk;
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over our name.
    const resource = resources
      .resourceFromAttributes({ 'service.name': 'plinth' })
      .merge(resources.detectResources({ detectors: [resources.envDetector] }));
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const provider = new TracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url }) })],
    });
    api.trace.setGlobalTracerProvider(provider as never);
    return async () => {
      api.trace.disable();
      await provider.shutdown().catch((error: unknown) => logger.warn({ err: error }, 'the last spans could not be sent'));
    };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    logger.warn(`OTEL_EXPORTER_OTLP_ENDPOINT is set but nothing is traced: npm install ${SDK.join(' ')}`);
    return null;
  }
}
