import { projection } from '../../src/tables/projection';
import { tables } from './tables';

/** What is seen and read in bytes: their own facts, and their renditions for channels. */
export const pictures = projection({
  name: 'pictures',
  version: 1,
  tables,
  on: {
    ContentAnalysed: ({ data, position }, rows) => {
      const { digest, analyser, analyserVersion, ...said } = data;
      rows.facts.put({ digest, analyser, analyserVersion, said, changed: position });
    },
    RenditionPrepared: ({ data, position }, rows) => {
      const { digest, profile, profileVersion, library, rendition } = data;
      const { renditionBytes, renditionType, renditionWidth, renditionHeight } = data;
      rows.rendition.put({
        ...{ digest, profile, profileVersion, library, rendition, failure: null, changed: position },
        ...{ bytes: renditionBytes, mediaType: renditionType, width: renditionWidth, height: renditionHeight },
      });
    },
    RenditionFailed: ({ data, position }, rows) => {
      const { digest, profile, profileVersion, library, failure } = data;
      const none = { rendition: null, bytes: null, mediaType: null, width: null, height: null };
      rows.rendition.put({ digest, profile, profileVersion, library, failure, ...none, changed: position });
    },
  },
});
