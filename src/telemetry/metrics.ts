import type { Meter } from '@opentelemetry/api';
import type { RecordedEvent } from '../domain/event';
import type { Intent } from '../execute/intent';
import type { ActProbe, Incident } from '../execute/probe';

/** State of the store and the projections, read at each collection of metrics. */
export interface Standing {
  readonly head: string;
  readonly projections: readonly { readonly name: string; readonly position: string; readonly poison?: unknown }[];
  readonly policies: readonly { readonly name: string; readonly status: string; readonly behindMs: number }[];
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counters and durations of acts and folds. Labels hold only words of this program, never data. */
export class Metrics {
  private readonly acts;
  private readonly actSeconds;
  private readonly stepSeconds;
  private readonly incidents;
  private readonly events;
  private readonly delay;

  constructor(private readonly meter: Meter) {
    const seconds = { unit: 's', advice: { explicitBucketBoundaries: SECONDS } };
    const counter = (name: string, description: string) => meter.createCounter(name, { description });
    this.acts = counter('palimpsest_acts', 'Acts by command and outcome.');
    this.incidents = {
      conflict: counter('palimpsest_conflicts', 'Appends that conflicted with another writer.'),
      retry: counter('palimpsest_retries', 'Repeated decisions and appends.'),
      unknownOutcome: counter('palimpsest_unknown_outcomes', 'Appends whose outcome is unknown.'),
    } satisfies Record<Incident, unknown>;
    this.events = counter('palimpsest_folded_events', 'Events folded into live tables by this process.');
    this.actSeconds = meter.createHistogram('palimpsest_act_duration_seconds', {
      ...seconds,
      description: 'From the command to its answer.',
    });
    this.stepSeconds = meter.createHistogram('palimpsest_step_duration_seconds', {
      ...seconds,
      description: 'Deciding, which includes reading the stream, and appending.',
    });
    this.delay = meter.createHistogram('palimpsest_projection_delay_seconds', {
      ...seconds,
      description: 'From an event’s recording, by the store’s clock, until it could be read, by this server’s clock.',
    });
  }

  act({ command }: Intent): ActProbe {
    const began = performance.now();
    let step: { readonly name: string; readonly began: number } | undefined;
    const endStep = (now: number): void => {
      if (step !== undefined) this.stepSeconds.record((now - step.began) / 1000, { step: step.name });
    };
    return {
      step: (name) => {
        const now = performance.now();
        endStep(now);
        step = { name, began: now };
      },
      met: (incident) => this.incidents[incident].add(1, { command: command.type }),
      ended: (outcome) => {
        const now = performance.now();
        endStep(now);
        this.acts.add(1, { command: command.type, outcome });
        this.actSeconds.record((now - began) / 1000, { command: command.type });
      },
    };
  }

  folded(events: readonly RecordedEvent[], ended: number): void {
    this.events.add(events.length);
    const oldest = Date.parse(events[0]!.recordedAt);
    this.delay.record(Math.max(0, ended - oldest) / 1000);
  }

  /**
   * Gauges of the store and the projections. Values that cannot be read are left out, and the store is reported as
   * down.
   */
  watch(standing: () => Promise<Standing>): void {
    const up = this.meter.createObservableGauge('palimpsest_store_up', {
      description: '1 while the event store answers.',
    });
    const lag = this.meter.createObservableGauge('palimpsest_projection_lag_positions', {
      description: 'Positions between the head of the log and what can be read; positions may have gaps.',
    });
    const poisoned = this.meter.createObservableGauge('palimpsest_projection_poisoned', {
      description: '1 while a projection is stopped at an event that it cannot fold.',
    });
    const overdue = this.meter.createObservableGauge('palimpsest_policy_lag_seconds', {
      description: 'How long ago the oldest thing should have followed that has not yet.',
      unit: 's',
    });
    const stopped = this.meter.createObservableGauge('palimpsest_policy_stopped', {
      description: '1 while a policy has stopped because it failed.',
    });
    this.meter.addBatchObservableCallback(
      async (result) => {
        const now = await standing().catch(() => undefined);
        result.observe(up, now === undefined ? 0 : 1);
        for (const { name, position, poison } of now?.projections ?? []) {
          const behind = Number(BigInt(now!.head) - BigInt(position));
          result.observe(lag, Math.max(0, behind), { projection: name });
          result.observe(poisoned, poison === undefined ? 0 : 1, { projection: name });
        }
        for (const { name, status, behindMs } of now?.policies ?? []) {
          result.observe(overdue, behindMs / 1000, { policy: name });
          result.observe(stopped, status === 'stopped' ? 1 : 0, { policy: name });
        }
      },
      [up, lag, poisoned, overdue, stopped],
    );
  }
}
