import { storeContract } from '../../test/store/contract';
import { embedded } from '../../test/store/embedded';

storeContract('the embedded store', embedded);
