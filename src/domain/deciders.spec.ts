import { launch, register } from '../../test/domain/commands';
import { CATALOGUE, EVENT_TYPES } from './catalogue';
import { deciderOf, deciderOfStream } from './deciders';

it('finds the decider of a command and of the stream it writes to', () => {
  for (const command of [register(), launch()]) {
    const decider = deciderOf(command.type);
    expect(deciderOfStream(decider.streamOf(command))).toBe(decider);
  }
});

it('finds no decider for a stream of another category', () => {
  for (const stream of ['usage-web.20260302', 'assets-1', 'assets', 'asset', '', '-', 'constructor-1']) {
    expect(deciderOfStream(stream)).toBeUndefined();
  }
});

it('has a decider for every category of the catalogue', () => {
  const categories = new Set(EVENT_TYPES.map((type) => CATALOGUE[type].category));
  for (const category of categories) expect(deciderOfStream(`${category}-1`)?.category).toBe(category);
});
