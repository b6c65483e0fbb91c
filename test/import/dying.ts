import type { Store } from '../../src/store/store';

/** A store at which something happens after so many appends were asked for. */
export function dyingAfter(store: Store, appends: number, happen: () => void): Store {
  let left = appends;
  return new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name);
      if (name !== 'append') return typeof own === 'function' ? own.bind(target) : own;
      return (...given: Parameters<Store['append']>) => {
        const writing = target.append(...given);
        left -= 1;
        if (left === 0) void writing.finally(happen);
        return writing;
      };
    },
  });
}
