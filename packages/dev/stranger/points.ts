// The part of the data package that runs anywhere: nothing in it may ask for Node.
import { makeMoons, parseCsv } from '@gradtape/data'

export function shapes(): number[][] {
  const [x, y] = makeMoons({ nSamples: 4, randomState: 0 })
  return [x, y, parseCsv('1,2\n3,4\n5,6\n')].map(({ shape }) => [...shape])
}
