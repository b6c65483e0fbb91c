import type { Store } from '../../src/store/store';

/** A store on which a callback runs after a number of appends. */
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
