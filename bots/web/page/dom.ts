type Child = Node | string | null
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Makes an element. Strings become text, never markup; an attribute that is false, null or undefined is left out. */
export const el = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? '' : String(value))
  element.append(...children.filter((child) => child !== null))
  return element
}

/** An element of the page's own HTML. */
export const part = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`the page has no #${id}`)
}

const SVG = 'http://www.w3.org/2000/svg'

const ICONS = {
  chat: 'M12 4.5c-4.7 0-8.5 3.2-8.5 7.2 0 2.2 1.1 4.1 2.9 5.4l-.6 3.2 3.3-1.6c.9.2 1.9.3 2.9.3 4.7 0 8.5-3.2 8.5-7.3s-3.8-7.2-8.5-7.2Z',
  send: 'M12 19V5M5.5 11.5 12 5l6.5 6.5',
  down: 'M12 5v14M5.5 12.5 12 19l6.5-6.5',
  copy: 'M9 9V5.5A1.5 1.5 0 0 1 10.5 4h8A1.5 1.5 0 0 1 20 5.5v8a1.5 1.5 0 0 1-1.5 1.5H15M5.5 9h8a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 18.5v-8A1.5 1.5 0 0 1 5.5 9Z',
  done: 'm5 12.5 4.5 4.5L19 7.5',
  wait: 'M12 7v5l3 2M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z',
  alert: 'M12 7.5v5.5M12 16.5v.01M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z',
  out: 'M9 6h9v9M18 6 6 18',
  close: 'm6 6 12 12M18 6 6 18',
} as const

/** A drawing beside words that say the same, so screen readers pass it over. */
export const icon = (name: keyof typeof ICONS): SVGSVGElement => {
  const svg = document.createElementNS(SVG, 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

export const prefersCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
