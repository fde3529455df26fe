import { writeFile } from 'node:fs/promises'
import { plot, type PlotOptions } from '@observablehq/plot'
import { JSDOM } from 'jsdom'

/** The room that a title takes above a plot. */
const TITLE = 44

/** Writes a plot with a title above it as an SVG file. */
export async function savePlot(
  path: string,
  { title, marginTop = 20, ...options }: PlotOptions & { title: string },
): Promise<void> {
  const { window } = new JSDOM()
  const { document } = window
  const svg = plot({
    ...options,
    document,
    marginTop: marginTop + TITLE,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
  })
  const element = (name: string, attributes: Record<string, string>) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    return made
  }
  // A title of Plot's own would make a web page of the picture, and not an SVG file.
  const heading = element('text', {
    x: '16',
    y: '28',
    'text-anchor': 'start',
    style: 'font-size: 17px; font-weight: bold',
  })
  heading.textContent = title
  // Paper, for viewers with a dark background.
  const paper = element('rect', { width: '100%', height: '100%', fill: 'white' })
  svg.querySelector('style')!.after(paper, heading)
  await writeFile(path, `${new window.XMLSerializer().serializeToString(svg)}\n`)
}
