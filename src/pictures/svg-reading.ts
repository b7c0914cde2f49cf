/** An element of an SVG of ours. Values are as they are written: escapes are in labels alone. */
export interface SvgElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly SvgElement[]
}

const TAG = /<(\/?)([\w-]+)((?: [\w:-]+="[^"]*")*)(\/?)>/gy
const ATTRIBUTE = / ([\w:-]+)="([^"]*)"/g

/** Reads what `svg.ts` wrote: elements without text between them. Throws for anything else. */
export const readSvg = (svg: string): SvgElement => {
  const top: SvgElement[] = []
  const open: { readonly name: string; readonly children: SvgElement[] }[] = []
  TAG.lastIndex = 0
  while (TAG.lastIndex < svg.length) {
    const at = TAG.lastIndex
    const [, isEnd, name = '', written = '', isWhole] = TAG.exec(svg) ?? []
    if (name === '') throw new Error(`this is no SVG of ours: ${svg.slice(at, at + 40)}`)
    if (isEnd === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends nothing`)
      continue
    }
    const attributes = new Map([...written.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value]))
    const children: SvgElement[] = []
    ;(open.at(-1)?.children ?? top).push({ name, attributes, children })
    if (isWhole !== '/') open.push({ name, children })
  }
  const [root] = top
  if (root === undefined || top.length > 1 || open.length > 0) throw new Error('an SVG is one element')
  return root
}
