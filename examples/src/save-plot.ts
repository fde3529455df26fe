import { writeFile } from 'node:fs/promises'
import { plot, text, type PlotOptions } from '@observablehq/plot'
import { JSDOM } from 'jsdom'

const MARGIN_FOR_TITLE = 44

/** Writes a plot with a title above it as an SVG file. */
export async function savePlot(
  path: string,
  { title, marks = [], ...options }: PlotOptions & { title: string },
): Promise<void> {
  const { window } = new JSDOM()
  const { document } = window
  const top = (options.marginTop ?? 20) + MARGIN_FOR_TITLE
  const heading = text([title], {
    facet: 'super',
    frameAnchor: 'top-left',
    // A title of Plot's own would make a web page of the picture.
    dx: -(options.marginLeft ?? 40) + 16,
    dy: -top + 16,
    fontSize: 17,
    fontWeight: 'bold',
  })
  const svg = plot({
    ...options,
    document,
    marginTop: top,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
    marks: [...marks, heading],
  })
  // Paper, for viewers with a dark background.
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: 'white' })) {
    paper.setAttribute(name, value)
  }
  svg.insertBefore(paper, svg.querySelector('g'))
  await writeFile(path, `${new window.XMLSerializer().serializeToString(svg)}\n`)
}
