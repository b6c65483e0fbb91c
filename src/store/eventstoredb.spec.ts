import { storeContract } from '../../test/store/contract';
import { onServer } from '../../test/store/eventstoredb';

storeContract('the store on EventStoreDB', () => onServer(process.env.EVENTSTORE_URL ?? ''));
