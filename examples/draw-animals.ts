// %% [markdown]
// # Pictures for the image classifier
//
// Draws faces of cats and dogs, which differ in place, size, tilt, colour, background and noise, as
// files cat.0.png, dog.0.png and so on. The same seed draws the same pictures.
//
//     npm run example -- draw-animals FOLDER --count 500 --seed 1

// %%
import { readArguments } from './src/arguments.ts'
import { drawAnimals } from './src/draw-animals.ts'
import { outputPath, shownPath } from './src/output.ts'

const { short, operands, numbers } = readArguments({
  operands: '[FOLDER]',
  numbers: { count: 120, seed: 0 },
})
const folder = operands[0] ?? (await outputPath('animals'))
const count = short ? 5 : numbers.count

await drawAnimals(folder, { count, seed: numbers.seed })
console.log(`${count} cats and ${count} dogs lie in ${shownPath(folder)}`)
