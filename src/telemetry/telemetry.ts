import type { IncomingMessage, ServerResponse } from 'node:http';
import { metrics as meters, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Config } from '../config/config';
import type { ActProbe, WriteProbe } from '../execute/probe';
import type { FoldProbe } from '../tables/probe';
import { Metrics, type Standing } from './metrics';
import { Ids, Traces } from './traces';

/** The telemetry of this process. */
export interface Telemetry {
  readonly probe: WriteProbe & FoldProbe;
  /** Serves the metrics in Prometheus format; undefined if metrics are off. */
  readonly page: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Adds the gauges of the store and the projections. */
  watch(standing: () => Promise<Standing>): void;
  /** Sends what is still buffered. */
  close(): Promise<void>;
}

/**
 * Starts the OpenTelemetry SDK. Metrics are pulled from `/metrics`; the SDK reads the trace endpoint, the sampling and
 * the service name from the standard `OTEL_*` variables.
 */
export function startTelemetry(wanted: Config['telemetry'], version: string): Telemetry {
  const ids = new Ids();
  const exporter = wanted.metrics
    ? new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true })
    : undefined;
  const sdk = new NodeSDK({
    serviceName: wanted.serviceName,
    idGenerator: ids,
    metricReaders: exporter ? [exporter] : [],
    ...(wanted.traces ? {} : { spanProcessors: [] }),
    logRecordProcessors: [],
    instrumentations: [],
    // Host names and command lines must not leave this machine.
    autoDetectResources: false,
  });
  sdk.start();
  const traces = wanted.traces ? new Traces(trace.getTracer('palimpsest', version), ids) : undefined;
  const metrics = exporter ? new Metrics(meters.getMeter('palimpsest', version)) : undefined;
  return {
    probe: {
      act: (intent) => both(traces?.act(intent), metrics?.act(intent)),
      folded: (events, began, ended) => {
        traces?.folded(events, began, ended);
        metrics?.folded(events, ended);
      },
    },
    page: exporter && ((request, response) => exporter.getMetricsRequestHandler(request, response)),
    watch: (standing) => metrics?.watch(standing),
    // A failed export must not keep the process from ending.
    close: () => sdk.shutdown().catch(() => undefined),
  };
}

const NOBODY: ActProbe = { step: () => {}, met: () => {}, ended: () => {} };

function both(one: ActProbe | undefined, other: ActProbe | undefined): ActProbe {
  if (one === undefined || other === undefined) return one ?? other ?? NOBODY;
  return {
    step: (name) => {
      one.step(name);
      other.step(name);
    },
    met: (incident) => {
      one.met(incident);
      other.met(incident);
    },
    ended: (outcome) => {
      one.ended(outcome);
      other.ended(outcome);
    },
  };
}
