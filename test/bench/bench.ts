/** One figure, with a probe measured in the same run on the same machine. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is compared with, for instance `raw fdatasync`; empty if the bar is absolute. */
  readonly probe: string;
  readonly probeValue: number | null;
  /** value / probeValue. */
  readonly ratio: number | null;
  /** The bar as text, for instance `≥ 0.8 × probe` or `< 1 ms`. */
  readonly bar: string;
  readonly ok: boolean;
}

/** `run` may return several rows, for instance one per number of clients; their names begin with the bench's. */
export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<readonly Row[]>;
}

export interface BenchContext {
  /** A fresh directory, removed after the bench. */
  readonly directory: string;
  /** Prints a line for a person to standard error. */
  note(line: string): void;
}

interface Bar {
  readonly atLeast?: number;
  readonly below?: number;
}

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly probe?: string;
  readonly probeValue?: number;
}

/** A row with a bar on the value itself. */
export function absolute(measured: Measured, bar: Bar): Row {
  return judged(measured, bar, measured.value, measured.unit);
}

/** A row with a bar on the ratio of the value to the probe. */
export function relative(measured: Measured & { readonly probe: string; readonly probeValue: number }, bar: Bar): Row {
  return judged(measured, bar, measured.value / measured.probeValue, '× probe');
}

function judged({ name, value, unit, probe, probeValue }: Measured, bar: Bar, judge: number, of: string): Row {
  const words = [
    ...(bar.atLeast === undefined ? [] : [`≥ ${bar.atLeast.toLocaleString('en')} ${of}`]),
    ...(bar.below === undefined ? [] : [`< ${bar.below.toLocaleString('en')} ${of}`]),
  ];
  return {
    name,
    value,
    unit,
    probe: probe ?? '',
    probeValue: probeValue ?? null,
    ratio: probeValue === undefined ? null : value / probeValue,
    bar: words.join(' and '),
    ok: judge >= (bar.atLeast ?? Number.NEGATIVE_INFINITY) && judge < (bar.below ?? Number.POSITIVE_INFINITY),
  };
}
