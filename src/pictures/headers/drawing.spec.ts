import { gzipSync } from 'node:zlib';
import { svg } from '../../../test/pictures/drawn';
import { dimensionsOf } from './dimensions';

const SIZE = 'width="48" height="32"';
const NS = 'http://www.w3.org/2000/svg';
const text = (content: string) => Buffer.from(content);
const utf16 = (content: string, mark = '\ufeff') => Buffer.from(mark + content, 'utf16le');
const licence = `<!--\n${'  A line of the licence that every drawing of this set carries.\n'.repeat(60)}-->\n`;

describe('a drawing is as large as its root element says', () => {
  it.each([
    ['a comment that holds another root', svg(SIZE, '<!-- <svg width="1" height="1"> -->')],
    ['a long licence', svg(SIZE, licence)],
    ['an instruction that holds another root', svg(SIZE, '<?note <svg width="1"> ?>')],
    ['a document type with entities', svg(SIZE, `<!DOCTYPE svg [${'<!ENTITY ns_x "http://x/">'.repeat(80)}]>`)],
    ['a document type with a root in a comment', svg(SIZE, '<!DOCTYPE svg [<!-- ]> <svg width="1"> -->]>')],
    [
      'entities as its values',
      text(`<!DOCTYPE svg [<!ENTITY n "${NS}"><!ENTITY w "4&#56;">]><svg xmlns="&n;" width="&w;" height="32"/>`),
    ],
    [
      'entities in entities',
      text(`<!DOCTYPE svg [<!ENTITY a "48"><!ENTITY b '&a;px'>]><svg xmlns='${NS}' width='&b;' height='32'/>`),
    ],
    [
      'attributes by default',
      text(`<!DOCTYPE svg [<!ATTLIST svg xmlns CDATA #FIXED "${NS}" width CDATA "48">]><svg height="32"/>`),
    ],
    ['a prefix', text(`<s:svg xmlns:s="${NS}" width="48" height="32"><s:g/></s:svg>`)],
    ['spaces around the signs', svg('width = "48"\n\theight\n= \'32\'')],
    ['attributes of other namespaces', svg(`xmlns:x="http://x/" x:width="1" ${SIZE} x:height="1"`)],
    ['a view box with commas', svg('viewBox="0,0,48,32"')],
    ['a view box with commas and spaces', svg('viewBox=" 0 ,0, 48\n,\t32 "')],
    ['a view box with two spaces', svg('viewBox="0  0  48  32"')],
    ['a view box with exponents and signs', svg('viewBox="-1e1 +.5 4.8e1 320E-1"')],
    ['a view box and sides of 100 %', svg('width="100%" height="100%" viewBox="0 0 48 32"')],
    ['one side and a view box', svg('width="48" viewBox="0 0 24 16"')],
    ['the other side and a view box', svg('height="32px" width="auto" viewBox="0 0 24 16"')],
    ['points', svg('width="36pt" height="24pt"')],
    ['picas and inches', svg('width="3pc" height=".33333333in"')],
    ['millimetres and centimetres', svg('width="12.7mm" height="0.846666cm"')],
    ['a style', svg('style="fill:none; width: 48px; HEIGHT:32px" viewBox="0 0 24 16"')],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from('efbbbf', 'hex'), svg(SIZE)])],
    ['UTF-16 with a mark', utf16(`<?xml version="1.0" encoding="UTF-16"?>${svg(SIZE)}`)],
    ['UTF-16 without one', utf16(`<?xml version="1.0" encoding="UTF-16"?>${svg(SIZE)}`, '')],
    ['UTF-16 the other way round', utf16(svg(SIZE).toString()).swap16()],
    ['Latin-1', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- caf\xe9 -->${svg(SIZE)}`, 'latin1')],
    [
      'Shift JIS',
      Buffer.concat([
        text('<?xml version="1.0" encoding="Shift_JIS"?><!--'),
        Buffer.from('8a47', 'hex'),
        text(`-->${svg(SIZE)}`),
      ]),
    ],
    ['gzip', gzipSync(svg(SIZE))],
    ['gzip and a long licence', gzipSync(svg(SIZE, licence.repeat(40)))],
    ['an end that is cut off', svg(SIZE).subarray(0, 80)],
  ])('with %s', (_what, bytes) => expect(dimensionsOf(bytes)).toEqual({ width: 48, height: 32 }));

  it.each([
    ['nothing', svg('')],
    ['lengths that depend on a font', svg('width="1em" height="1em" viewBox="0 0 48 32"')],
    ['lengths that depend on a window', svg('width="50%" height="50%" viewBox="0 0 48 32"')],
    ['a side of 100 % that does not fit the other', svg('width="100%" height="64" viewBox="0 0 48 32"')],
    ['a unit after a space', svg('width="48 px" height="32"')],
    ['sides of no length', svg('width="0" height="-32"')],
    ['a style that says otherwise', svg(`style="width:10px" ${SIZE}`)],
    ['a style that limits it', svg(`style="max-width:10px" ${SIZE}`)],
    ['a view box of five numbers', svg('viewBox="0 0 48 32 1"')],
    ['a view box with two commas', svg('viewBox="0,,0 48 32"')],
    ['a view box with spaces that are none to XML', svg('viewBox="0\u00a00\u00a048\u00a032"')],
    ['a length with such a space', svg('width="48\u00a0" height="32"')],
    ['a view box that is stretched', svg('viewBox="0 0 48 32" preserveAspectRatio="none"')],
    ['one side and a view box that is stretched', svg('width="96" viewBox="0 0 48 32" preserveAspectRatio=" none "')],
    ['a view box of no area', svg('viewBox="0 0 48 0"')],
    ['an attribute twice', svg(`${SIZE} width="10"`)],
    ['an entity nobody declared', svg('width="&w;" height="32"')],
    [
      'entities that multiply',
      text(
        `<!DOCTYPE svg [<!ENTITY a "${'4'.repeat(100)}">${[...'bcdefghij'].map((name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(100)}">`).join('')}]><svg xmlns="${NS}" width="&j;" height="32"/>`,
      ),
    ],
    [
      'entities that go round',
      text(`<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]><svg xmlns="${NS}" width="&a;" height="32"/>`),
    ],
    ['another namespace', text('<svg xmlns="http://example.org/" width="48" height="32"/>')],
    ['another root', text(`<html><svg xmlns="${NS}" width="48" height="32"/></html>`)],
    ['bytes that are not of its encoding', Buffer.from(`<!-- caf\xe9 -->${svg(SIZE)}`, 'latin1')],
    ['an encoding nobody knows', text(`<?xml version="1.0" encoding="x-mine"?>${svg(SIZE)}`)],
    ['an encoding it does not have', text(`<?xml version="1.0" encoding="UTF-16"?>${svg(SIZE)}`)],
    ['no end of its start tag', text(`<svg xmlns="${NS}" width="48" height="32"`)],
    ['gzip that is damaged', gzipSync(svg(SIZE)).fill(7, 10)],
  ])('and has no size with %s', (_what, bytes) => expect(dimensionsOf(bytes)).toBeUndefined());
});
