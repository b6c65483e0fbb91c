import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directories, type Server, serve, start } from '../cli/palimpsest';

jest.setTimeout(60_000);

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A trace collector: it receives spans over OTLP, and reports when it has enough. */
class Collector {
  readonly spans: Span[] = [];
  private readonly server: HttpServer;
  private heard = () => {};

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
        for (const { scopeSpans } of resourceSpans) this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
        response.setHeader('content-type', 'application/json').end('{}');
        this.heard();
      });
    });
  }

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until spans with all these names have arrived. */
  async until(...names: readonly string[]): Promise<void> {
    while (!names.every((name) => this.spans.some((span) => span.name === name))) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const REGISTER = `mutation ($key: String!) {
  assetRegister(input: { act: { idempotencyKey: $key }, kind: IMAGE, title: "Geheimer Titel" }) {
    position userErrors { code }
  }
}`;

const places = directories();
const running: Server[] = [];

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});
afterAll(places.remove);

async function served(environment: Readonly<Record<string, string>>): Promise<Server> {
  const server = await serve(places.fresh(), environment);
  running.push(server);
  return server;
}

const at = (server: Server, path: string): Promise<Response> => fetch(new URL(path, server.url));

describe('traces', () => {
  test('show the decision, the append and the fold of one act in one trace, linked by causation', async () => {
    const collector = new Collector();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.open(),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    const server = await served(environment);
    await server.ask('author', REGISTER, { key: 'one' });
    await collector.until('act RegisterAsset', 'decide', 'append', 'project');
    collector.close();

    const act = collector.spans.find(({ name }) => name === 'act RegisterAsset')!;
    const causation = act.attributes.find(({ key }) => key === 'palimpsest.causation_id')!.value.stringValue!;
    expect(act.traceId).toBe(causation.replaceAll('-', ''));
    const story = collector.spans.filter(({ traceId }) => traceId === act.traceId);
    expect(story.map(({ name }) => name).sort()).toEqual(['act RegisterAsset', 'append', 'decide', 'project']);
    for (const step of story.filter(({ name }) => name === 'decide' || name === 'append')) {
      expect(step.parentSpanId).toBe(act.spanId);
    }
    const fold = story.find(({ name }) => name === 'project')!;
    expect(fold.links).toEqual(expect.arrayContaining([expect.objectContaining({ spanId: act.spanId })]));
    expect(JSON.stringify(collector.spans)).not.toMatch(/Geheimer Titel|dev-author/);
  });
});

describe('metrics', () => {
  test('count acts, and report how far each projection is', async () => {
    const server = await served({ PALIMPSEST_TELEMETRY: 'metrics' });
    const { data } = await server.ask<{ assetRegister: { position: string } }>('author', REGISTER, { key: 'one' });
    await server.ask('analyst', `{ assets(waitFor: "${data!.assetRegister.position}") { totalCount } }`);
    await server.ask('author', REGISTER, { key: 'one' });
    const answer = await at(server, '/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const page = await answer.text();
    const lines = page.split('\n');
    for (const line of [
      'palimpsest_acts_total{command="RegisterAsset",outcome="done"} 1',
      'palimpsest_acts_total{command="RegisterAsset",outcome="repeated"} 1',
      'palimpsest_folded_events_total 1',
      'palimpsest_store_up 1',
      'palimpsest_projection_lag_positions{projection="library"} 0',
      'palimpsest_projection_poisoned{projection="archive"} 0',
      'palimpsest_step_duration_seconds_count{step="append"} 1',
      'palimpsest_projection_delay_seconds_count 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(page).not.toMatch(/Geheimer Titel|dev-author/);
  });

  test('are absent by default, and so are their libraries', async () => {
    const server = await served({});
    expect((await at(server, '/metrics')).status).toBe(404);
    expect((await at(server, '/health/live')).status).toBe(200);
  });

  test('of a process that only projects are served with its health', async () => {
    const { child, ended } = start(['project', '--health-port', '0', '--data', places.fresh()], {
      PALIMPSEST_TELEMETRY: 'metrics',
      PALIMPSEST_LOG: 'json',
    });
    const [first] = (await once(child.stderr!, 'data')) as [string];
    const { url } = JSON.parse(first.split('\n', 1)[0]!) as { url: string };
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ ready: true, reasons: [] });
    expect(await (await fetch(`${url}/health/live`)).json()).toMatchObject({ live: true });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('palimpsest_store_up 1');
    expect((await fetch(url)).status).toBe(404);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    const said = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message);
    expect(said).toEqual(['answering for its health', 'projecting; Ctrl-C stops', 'stopping', 'stopped']);
  });
});
