import type { RandomState } from '@gradtape/core'

export type Animal = 'cat' | 'dog'

interface Coat {
  readonly fur: string
  readonly dark: string
  readonly light: string
}

const hsl = (hue: number, saturation: number, lightness: number): string =>
  `hsl(${hue.toFixed(1)}, ${saturation.toFixed(1)}%, ${lightness.toFixed(1)}%)`

/**
 * The face of a cat or a dog as SVG, 100 × 100 units. Place, size, tilt, coat and background are
 * drawn from `random`, and from the same ranges for both animals, so that only the shapes tell
 * them apart: ears, eyes, muzzle, whiskers.
 */
export function animalFace(animal: Animal, random: RandomState): string {
  const between = (low: number, high: number): number => random.uniform(low, high).item()
  const background = hsl(between(0, 360), between(15, 45), between(45, 88))
  // From grey through brown to ginger.
  const [hue, saturation, lightness] = [between(18, 38), between(5, 70), between(30, 68)]
  const coat: Coat = {
    fur: hsl(hue, saturation, lightness),
    dark: hsl(hue, saturation, lightness - 16),
    light: hsl(hue, saturation * 0.6, lightness + 20),
  }
  const place = `translate(${between(41, 59).toFixed(2)} ${between(43, 59).toFixed(2)})`
  const tilt = `rotate(${between(-15, 15).toFixed(2)})`
  const size = `scale(${between(0.7, 1.05).toFixed(3)})`
  const face = animal === 'cat' ? cat(coat, between) : dog(coat, between)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect width="100" height="100" fill="${background}"/>
<g transform="${place} ${tilt} ${size}">${face}</g>
</svg>`
}

type Between = (low: number, high: number) => number

/** What is drawn on the right is drawn on the left, too. */
const pair = (shape: string): string => `${shape}<g transform="scale(-1 1)">${shape}</g>`

function cat({ fur, dark, light }: Coat, between: Between): string {
  const tip = between(38, 46).toFixed(1)
  const iris = hsl(between(55, 130), 65, 50)
  const whiskers = [-4, 1, 6]
    .map((y) => `<path d="M9 ${13 + y * 0.4} L37 ${8 + y * 1.8}"/>`)
    .join('')
  return `
${pair(`<path d="M4 -24 L25 -${tip} L30 -8 Z" fill="${fur}" stroke="${fur}" stroke-width="3" stroke-linejoin="round"/>
<path d="M13 -24 L24 -${Number(tip) - 7} L28 -13 Z" fill="hsl(350, 50%, 78%)"/>`)}
<ellipse rx="33" ry="28" cy="2" fill="${fur}"/>
<g stroke="${dark}" stroke-width="2.6" stroke-linecap="round"><path d="M0 -25 V-15"/>${pair('<path d="M6 -24 L5 -16"/>')}</g>
${pair(`<ellipse cx="14" cy="-3" rx="7.5" ry="6" fill="${iris}"/><ellipse cx="14" cy="-3" rx="1.9" ry="5.4" fill="#151515"/>`)}
${pair(`<ellipse cx="6" cy="14" rx="8" ry="6" fill="${light}"/>`)}
<path d="M-4 7 H4 L0 12 Z" fill="hsl(350, 60%, 65%)" stroke="hsl(350, 60%, 65%)" stroke-linejoin="round"/>
<path d="M0 12 V15 M0 15 Q-5 20 -9 16 M0 15 Q5 20 9 16" fill="none" stroke="#333" stroke-width="1.3" stroke-linecap="round"/>
<g stroke="#fafafa" stroke-width="1.1" stroke-linecap="round">${pair(whiskers)}</g>`
}

function dog({ fur, dark, light }: Coat, between: Between): string {
  const drop = between(20, 30).toFixed(1)
  const tongue = between(28, 36).toFixed(1)
  return `
<ellipse rx="27" ry="31" fill="${fur}"/>
<path d="M-5 -30 Q0 -10 -7 8 H7 Q0 -10 5 -30 Z" fill="${light}"/>
${pair(`<path d="M13 -27 C30 -34 44 -18 41 ${drop} C39 ${Number(drop) + 9} 29 ${drop} 27 8 C26 -6 20 -16 13 -27 Z" fill="${dark}"/>`)}
${pair('<circle cx="11" cy="-7" r="4.6" fill="#1c1410"/><circle cx="12.4" cy="-8.6" r="1.4" fill="#fff"/>')}
<path d="M-5 20 V${tongue} Q0 ${Number(tongue) + 6} 5 ${tongue} V20 Z" fill="hsl(352, 70%, 66%)"/>
<ellipse cy="14" rx="16" ry="12" fill="${light}"/>
<path d="M-8 6 Q0 2 8 6 Q7 14 0 15 Q-7 14 -8 6 Z" fill="#151515"/>
<path d="M0 14 V19 M0 19 Q-6 25 -12 20 M0 19 Q6 25 12 20" fill="none" stroke="#333" stroke-width="1.4" stroke-linecap="round"/>`
}
