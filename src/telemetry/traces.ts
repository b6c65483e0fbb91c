import { randomBytes } from 'node:crypto';
import { type Link, ROOT_CONTEXT, type Span, SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';
import type { RecordedEvent } from '../domain/event';
import type { Intent } from '../execute/intent';
import type { ActProbe } from '../execute/probe';

/**
 * Maximum number of acts in a batch that get a span each; a larger batch belongs to a rebuild or to an import catching
 * up.
 */
const MOST_ACTS = 100;

const hex = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();

/**
 * The trace id is the causation id: a UUID is as long as a trace id, so the process that folds an event finds the trace
 * of the act that wrote it in the event itself.
 */
export const traceIdOf = (causationId: string): string => hex(causationId);
/** The span id of the act: the second half of its command id. */
const spanIdOf = (commandId: string): string => hex(commandId).slice(16);

/** An id generator that returns the ids requested by `named`, and random ones otherwise. */
export class Ids implements tracing.IdGenerator {
  private trace: string | undefined;
  private span: string | undefined;

  /** Makes `make` start its span with these ids. */
  named<T>(traceId: string, spanId: string | undefined, make: () => T): T {
    this.trace = traceId;
    this.span = spanId;
    try {
      return make();
    } finally {
      this.trace = undefined;
      this.span = undefined;
    }
  }

  generateTraceId = (): string => this.trace ?? randomBytes(16).toString('hex');
  generateSpanId = (): string => this.span ?? randomBytes(8).toString('hex');
}

/** Spans of acts and folds. */
export class Traces {
  constructor(
    private readonly tracer: Tracer,
    private readonly ids: Ids,
  ) {}

  act({ command, commandId, causationId = commandId, correlationId = commandId, tool }: Intent): ActProbe {
    const attributes = {
      'palimpsest.command': command.type,
      'palimpsest.command_id': commandId,
      'palimpsest.causation_id': causationId,
      'palimpsest.correlation_id': correlationId,
      'palimpsest.tool': tool,
    };
    const span = this.ids.named(traceIdOf(causationId), spanIdOf(commandId), () =>
      this.tracer.startSpan(`act ${command.type}`, { attributes, root: true }),
    );
    const context = trace.setSpan(ROOT_CONTEXT, span);
    let step: Span | undefined;
    return {
      step: (name) => {
        step?.end();
        step = this.tracer.startSpan(name, { attributes: { 'palimpsest.causation_id': causationId } }, context);
      },
      met: (incident) => (step ?? span).addEvent(incident),
      ended: (outcome) => {
        step?.end();
        span.setAttribute('palimpsest.outcome', outcome);
        if (FAILED.test(outcome)) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        span.end();
      },
    };
  }

  /** One span for the batch, and one in the trace of each act that has events in it. */
  folded(events: readonly RecordedEvent[], began: number, ended: number): void {
    const acts = new Map<string, RecordedEvent>();
    for (const event of events) {
      acts.set(event.metadata.commandId, event);
      if (acts.size > MOST_ACTS) break;
    }
    const followed = acts.size <= MOST_ACTS ? [...acts.values()] : [];
    const attributes = { 'palimpsest.events': events.length, 'palimpsest.position': events.at(-1)!.position };
    const links = followed.map(linkTo);
    const batch = this.tracer.startSpan('project batch', { attributes, links, root: true, startTime: began });
    for (const event of followed) {
      const { $causationId, commandId } = event.metadata;
      const span = this.ids.named(traceIdOf($causationId), undefined, () =>
        this.tracer.startSpan('project', {
          attributes: { 'palimpsest.causation_id': $causationId, 'palimpsest.command_id': commandId },
          links: [linkTo(event), { context: batch.spanContext() }],
          root: true,
          startTime: began,
        }),
      );
      span.end(ended);
    }
    batch.end(ended);
  }
}

/** Error names; refusal codes are in capitals and are answers, not failures. */
const FAILED = /^[A-Z][a-z]/;

function linkTo({ metadata: { $causationId, commandId } }: RecordedEvent): Link {
  const context = {
    traceId: traceIdOf($causationId),
    spanId: spanIdOf(commandId),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
  return { context, attributes: { 'palimpsest.causation_id': $causationId } };
}
