import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { canonicalJson } from '../../src/ledger/canonical';
import { vkeyOf } from '../../src/ledger/note';
import { POSTER } from '../domain/commands';
import { Archive } from './packs';
import { missingForPython, withNode, withPython } from './verifying';

const missing = missingForPython();

/** Decisions that no decider would have let through: recorded by another program, or by one that was changed. */
const BENT: readonly (readonly [
  what: string,
  change: (data: Record<string, unknown>, type: string, actor: { id: string }) => void,
  detail: RegExp,
])[] = [
  [
    'a maker approved',
    (_data, type, actor) => {
      if (type === 'DecisionRecorded') actor.id = 'ana';
    },
    /made or submitted/,
  ],
  [
    'a decision is on other bytes',
    (data, type) => {
      if (type === 'DecisionRecorded') data.digest = 'f'.repeat(64);
    },
    /is not the one of version/,
  ],
  [
    'too few approved',
    (data, type) => {
      if (type === 'ReviewRequested') data.required = 3;
    },
    /3 people had to approve/,
  ],
  [
    'somebody is named who did not decide',
    (data, type) => {
      if (type === 'ApprovalGranted') data.decidedBy = ['zoe'];
    },
    /who did not approve/,
  ],
  [
    'a placement is by an approval that was not in force',
    (data, type) => {
      if (type === 'PlacementStarted') data.approval = data.placement;
    },
    /was not in force/,
  ],
];

test.each(BENT)(
  'where %s, the log is intact, and all verifiers say what is wrong with it',
  async (_what, change, detail) => {
    const bent = new Archive();
    try {
      await bent.live();
      const { store } = bent.log;
      const lying = async function* (range: Parameters<typeof store.readAll>[0], stream?: string) {
        const pages = stream === undefined ? store.readAll(range) : store.readStream(stream);
        for await (const page of pages) {
          yield page.map((event) => {
            const data = { ...(event.data as Record<string, unknown>) };
            const actor = { id: event.metadata.actorId };
            change(data, event.type, actor);
            return { ...event, data, metadata: { ...event.metadata, actorId: actor.id } };
          });
        }
      };
      const told = {
        ...store,
        readAll: (range: object = {}) => lying(range),
        readStream: (stream: string) => lying({}, stream),
        readType: undefined as never,
      };
      bent.log.store = told;
      const { keys } = await bent.sign();
      await bent.pack('bent', { question: { asset: POSTER } });
      bent.log.store = store;
      const given = ['--key', vkeyOf(keys.signers()[0]!)];
      const found = await withNode(bent.path('bent'), given);
      expect(found).toMatchObject({ code: 19, failed: [19] });
      expect(found.details[19]).toMatch(detail);
      if (missing === undefined)
        expect((await withPython(bent.path('bent'), given)).details[19]).toBe(found.details[19]);
    } finally {
      await bent.close();
    }
  },
);

test('the verifiers agree on the canonical form of numbers and names', () => {
  if (missing !== undefined) return console.warn(`${missing} is not on this machine`);
  const values = [
    0, -0, 1e21, 1e-7, 1.5e300, 5e-324, 123456789.125, 0.1, 1e20, -3.25e-9, 9007199254740991, 333333333.3333333, 1e23,
  ];
  const named = {
    '\u20ac': 1,
    '\ud83d\ude00': 2,
    '\ufb33': 3,
    '1': 4,
    '10': 5,
    '\r': 6,
    values,
    text: '\u0001\u001f\u007f"\\/\n',
  };
  const program = join(__dirname, '..', '..', 'src', 'ledger', 'verifier', 'verify.py');
  const script = `import importlib.util,json,sys\nspec=importlib.util.spec_from_file_location('v',${JSON.stringify(program)})\nv=importlib.util.module_from_spec(spec)\nsource=open(v.__spec__.origin).read().replace('@WORDS@','{}')\nexec(compile(source,'verify.py','exec'),v.__dict__)\nsys.stdout.buffer.write(v.canonical(json.loads(sys.stdin.read())).encode())`;
  const written = execFileSync('python3', ['-B', '-c', script], { input: JSON.stringify(named), encoding: 'utf8' });
  expect(written).toBe(canonicalJson(named));
});
