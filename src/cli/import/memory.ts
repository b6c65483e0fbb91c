import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The heap may grow by this share beyond what was alive after a collection before it is collected again. Percent. */
const HEAP_GROWTH = 30;
/**
 * Room for young objects, both halves together, beyond which it grows no further. Programs are started with room for 192
 * MB, which an import that lasts would fill: its objects are small and die soon, so it is no faster with more. Bytes.
 */
const YOUNG = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 10;

/**
 * Keeps the memory of this process low for as long as it lives, at the cost of more collections. V8 takes the most that
 * young objects may have at its start only, so the growth is ended when they have enough.
 */
export function spareMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const looking = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young === undefined || young.space_size < YOUNG) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(looking);
  }, LOOK_EVERY_MS);
  looking.unref();
}
