/** One statement of a batch, its values made: memory may go on before it is written. */
export type Errand = () => Promise<unknown>;
