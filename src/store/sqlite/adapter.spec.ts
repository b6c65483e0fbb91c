import { storeContract } from '../../../test/store/contract';
import { embedded, embeddedTarget } from '../../../test/store/embedded';
import { targetContract } from '../../../test/store/received';

storeContract('the embedded store', () => embedded());
targetContract('the embedded store', () => embeddedTarget());
