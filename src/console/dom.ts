type Child = Node | string | false | null | undefined;
type Handler = (event: Event) => void;
type Properties = Readonly<Record<string, string | number | boolean | Handler | undefined>>;

/**
 * An element with attributes, listeners (`onclick`) and children. Text is always text: nothing that a person or a tool
 * has written ever becomes markup, and there is no other way to create an element on this page.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Replaces the children of an element. */
export function fill(element: Element, ...children: readonly (Child | readonly Child[])[]): void {
  const all = children
    .flat()
    .filter((child): child is Node | string => typeof child === 'string' || child instanceof Node);
  element.replaceChildren(...all);
}

/** Text for screen readers only. */
export const hidden = (text: string): HTMLElement => h('span', { class: 'hidden' }, text);
