import { storeContract } from '../../../test/store/contract';
import { onEventStoreDb, onEventStoreDbTarget } from '../../../test/store/eventstoredb';
import { targetContract } from '../../../test/store/received';

storeContract('the store on EventStoreDB', onEventStoreDb);
targetContract('the store on EventStoreDB', onEventStoreDbTarget);
