import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly ports?: readonly (string | { readonly host_ip?: string })[];
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly healthcheck?: { readonly test?: readonly string[] | string; readonly disable?: boolean };
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, object>>;
  readonly volumes?: Readonly<Record<string, object | null>>;
}

export const composeOf = (text: string): Compose => parse(text, { merge: true }) as Compose;

/** A tag of at least two numbers, or a digest: `latest`, `23` and no tag at all can change unnoticed. */
const PINNED = /^[\w./-]+(:(v?\d+\.\d+[\w.-]*|RELEASE\.\d{4}-\d\d-\d\dT[\d-]+Z))?(@sha256:[0-9a-f]{64})?$/;
const isPinned = (image: string): boolean => PINNED.test(image) && /:(v?\d|RELEASE\.\d)|@sha256:/.test(image);
const SECRET = /PASSWORD|SECRET|TOKEN|PRIVATE_KEY/;

/** The faults of a compose file, one sentence each; `known` are the variables that the program reads. */
export function complaintsAbout(compose: Compose, known: ReadonlySet<string>): readonly string[] {
  return Object.entries(compose.services).flatMap(([name, service]) =>
    [...isolation(service), ...reach(service), ...secrecy(service, known), ...references(service, compose)].map(
      (complaint) => `${name}: ${complaint}`,
    ),
  );
}

function* isolation({ image = '', healthcheck, read_only, cap_drop, security_opt, privileged }: Service) {
  if (!isPinned(image)) yield `the image ${image || 'is not named'} is not pinned`;
  if (!healthcheck?.test?.length || healthcheck.disable) yield 'there is no health check';
  if (read_only !== true) yield 'its root file system can be written to';
  if (!cap_drop?.includes('ALL')) yield 'it keeps capabilities';
  if (!security_opt?.includes('no-new-privileges:true')) yield 'it can gain privileges';
  if (privileged) yield 'it is privileged';
}

function* reach({ ports = [] }: Service) {
  for (const port of ports) {
    const host = typeof port === 'string' ? port : `${port.host_ip ?? ''}:`;
    if (!host.startsWith('127.0.0.1:')) yield `port ${JSON.stringify(port)} can be reached from elsewhere`;
  }
}

function* secrecy({ environment = {}, profiles = [] }: Service, known: ReadonlySet<string>) {
  const development = profiles.length === 1 && profiles[0] === 'development';
  for (const [name, value] of Object.entries(environment)) {
    const text = String(value ?? '');
    if (/^(PALIMPSEST|OIDC|OTEL)_|^(HOST|PORT)$/.test(name) && !known.has(name)) yield `no process reads ${name}`;
    const plain = SECRET.test(name) && !/_FILE$/.test(name) && !/^\$\{\w+:\?/.test(text);
    if (plain && !development) yield `${name} stands in the file`;
    if (/:\/\/[^/@:]+:[^/@]+@/.test(text) && !development) yield `${name} holds a password`;
    if (/INSECURE|tls=false/i.test(`${name} ${text}`) && !development) yield `${name} switches security off`;
  }
  if (profiles.length === 0) yield 'it is in no profile';
}

function* references({ secrets = [], volumes = [], depends_on = {} }: Service, compose: Compose) {
  for (const each of secrets) {
    const source = typeof each === 'string' ? each : each.source;
    if (compose.secrets?.[source] === undefined) yield `there is no secret ${source}`;
  }
  for (const volume of volumes) {
    const [source = ''] = volume.split(':');
    if (!/^[./]/.test(source) && !(source in (compose.volumes ?? {}))) yield `there is no volume ${source}`;
  }
  for (const [other, { condition }] of Object.entries(depends_on)) {
    if (compose.services[other] === undefined) yield `there is no service ${other}`;
    if (condition !== 'service_healthy') yield `it does not wait until ${other} is well`;
  }
}

/** The faults of a Dockerfile, one sentence each. */
export function complaintsAboutImage(dockerfile: string): readonly string[] {
  const instructions = dockerfile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
  const last = instructions.slice(instructions.findLastIndex(([word]) => word === 'FROM'));
  const of = (word: string) => last.filter(([first]) => first === word).map((words) => words.slice(1).join(' '));
  const complaints: string[] = [];
  const bases = instructions.filter(([word]) => word === 'FROM').map(([, image]) => image!);
  for (const base of bases) if (!isPinned(base)) complaints.push(`the base ${base} is not pinned`);
  if (bases.length < 2) complaints.push('what builds is in what runs');
  const user = of('USER').at(-1);
  if (user === undefined || /^(root|0)\b/.test(user)) complaints.push('it runs as root');
  for (const word of ['ENTRYPOINT', 'CMD']) {
    if (!of(word).every((form) => form.startsWith('[')))
      complaints.push(`${word} goes through a shell, which keeps signals`);
  }
  if (of('ENTRYPOINT').length === 0) complaints.push('it has no entry point');
  if (of('HEALTHCHECK').length === 0) complaints.push('it has no health check');
  if (!/npm ci --omit=dev/.test(dockerfile)) complaints.push('it ships development packages');
  if (/\bADD\b|COPY \. /.test(dockerfile)) complaints.push('it copies more than it names');
  return complaints;
}
