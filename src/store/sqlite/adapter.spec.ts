import { storeContract } from '../../../test/store/contract';
import { embedded, embeddedTarget } from '../../../test/store/embedded';
import { targetContract } from '../../../test/store/received';

/** Every reading of the log goes through a thread from its first event on. */
const AHEAD = { aheadFrom: 0 };

storeContract('the embedded store', () => embedded());
targetContract('the embedded store', () => embeddedTarget());
storeContract('the embedded store that is read ahead', () => embedded(AHEAD));
targetContract('the embedded store that is read ahead', () => embeddedTarget(AHEAD));
